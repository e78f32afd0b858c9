using System.Runtime.InteropServices;
using System.Text;

namespace Postern.Posix.Processes;

/// <summary>A folder that has to exist with a given owner and mode.</summary>
public static unsafe partial class OwnedFolder
{
    private const int DirectoryOnly = 0x10000;
    private const int DirectoryOnlyArm = 0x4000;
    private const int NoFollow = 0x20000;
    private const int NoFollowArm = 0x8000;
    private const int CloseOnExec = 0x80000;

    /// <summary>Creates the folder when it is missing; an existing one is judged and left as it is.</summary>
    /// <param name="path">Its absolute path; the parent exists.</param>
    /// <param name="mode">Its permissions; an existing folder must not grant more to group and others.</param>
    /// <param name="uid">Its owner.</param>
    /// <param name="gid">Its group.</param>
    /// <returns>Null, or what is wrong, for a message that names the path.</returns>
    public static string? Ensure(string path, uint mode, uint uid, uint gid)
    {
        var terminated = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, terminated);
        fixed (byte* name = terminated)
        {
            var made = CallResult.From(MakeDirectory(name, mode));
            if (made.Failed && made.Error != Errno.Exists)
            {
                return Errno.Describe(made.Error);
            }

            var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
            var flags = CloseOnExec | (arm ? DirectoryOnlyArm | NoFollowArm : DirectoryOnly | NoFollow);
            var opened = CallResult.From(Open(name, flags, 0));
            if (opened.Failed)
            {
                return opened.Error is Errno.Loop or Errno.NotDirectory ? "is not a folder" : Errno.Describe(opened.Error);
            }

            using var folder = new Descriptor(opened.Value);
            return made.Failed ? Judge(path, mode, uid) : Own(opened.Value, mode, uid, gid);
        }
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

    private static string? Judge(string path, uint mode, uint uid)
    {
        var stat = stackalloc byte[256];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            // struct statx: mode at 28, uid at 20 (statx(2)); the same layout on every architecture.
            if (Status(-100, name, 0x100, 0x7ff, stat) < 0)
            {
                return Errno.Describe(CallResult.From(-1).Error);
            }
        }

        var owner = *(uint*)(stat + 20);
        var granted = *(ushort*)(stat + 28) & 0x1ff;
        return owner != uid ? $"belongs to uid {owner}, expected {uid}"
            : (granted & 0x3f & ~mode) != 0 ? $"has mode 0{Convert.ToString(granted, 8)}, expected 0{Convert.ToString(mode, 8)}"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(int fd, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(int fd, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Status(int folder, byte* path, int flags, uint mask, byte* result);
}
