using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>The program of <c>eng/disk</c>: a file under which every read, write and flush comes through it.</summary>
internal sealed class TestDisk : IDisposable
{
    private static readonly Lazy<string> _program = new(Compile);

    private readonly OwnMounts _mounts;
    private readonly RunningProgram _running;

    /// <summary>Puts an image under a file of its own.</summary>
    /// <param name="mounts">Where both are.</param>
    /// <param name="image">The image's path inside.</param>
    /// <param name="options">What is asked of the disk, as its source describes it.</param>
    internal TestDisk(OwnMounts mounts, string image, params IReadOnlyList<string> options)
    {
        _mounts = mounts;
        Device = image + ".disk";
        File.WriteAllBytes(mounts.Seen(Device), []);
        _running = new RunningProgram(mounts.Inside([_program.Value, .. options, image, Device]));
        _running.AwaitLine(line => line == "ready", "ready");
    }

    /// <summary>The path inside of the file that is the disk.</summary>
    internal string Device { get; }

    public void Dispose()
    {
        // After a failure a lost file system may still lie on it; then it goes when that goes.
        if (_mounts.Run("umount", Device).Code == 0)
        {
            _running.AwaitEnd();
        }

        _running.Dispose();
    }

    private static string Compile()
    {
        var folder = new Scratch(belongsToNobody: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        Tool.Run(Requirement.Peer("gcc"), ["-O2", "-pthread", "-o", folder["test-disk"], Path.Join(AppContext.BaseDirectory, "test-disk.c")]).MustSucceed();
        return folder["test-disk"];
    }
}
