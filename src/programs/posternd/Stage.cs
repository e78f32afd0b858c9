using System.Globalization;
using Postern.Posix;
using Postern.Posix.Confining;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>What the stage between posternd and a program is to do.</summary>
/// <param name="Path">The program.</param>
/// <param name="User">Whom it runs as; null keeps the user.</param>
/// <param name="OpenFiles">Its limit of descriptors.</param>
/// <param name="KeptDescriptors">How many of the first descriptors it keeps.</param>
/// <param name="Home">Its HOME.</param>
/// <param name="Arguments">Its arguments after the name.</param>
internal sealed record StageOrder(
    string Path, SystemUser? User, ulong OpenFiles, int KeptDescriptors, string Home, IReadOnlyList<string> Arguments)
{
    /// <summary>A home that nobody can write to.</summary>
    internal const string NoHome = "/var/empty";
}

/// <summary>The step between posternd and a program: closes, limits, changes the user, executes. No code of the program runs as root.</summary>
internal static class Stage
{
    /// <summary>The first argument that makes posternd act as this stage.</summary>
    internal const string Argument = "--stage";

    // Exit codes of a stage that could not do its work; the log line of the supervisor shows them.
    private const int NoPermission = 77;
    private const int NoProgram = 69;

    /// <summary>The arguments with which posternd starts itself as a stage.</summary>
    internal static string[] ArgumentsFor(StageOrder order) =>
    [
        "posternd",
        Argument,
        order.Path,
        order.User?.Uid.ToString(CultureInfo.InvariantCulture) ?? "-",
        order.User?.Gid.ToString(CultureInfo.InvariantCulture) ?? "-",
        order.OpenFiles.ToString(CultureInfo.InvariantCulture),
        order.KeptDescriptors.ToString(CultureInfo.InvariantCulture),
        Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        order.Home,
        .. order.Arguments,
    ];

    /// <summary>Does the work; returns only when it failed.</summary>
    internal static int Run(string[] arguments)
    {
        if (arguments is not [var path, var uid, var gid, var openFiles, var kept, var parent, var home, .. var rest])
        {
            return NoProgram;
        }

        _ = OwnProcess.LiftLimit(OwnProcess.LimitOpenFiles, Number(openFiles));
        Directory.SetCurrentDirectory("/");
        if (OwnProcess.CloseFrom((int)Number(kept)).Failed)
        {
            return NoPermission;
        }

        // A terminal's Ctrl-C goes to all of its process group: for the programs it must not come before posternd's orderly stop.
        _ = OwnProcess.LeaveSession();

        Capabilities.DropBounding();

        // A failed change of user must never leave a program running as root (CVE-2011-0017 was that).
        if (uid != "-" && (OwnProcess.BecomeUser((uint)Number(uid), (uint)Number(gid)).Failed || OwnProcess.User != Number(uid)))
        {
            return NoPermission;
        }

        // Asked after the change of user, which clears it; and if posternd died meanwhile, nobody would ever tell us.
        _ = OwnProcess.DieWithParent();
        if (OwnProcess.Parent != (int)Number(parent))
        {
            return NoProgram;
        }

        var failed = ProcessStart.Become(path, [Path.GetFileName(path), .. rest], EnvironmentFor(home));
        var hint = failed.Error == Errno.AccessDenied ? " hint=\"the programs must lie where every user can reach them\"" : string.Empty;
        Announce.Error("not-executed", $"path={path} uid={OwnProcess.User} error=\"{failed}\"{hint}");
        return NoProgram;
    }

    // A fixed list, nothing inherited. The first generation of the collector is kept at a MiB (hexadecimal, as the runtime
    // reads it): it is filled before it is cleared, so all of it is memory of a busy program, and a message takes a KiB or two of it.
    // No diagnostics socket is opened.
    private static string[] EnvironmentFor(string home) =>
    [
        $"HOME={home}",
        "DOTNET_GCgen0size=100000",
        "DOTNET_EnableDiagnostics=0",
    ];

    private static ulong Number(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
