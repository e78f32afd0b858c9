using System.Runtime.InteropServices;
using Postern.Posix.Files;

namespace Postern.Posix.Processes;

/// <summary>Opens a file for reading without reading it: to hand it to a program that may not open it itself.</summary>
public static unsafe partial class ReadOnlyFile
{
    private const int CloseOnExec = 0x80000;
    private const int NoWaiting = 0x800;
    private const int NoTerminal = 0x100;

    /// <summary>Opens the file.</summary>
    public static CallResult Open(string path, out Descriptor? file) => Open(path, 0, out file);

    /// <summary>Reads the beginning of a file, without waiting for one that is a pipe or a device.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Gets as many bytes as it takes, or as the file has.</param>
    /// <returns>How many bytes, or the errno.</returns>
    public static CallResult ReadHead(string path, Span<byte> buffer)
    {
        var opened = Open(path, NoWaiting | NoTerminal, out var file);
        using (file)
        {
            var length = 0;
            while (!opened.Failed && length < buffer.Length)
            {
                var read = DescriptorBytes.Read(file!.Number, buffer[length..]);
                if (read.Failed || read.Value == 0)
                {
                    return read.Failed ? read : CallResult.Of(length);
                }

                length += read.Value;
            }

            return opened.Failed ? opened : CallResult.Of(length);
        }
    }

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
