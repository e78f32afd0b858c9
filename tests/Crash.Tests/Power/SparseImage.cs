namespace Postern.Crash.Power;

/// <summary>What a disk holds, page by page; a page of zeros takes no room. Copies share their pages.</summary>
internal sealed class SparseImage
{
    /// <summary>What a device writes at once whatever happens: less than that is not torn (ATA's and NVMe's sectors).</summary>
    internal const int Sector = 512;

    private const int Page = 4096;

    private readonly byte[]?[] _pages;

    private SparseImage(byte[]?[] pages) => _pages = pages;

    /// <summary>Reads an image.</summary>
    internal static SparseImage Read(string path)
    {
        using var file = File.OpenRead(path);
        var image = new SparseImage(new byte[]?[file.Length / Page]);
        var buffer = new byte[256 * Page];
        for (long at = 0; at < file.Length; at += buffer.Length)
        {
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            image.Write(at, buffer.AsSpan(0, length));
        }

        return image;
    }

    /// <summary>The same once more, to be changed by itself.</summary>
    internal SparseImage Copy() => new([.. _pages]);

    /// <summary>Writes something into it.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var (page, within) = ((int)(offset / Page), (int)(offset % Page));
            var length = Math.Min(Page - within, content.Length);
            // Never in place: a copy may hold the same page.
            var changed = _pages[page]?.ToArray() ?? new byte[Page];
            content[..length].CopyTo(changed.AsSpan(within));
            _pages[page] = changed.AsSpan().ContainsAnyExcept((byte)0) ? changed : null;
            offset += length;
            content = content[length..];
        }
    }

    /// <summary>Writes it to a file, with holes where there are only zeros.</summary>
    internal void Save(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, (long)_pages.Length * Page);
        List<ReadOnlyMemory<byte>> run = [];
        for (var page = 0; page <= _pages.Length; page++)
        {
            if (page < _pages.Length && _pages[page] is { } content)
            {
                run.Add(content);
            }
            else if (run.Count > 0)
            {
                RandomAccess.Write(file, run, (long)(page - run.Count) * Page);
                run.Clear();
            }
        }
    }
}
