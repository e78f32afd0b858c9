using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.Crash.Room;

/// <summary>A small ext4 file system in a file, mounted for one program at a time in a mount namespace of its own: nothing stays behind.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Block = 1024;

    private readonly Scratch _scratch = new(belongsToNobody: false);

    /// <summary>Makes it; skips the test without root.</summary>
    /// <param name="megabytes">How large it is; the log leaves 16 of them to others.</param>
    internal SmallDisk(int megabytes)
    {
        Requirement.Root("it mounts a small disk");
        Directory.CreateDirectory(Folder);
        Tool.Run("truncate", ["-s", $"{megabytes}M", Image]).MustSucceed();
        Tool.Run(Requirement.Peer("mkfs.ext4"), ["-q", "-m", "0", "-b", $"{Block}", Image]).MustSucceed();
        string[] trial = Front("/bin/true");
        if (Tool.Run(trial[0], trial.Skip(1)) is { Code: not 0 } failed)
        {
            _scratch.Dispose();
            Requirement.MissingPeer($"a file can't be mounted here: {failed.Error}");
        }
    }

    /// <summary>Where it is mounted.</summary>
    internal string Folder => _scratch["disk"];

    /// <summary>The queue's folder on it.</summary>
    internal string Queue => Path.Join(Folder, "queue");

    private string Image => _scratch["image"];

    /// <summary>A file outside of it.</summary>
    internal string this[string name] => _scratch[name];

    /// <summary>What stands before a program on its command line, so that it sees the disk.</summary>
    internal string[] Front(params string[] more) =>
        ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", "mount -o loop,errors=remount-ro \"$0\" \"$1\" && mkdir -p -m 700 \"$1/queue\" && shift && exec \"$@\"", Image, Folder, .. more];

    /// <summary>Fills it, while the program runs, until so many bytes are free.</summary>
    internal void Fill(int pid, int leave)
    {
        var free = Free(pid);
        using var filler = File.Create(Path.Join(Seen(pid), "filler"));
        Tool.Run("fallocate", ["-l", Text(free - leave), Path.Join(Seen(pid), "filler")]);
        // Its own table of blocks takes some, too: what is left is taken bit by bit.
        for (var at = filler.Length; (free = Free(pid)) > leave; at += Block)
        {
            filler.Position = at;
            filler.WriteByte(1);
            filler.Flush();
        }

        Assert.InRange(free, 0, leave);
    }

    /// <summary>Gives the space back.</summary>
    internal void Empty(int pid) => File.Delete(Path.Join(Seen(pid), "filler"));

    /// <summary>Whether a file of the queue is there.</summary>
    internal bool Has(int pid, string name) => File.Exists(Path.Join(Seen(pid), "queue", name));

    /// <summary>Whether a program that was started with <see cref="Front"/> sees the disk by now.</summary>
    internal bool IsMounted(int pid) => Directory.Exists(Path.Join(Seen(pid), "queue"));

    /// <summary>Lets the kernel find an error in it: from then on it is read-only, whoever has files open.</summary>
    internal void Break(int pid)
    {
        var device = File.ReadLines($"/proc/{Text(pid)}/mounts").First(line => line.Contains($" {Folder} ", StringComparison.Ordinal)).Split(' ')[0];
        File.WriteAllText($"/sys/fs/ext4/{Path.GetFileName(device)}/trigger_fs_error", "1");
    }

    public void Dispose() => _scratch.Dispose();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private long Free(int pid)
    {
        var words = Tool.Run("stat", ["-f", "-c", "%a %S", Seen(pid)]).MustSucceed().Output.Split(' ');
        return long.Parse(words[0], CultureInfo.InvariantCulture) * long.Parse(words[1], CultureInfo.InvariantCulture);
    }

    private string Seen(int pid) => $"/proc/{Text(pid)}/root{Folder}";
}
