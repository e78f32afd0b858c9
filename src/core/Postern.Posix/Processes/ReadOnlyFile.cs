using System.Runtime.InteropServices;
using Postern.Posix.Files;

namespace Postern.Posix.Processes;

/// <summary>Opens a file for reading without reading it: to hand it to a program that may not open it itself.</summary>
public static unsafe partial class ReadOnlyFile
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens the file.</summary>
    public static CallResult Open(string path, out Descriptor? file) => Open(path, 0, out file);

    /// <summary>Opens it with further flags of open(2).</summary>
    internal static CallResult Open(string path, int flags, out Descriptor? file)
    {
        fixed (byte* name = PathBytes.Terminated(path))
        {
            var result = CallResult.From(OpenCall(name, CloseOnExec | flags, 0));
            file = result.Failed ? null : new Descriptor(result.Value);
            return result;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenCall(byte* path, int flags, uint mode);
}
