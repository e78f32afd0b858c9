using Postern.Text;

namespace Postern.CommandLine.Submission;

/// <summary>The header of a message that a local program hands in, found line by line.</summary>
/// <remarks>
/// It ends with the empty line, or with the first line that is no field: <c>echo text | sendmail user</c> is a message
/// without a header (sendmail, Postfix and Exim agree). A line "From …" of a mailbox file on top is dropped.
/// </remarks>
internal sealed class HeaderBlock
{
    /// <summary>The longest header; mail programs write a few KiB. Arbitrary.</summary>
    internal const int MaxLength = 1024 * 1024;

    private readonly List<Field> _fields = [];
    private int _next;

    /// <summary>Where a field stands in the content.</summary>
    /// <param name="Start">Its first byte.</param>
    /// <param name="NameLength">The length of its name.</param>
    /// <param name="Length">Its length with its continuations and its CRLF.</param>
    internal readonly record struct Field(int Start, int NameLength, int Length);

    /// <summary>The fields in their order.</summary>
    internal IReadOnlyList<Field> Fields => _fields;

    /// <summary>Where the body begins, once the header has ended.</summary>
    internal int BodyStart { get; private set; }

    /// <summary>Goes on where the last call stopped.</summary>
    /// <param name="content">The message so far, with CRLF, from its first byte.</param>
    /// <returns>True when the header has ended; false when more is needed.</returns>
    internal bool Scan(ReadOnlySpan<byte> content)
    {
        while (true)
        {
            var end = content[_next..].IndexOf((byte)'\n');
            if (end < 0)
            {
                BodyStart = content.Length;
                return false;
            }

            var line = content.Slice(_next, end + 1);
            if (line.SequenceEqual("\r\n"u8))
            {
                BodyStart = _next + line.Length;
                return true;
            }

            if (!Take(line))
            {
                BodyStart = _next;
                return true;
            }

            _next += line.Length;
        }
    }

    /// <summary>True when there is a field of this name.</summary>
    internal bool Has(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields)
        {
            if (IsNamed(content, field, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the field has this name.</summary>
    internal static bool IsNamed(ReadOnlySpan<byte> content, Field field, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(content.Slice(field.Start, field.NameLength), name);

    /// <summary>What stands behind the colon, folded as it came.</summary>
    internal static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> content, Field field)
    {
        var rest = content.Slice(field.Start + field.NameLength, field.Length - field.NameLength);
        return rest[(rest.IndexOf((byte)':') + 1)..];
    }

    private bool Take(ReadOnlySpan<byte> line)
    {
        if (_fields.Count > 0 && line[0] is (byte)' ' or (byte)'\t')
        {
            var last = _fields[^1];
            _fields[^1] = last with { Length = last.Length + line.Length };
            return true;
        }

        if (_next == 0 && (line.StartsWith("From "u8) || line.StartsWith(">From "u8)))
        {
            return true;
        }

        var length = NameLength(line);
        if (length > 0)
        {
            _fields.Add(new Field(_next, length, line.Length));
        }

        return length > 0;
    }

    /// <summary>The length of the field's name, 0 when the line is no field (RFC 5322 §3.6.8, §4.5 for the white space).</summary>
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        return name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) ? 0 : name.Length;
    }
}
