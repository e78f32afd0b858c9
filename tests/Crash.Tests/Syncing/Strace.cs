using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.Crash.Syncing;

/// <summary>strace attached to programs of a server: sees their system calls, or makes them fail.</summary>
internal sealed class Strace : IDisposable
{
    /// <summary>The calls that make durable, and those that write into files and sockets.</summary>
    internal const string SyncsAndWrites = "fdatasync,fsync,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg";

    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _program;

    /// <summary>Attaches; skips the test where that is not allowed.</summary>
    /// <param name="pids">The processes; their threads are followed.</param>
    /// <param name="options">What to trace or inject.</param>
    internal Strace(IEnumerable<int> pids, params string[] options)
    {
        var strace = Requirement.Peer("strace");
        _program = new RunningProgram(
        [
            strace, "-f", "-s", "16384", "-o", _scratch["trace"], .. options,
            .. pids.SelectMany(pid => new[] { "-p", pid.ToString(CultureInfo.InvariantCulture) }),
        ]);
        var wanted = pids.Count();
        Patience.Until(() => _program.HasEnded || _program.Errors.Count(line => line.Contains(" attached", StringComparison.Ordinal)) >= wanted,
            () => _program.Said);
        if (_program.HasEnded)
        {
            var said = _program.Said;
            Dispose();
            // Programs that do not let themselves be traced are root's to trace alone.
            Requirement.MissingPeer($"strace can't attach to other processes here: {said}");
        }
    }

    /// <summary>The calls so far, in the order in which the kernel reported them.</summary>
    internal IReadOnlyList<string> Lines => File.Exists(_scratch["trace"]) ? File.ReadAllLines(_scratch["trace"]) : [];

    /// <summary>Lets go of the processes and returns all that was seen.</summary>
    internal IReadOnlyList<string> Detach()
    {
        LetGo();
        return Lines;
    }

    public void Dispose()
    {
        LetGo();
        _program.Dispose();
        _scratch.Dispose();
    }

    // Told first, so that no call is left half done. But while posternd waits in vfork(2) for a child that strace has stopped,
    // each of the three waits for the next: then strace is killed, and the kernel lets the others go.
    private void LetGo()
    {
        if (!_program.HasEnded)
        {
            _program.Signal("INT");
            if (!_program.EndsWithin(TimeSpan.FromSeconds(3)))
            {
                _program.Signal("KILL");
                _program.AwaitEnd();
            }
        }
    }
}
