using System.Globalization;
using System.Text;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Supervisor;

/// <summary>What posternd tells the outside: log lines, readiness, and the table of programs for <c>postern status</c>.</summary>
internal static class Announce
{
    /// <summary>Logs something ordinary; the pairs are our own words.</summary>
    internal static void Info(string happened, string pairs) => Line("info", happened, pairs);

    /// <summary>Logs something to look at.</summary>
    internal static void Warning(string happened, string pairs) => Line("warning", happened, pairs);

    /// <summary>Logs something that must be looked at.</summary>
    internal static void Error(string happened, string pairs) => Line("error", happened, pairs);

    /// <summary>Says that every program serves: on standard output, and to systemd where it asked (sd_notify(3)).</summary>
    internal static void Ready()
    {
        Console.Out.WriteLine("postern: ready");
        Console.Out.Flush();
        var path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (path is { Length: > 0 and <= UnixName.MaxLength } && path[0] == '/')
        {
            _ = Socket.Tell(UnixName.ToKernel(path), "READY=1"u8);
        }
    }

    /// <summary>Writes the table of programs where <c>postern status</c> reads it.</summary>
    internal static void Table(string state, IEnumerable<RunningProgram> programs)
    {
        try
        {
            File.WriteAllLines(
                Path.Join(state, "run", "programs"),
                programs.Select(program => $"{program.Entry.ShortName} {program.Pid} {program.State} {program.Starts} {program.User} {program.Walls}")
                    .Prepend($"posternd {Environment.ProcessId} Ready 1 {OwnProcess.User} 0"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, or something in the way, spoils the table, and nothing else.
            Warning("table-not-written", $"error=\"{failure.Message}\"");
        }
    }

    private static void Line(string level, string happened, string pairs)
    {
        var moment = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _ = StandardError.TryWrite(Encoding.UTF8.GetBytes($"{moment} {level} posternd {happened} {pairs}\n"));
    }
}
