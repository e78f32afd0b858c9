using Postern.Posix.Files;

namespace Postern.Auth.Store;

/// <summary>A file that others put in place whole, read again whenever another file has its name.</summary>
/// <typeparam name="T">What is in it.</typeparam>
/// <param name="folder">The folder.</param>
/// <param name="name">Its name there.</param>
/// <param name="most">Bytes at most.</param>
internal sealed class WatchedFile<T>(DirectoryHandle folder, ReadOnlyMemory<byte> name, int most)
    where T : class
{
    private FileStatus? _seen;
    private bool _cantBeRead;
    private bool _isMissing;
    private T? _current;

    /// <summary>Reads a text; null, and a reason, when it can't be read.</summary>
    internal delegate T? Reader(ReadOnlySpan<byte> text, out string? reason);

    /// <summary>What holds while there is no such file; null when nothing does.</summary>
    internal required Func<T?> WhenMissing { get; init; }

    /// <summary>Reads it.</summary>
    internal required Reader Read { get; init; }

    /// <summary>Called with what was taken up.</summary>
    internal required Action<T> Taken { get; init; }

    /// <summary>Called with the reason when another file can't be read, and whether what was read before stays in force.</summary>
    internal required Action<string, bool> Refused { get; init; }

    /// <summary>What is in it; null when that can't be read, and never could.</summary>
    internal T? Current
    {
        get
        {
            var found = folder.GetStatus(name.Span, out var status);
            if (found.Fault == FileFault.NotFound)
            {
                (_current, _seen) = (_isMissing ? _current : WhenMissing(), null);
                _isMissing = true;
                return _current;
            }

            // Whole files alone get the name: one that was read needs no second look, whatever was found in it. One that could not
            // be read does: else a password that was changed while descriptors were short would never be taken up.
            if (!found.Ok || status != _seen)
            {
                _isMissing = false;
                _seen = Take() && found.Ok ? status : null;
            }

            return _current;
        }
    }

    /// <summary>Reads it; false when the system does not let it be read.</summary>
    private bool Take()
    {
        var opened = folder.OpenFile(name.Span, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        using (file)
        {
            var text = new byte[most + 1];
            var read = opened.Ok ? file!.Read(0, text) : opened;
            if (!read.Ok)
            {
                // Looked at with every login, and said once.
                if (!_cantBeRead)
                {
                    _cantBeRead = true;
                    Refused(read.ToString(), _current is not null);
                }

                return false;
            }

            _cantBeRead = false;
            string? reason = $"it has more than {most} bytes";
            if (read.Value <= most && Read(text.AsSpan(0, (int)read.Value), out reason) is { } taken)
            {
                _current = taken;
                Taken(taken);
            }
            else
            {
                Refused(reason ?? "it can't be read", _current is not null);
            }

            return true;
        }
    }
}
