using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>A mount namespace: what is mounted in it is seen by nobody else, and gone with the last process in it.</summary>
internal sealed class OwnMounts : IDisposable
{
    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly RunningProgram _holder;

    /// <summary>Makes one with a file system in memory; skips the test where that can't be.</summary>
    internal OwnMounts()
    {
        Requirement.Root("it mounts disks of its own");
        foreach (var device in new[] { "/dev/loop-control", "/dev/fuse" }.Where(device => !File.Exists(device)))
        {
            Requirement.MissingPeer($"there is no {device}");
        }

        Directory.CreateDirectory(Folder);
        _holder = new RunningProgram([Requirement.Peer("unshare"), "--mount", "--", "/bin/sh", "-c", "echo entered; exec sleep infinity"]);
        try
        {
            _holder.AwaitLine(line => line == "entered", "entered");
            Run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", Folder).MustSucceed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A folder in memory, by the name that it has inside.</summary>
    internal string Folder => _scratch["ram"];

    /// <summary>The command line that runs another one inside.</summary>
    internal IReadOnlyList<string> Inside(IReadOnlyList<string> command) =>
        ["nsenter", "--mount", $"--target={_holder.Pid}", "--", .. command];

    /// <summary>Runs a program inside, as root, to its end.</summary>
    internal ToolResult Run(params string[] command)
    {
        var whole = Inside(command);
        return Tool.Run(whole[0], whole.Skip(1));
    }

    /// <summary>The path by which something inside is seen from outside.</summary>
    internal string Seen(string path) => $"/proc/{_holder.Pid}/root{path}";

    public void Dispose()
    {
        _holder.Dispose();
        _scratch.Dispose();
    }
}
