using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>An ext4 file system on a loop device, on which a server keeps its queue and its mailboxes.</summary>
/// <param name="mounts">Where it is mounted.</param>
/// <param name="device">The path inside of the file that is the disk.</param>
/// <param name="name">A name for the folder.</param>
internal sealed class MountedDisk(OwnMounts mounts, string device, string name) : IDisposable
{
    // Every start begins a segment of 64 MiB: room for several starts. What is never written takes none.
    private const int Megabytes = 1024;

    // Two blocks: a message of the load has at most 5.3.
    private const int KilobytesPerMessage = 8;

    // _IOR('X', 125, __u32) of the kernel's ext4: from now on nothing reaches the disk any more.
    private const string Shutdown = "open my $f, '<', shift or die $!; ioctl($f, 0x8004587D, pack('L', shift)) or die $!";

    private bool _mounted;

    /// <summary>Where it is mounted, by the name that it has inside.</summary>
    internal string Folder { get; } = Path.Join(mounts.Folder, name);

    /// <summary>A server on it.</summary>
    internal ServerPlace Place => new(Folder, mounts.Inside, mounts.Seen);

    /// <summary>Makes an image with an empty file system that nobody's programs can write to; returns its path inside.</summary>
    /// <param name="mounts">Where it is.</param>
    /// <param name="name">A name for the file.</param>
    /// <param name="messages">How many messages can arrive on it besides a few hundred.</param>
    internal static string Format(OwnMounts mounts, string name, int messages = 0)
    {
        var image = Path.Join(mounts.Folder, name);
        mounts.Run("truncate", "-s", Text(Megabytes + (messages * KilobytesPerMessage / 1024)) + "M", image).MustSucceed();
        var owner = $"root_owner={Unprivileged.Id}:{Unprivileged.Id}";
        mounts.Run(
            Requirement.Peer("mkfs.ext4"), "-q", "-m", "0", "-N", Text(1024 + messages), "-J", "size=4", "-E", $"lazy_itable_init=0,lazy_journal_init=0,{owner}", image).MustSucceed();
        return image;
    }

    /// <summary>Mounts it; what a power cut left half done is put right by the kernel.</summary>
    internal MountedDisk Mount()
    {
        Directory.CreateDirectory(mounts.Seen(Folder));
        // The kernel is not to write of its own accord what nobody asked it to sync.
        mounts.Run("mount", "-o", "loop,commit=300", device, Folder).MustSucceed();
        _mounted = true;
        return this;
    }

    /// <summary>Cuts it off in the middle of whatever is going on.</summary>
    /// <param name="logFlush">Whether the journal gets as far as it was committed in memory, or only as far as it was synced.</param>
    internal void CutPower(bool logFlush)
    {
        var flag = (logFlush ? 1 : 2).ToString(CultureInfo.InvariantCulture);
        mounts.Run(Requirement.Peer("perl"), "-e", Shutdown, Folder, flag).MustSucceed();
    }

    /// <summary>Unmounts it as soon as the last program on it, which was killed, is gone.</summary>
    internal void Unmount()
    {
        Patience.Until(() => mounts.Run("umount", Folder).Code == 0, () => $"{Folder} stays busy");
        _mounted = false;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (_mounted)
        {
            // Lazily: after a failure something may still run there.
            _ = mounts.Run("umount", "--lazy", Folder);
        }
    }
}
