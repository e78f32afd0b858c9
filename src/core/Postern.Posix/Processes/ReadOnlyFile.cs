using System.Globalization;
using System.Runtime.InteropServices;
using Postern.Posix.Files;

namespace Postern.Posix.Processes;

/// <summary>Opens a file for reading without reading it: to hand it to a program that may not open it itself.</summary>
public static unsafe partial class ReadOnlyFile
{
    private const int CloseOnExec = 0x80000;
    private const int NoWaiting = 0x800;
    private const int NoTerminal = 0x100;
    private const int PathOnly = 0x200000;
    private const int EmptyPath = 0x1000;

    /// <summary>Opens the file.</summary>
    public static CallResult Open(string path, out Descriptor? file) => Open(path, 0, out file);

    /// <summary>Reads the beginning of an ordinary file and keeps it open. A pipe, a device or a folder is not opened at all (EACCES, EISDIR).</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Gets as many bytes as it takes, or as the file has.</param>
    /// <param name="file">The file that they are of, whatever gets its name later.</param>
    /// <returns>How many bytes, or the errno.</returns>
    public static CallResult ReadHead(string path, Span<byte> buffer, out Descriptor? file)
    {
        var result = OpenOrdinary(path, out file);
        var length = 0;
        while (!result.Failed && length < buffer.Length)
        {
            result = DescriptorBytes.Read(file!.Number, buffer[length..]);
            if (!result.Failed && result.Value == 0)
            {
                break;
            }

            length += result.Failed ? 0 : result.Value;
        }

        if (result.Failed)
        {
            file?.Dispose();
            file = null;
            return result;
        }

        return CallResult.Of(length);
    }

    /// <summary>The path that an open file has by now; null when it has none, or where /proc is not mounted.</summary>
    public static string? PathOf(Descriptor file) =>
        Path.Exists(Link(file)) ? File.ResolveLinkTarget(Link(file), returnFinalTarget: false)?.FullName : null;

    // To open a device may do something, and to read a pipe takes from whoever reads it. So what the name stands for is looked at
    // first, and then that is opened and nothing else.
    private static CallResult OpenOrdinary(string path, out Descriptor? file)
    {
        file = null;
        var found = Open(path, PathOnly, out var place);
        using (place)
        {
            var kind = found.Failed ? FileKind.Other : KindOf(place!.Number);
            if (kind != FileKind.Regular)
            {
                return found.Failed ? found : CallResult.Failure(kind == FileKind.Directory ? Errno.IsDirectory : Errno.AccessDenied);
            }

            var opened = Open(Link(place!), NoWaiting | NoTerminal, out file);
            if (opened.Error != Errno.NoEntry)
            {
                return opened;
            }

            // No /proc.
            opened = Open(path, NoWaiting | NoTerminal, out file);
            if (!opened.Failed && KindOf(file!.Number) != FileKind.Regular)
            {
                file.Dispose();
                file = null;
                return CallResult.Failure(Errno.AccessDenied);
            }

            return opened;
        }
    }

    private static string Link(Descriptor file) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Number}");

    private static FileKind KindOf(int file)
    {
        var raw = stackalloc byte[FileStatus.RawSize];
        byte empty = 0;
        return FileCalls.Judge(FileCalls.Status(file, &empty, EmptyPath, FileStatus.Mask, raw)).Ok
            ? FileStatus.Read(new ReadOnlySpan<byte>(raw, FileStatus.RawSize)).Kind : FileKind.Other;
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
