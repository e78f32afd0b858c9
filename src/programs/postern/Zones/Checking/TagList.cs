using System.Text;
using Ascii = Postern.Text.Ascii;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>The text of a DMARC, MTA-STS or TLS-RPT record: a version and then tags, "v=STSv1; id=1;" (RFC 7489 §6.4, RFC 8461 §3.1, RFC 8460 §3).</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    private TagList()
    {
    }

    /// <summary>The value of a tag, the first when it stands twice; null without one.</summary>
    internal string? this[string tag] => _tags.GetValueOrDefault(tag);

    /// <summary>Whether the text is meant for this version; others at the same name are none of ours.</summary>
    internal static bool IsOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> version) =>
        text.StartsWith(version) && (text.Length == version.Length || text[version.Length] is (byte)';' or (byte)' ' or (byte)'\t');

    /// <summary>Reads one. False when a part is no tag with a value, or a byte is not printable ASCII.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, ReadOnlySpan<byte> version, out TagList list)
    {
        list = new TagList();
        if (!IsOf(text, version))
        {
            return false;
        }

        var isFirst = true;
        foreach (var range in text.Split((byte)';'))
        {
            var part = text[range].Trim(" \t"u8);
            if (isFirst)
            {
                isFirst = false;
                if (!part.SequenceEqual(version))
                {
                    return false;
                }
            }
            else if (part.IsEmpty)
            {
                // Behind the last one, and nowhere else.
                if (range.End.Value != text.Length)
                {
                    return false;
                }
            }
            else if (!list.TryAdd(part))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(ReadOnlySpan<byte> part)
    {
        var equals = part.IndexOf((byte)'=');
        if (equals <= 0)
        {
            return false;
        }

        var tag = part[..equals].TrimEnd(" \t"u8);
        var value = part[(equals + 1)..].TrimStart(" \t"u8);
        foreach (var letter in tag)
        {
            if (!Ascii.IsLetterOrDigit(letter) && letter is not ((byte)'_' or (byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        if (tag.IsEmpty || value.IsEmpty || !Ascii.IsPrintable(value))
        {
            return false;
        }

        _tags.TryAdd(Encoding.ASCII.GetString(tag), Encoding.ASCII.GetString(value));
        return true;
    }
}
