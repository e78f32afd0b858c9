using System.Runtime.InteropServices;
using System.Text;

namespace Postern.Posix.Processes;

/// <summary>Opens a file for reading without reading it: to hand it to a program that may not open it itself.</summary>
public static unsafe partial class ReadOnlyFile
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens the file.</summary>
    public static CallResult Open(string path, out Descriptor? file)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        fixed (byte* name = bytes)
        {
            var result = CallResult.From(OpenCall(name, CloseOnExec, 0));
            file = result.Failed ? null : new Descriptor(result.Value);
            return result;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenCall(byte* path, int flags, uint mode);
}
