using Postern.Posix.Files;
using Postern.Spool;

namespace Postern.Fuzz.Logs;

/// <summary>A disk whose files are arrays, to be read only.</summary>
internal sealed class ArrayDisk(IReadOnlyDictionary<string, byte[]> files) : ISpoolDisk
{
    private const int NoEntry = 2;

    public FileResult Lock() => FileResult.Of(0);

    public FileResult List(List<string> names)
    {
        names.AddRange(files.Keys);
        return FileResult.Of(0);
    }

    public FileResult Open(string name, out ISpoolFile? file)
    {
        file = files.TryGetValue(name, out byte[]? content) ? new ArrayFile(content) : null;
        return file is null ? FileResult.Failure(NoEntry) : FileResult.Of(0);
    }

    public FileResult Create(string name, long size, out ISpoolFile? file) => throw new InvalidOperationException("A reader creates a file.");

    public FileResult Rename(string name, string newName) => throw new InvalidOperationException("A reader renames a file.");

    public FileResult Remove(string name) => throw new InvalidOperationException("A reader removes a file.");

    public FileResult Sync() => FileResult.Of(0);

    public FileResult GetFreeBytes() => FileResult.Of(0);

    public void Dispose()
    {
    }

    private sealed class ArrayFile(byte[] content) : ISpoolFile
    {
        public long Size => content.Length;

        public FileResult Read(long offset, Span<byte> destination)
        {
            int count = (int)Math.Clamp(content.Length - offset, 0, destination.Length);
            content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(destination);
            return FileResult.Of(count);
        }

        public FileResult Write(long offset, ReadOnlySpan<byte> source) => throw new InvalidOperationException("A reader writes.");

        public FileResult Sync() => FileResult.Of(0);

        public void DropCache()
        {
        }

        public void Dispose()
        {
        }
    }
}
