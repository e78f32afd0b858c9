using System.Text;
using Postern.Posix.Files;

namespace Postern.Posix.Tests.Files;

/// <summary>A folder on the real file system that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("postern-").FullName;
        Assert.True(DirectoryHandle.Open(Path, out var handle).Ok);
        Handle = handle!;
    }

    internal string Path { get; }

    internal DirectoryHandle Handle { get; }

    public void Dispose()
    {
        Handle.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    internal FileHandle Create(string name)
    {
        Assert.True(Handle.OpenFile(Bytes(name), OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180, out var file).Ok);
        return file!;
    }

    internal static byte[] Bytes(string name) => Encoding.Latin1.GetBytes(name);

    internal SortedSet<string> Names()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Assert.True(Handle.List((name, _) => names.Add(Encoding.Latin1.GetString(name))).Ok);
        return names;
    }
}
