using System.Runtime.InteropServices;
using Postern.Posix.Files;

namespace Postern.Posix.Processes;

/// <summary>A folder that has to exist with a given owner and mode.</summary>
public static unsafe partial class OwnedFolder
{
    private const int DirectoryOnly = 0x10000;
    private const int DirectoryOnlyArm = 0x4000;
    private const int NoFollow = 0x20000;
    private const int NoFollowArm = 0x8000;
    private const int EmptyPath = 0x1000;
    private const int ExclusiveWithoutWaiting = 2 | 4;

    /// <summary>Creates the folder when it is missing; an existing one is judged and left as it is.</summary>
    /// <param name="path">Its absolute path; the parent exists.</param>
    /// <param name="mode">Its permissions; an existing folder must not grant more to group and others.</param>
    /// <param name="uid">Its owner.</param>
    /// <param name="gid">Its group.</param>
    /// <returns>Null, or what is wrong, for a message that names the path.</returns>
    public static string? Ensure(string path, uint mode, uint uid, uint gid)
    {
        CallResult made;
        fixed (byte* name = PathBytes.Terminated(path))
        {
            made = CallResult.From(MakeDirectory(name, mode));
        }

        if (made.Failed && made.Error != Errno.Exists)
        {
            return Errno.Describe(made.Error);
        }

        var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        var opened = ReadOnlyFile.Open(path, arm ? DirectoryOnlyArm | NoFollowArm : DirectoryOnly | NoFollow, out var folder);
        using (folder)
        {
            return opened.Failed ? opened.Error is Errno.Loop or Errno.NotDirectory ? "is not a folder" : Errno.Describe(opened.Error)
                : made.Failed ? Judge(folder!.Number, path, mode, (uid, gid)) : Own(folder!.Number, mode, uid, gid);
        }
    }

    /// <summary>Locks a folder for as long as the descriptor lives and no other descriptor of it is open anywhere.</summary>
    /// <param name="path">A folder that strangers can't open, or they could lock it, too.</param>
    /// <param name="held">The lock; null after a failure.</param>
    /// <returns>Success or the errno; EAGAIN when somebody else has it.</returns>
    public static CallResult Lock(string path, out Descriptor? held)
    {
        var result = ReadOnlyFile.Open(path, out held);
        result = result.Failed ? result : CallResult.From(LockFile(held!.Number, ExclusiveWithoutWaiting));
        if (result.Failed)
        {
            held?.Dispose();
            held = null;
        }

        return result;
    }

    private static string? Own(int folder, uint mode, uint uid, uint gid)
    {
        // By descriptor, so that nobody can put something else in its place in between.
        if (ChangeOwner(folder, uid, gid) < 0 || ChangeMode(folder, mode) < 0)
        {
            return Errno.Describe(CallResult.From(-1).Error);
        }

        return null;
    }

    // With the command that puts it right: whoever reads this has a server that does not start.
    private static string? Judge(int folder, string path, uint mode, (uint User, uint Group) wanted)
    {
        // struct statx: uid at 20, mode at 28 (statx(2)); the same layout on every architecture.
        var status = stackalloc byte[256];
        byte nothing = 0;
        if (Status(folder, &nothing, EmptyPath, 0x7ff, status) < 0)
        {
            return Errno.Describe(CallResult.From(-1).Error);
        }

        var owner = *(uint*)(status + 20);
        var granted = *(ushort*)(status + 28) & 0x1ff;
        // What nobody else may enter belongs to its owner as a whole.
        return owner != wanted.User ? $"belongs to uid {owner}, expected {wanted.User}; run: chown {((mode & 0x3f) == 0 ? "-R " : "")}{wanted.User}:{wanted.Group} {path}"
            : (granted & 0x3f & ~mode) != 0 ? $"has mode 0{Convert.ToString(granted, 8)}, expected 0{Convert.ToString(mode, 8)}; run: chmod 0{Convert.ToString(mode, 8)} {path}"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(int fd, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(int fd, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockFile(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Status(int folder, byte* path, int flags, uint mask, byte* result);
}
