using System.Buffers;

namespace Postern.Mail;

/// <summary>Writes the lines of a notification, each with its CRLF.</summary>
internal readonly struct ReportWriter(IBufferWriter<byte> output)
{
    /// <summary>Where lines for people are broken (RFC 5322 §2.1.1 recommends 78).</summary>
    private const int LineWidth = 76;

    /// <summary>Adds bytes as they are.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Adds a date.</summary>
    public void Add(DateTimeOffset time)
    {
        Rfc5322Date.Write(time, output.GetSpan(Rfc5322Date.Length));
        output.Advance(Rfc5322Date.Length);
    }

    /// <summary>Adds a message's id.</summary>
    public void Add(MessageId id)
    {
        id.Write(output.GetSpan(MessageId.TextLength));
        output.Advance(MessageId.TextLength);
    }

    /// <summary>Adds a status.</summary>
    public void Add(EnhancedStatus status) => output.Advance(status.Write(output.GetSpan(EnhancedStatus.MaxText)));

    /// <summary>Ends the line.</summary>
    public void EndLine() => Add("\r\n"u8);

    /// <summary>Adds a whole line.</summary>
    public void Line(ReadOnlySpan<byte> text)
    {
        Add(text);
        EndLine();
    }

    /// <summary>Adds a whole line in two parts, such as a field's name and its value.</summary>
    public void Line(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Add(first);
        Line(second);
    }

    /// <summary>Adds a field that is a date.</summary>
    public void Line(ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Add(name);
        Add(time);
        EndLine();
    }

    /// <summary>Adds text as lines of a width that people can read, broken at spaces, each behind an indent.</summary>
    /// <param name="indent">What each line begins with.</param>
    /// <param name="text">Without line ends. A word that is longer than a line stays whole.</param>
    public void Wrapped(ReadOnlySpan<byte> indent, ReadOnlySpan<byte> text)
    {
        int width = LineWidth - indent.Length;
        text = text.Trim((byte)' ');
        while (!text.IsEmpty)
        {
            int end = text.Length;
            if (end > width)
            {
                end = text[..(width + 1)].LastIndexOf((byte)' ');
                if (end < 0) end = text.IndexOf((byte)' ');
                if (end < 0) end = text.Length;
            }
            Line(indent, text[..end].TrimEnd((byte)' '));
            text = text[end..].TrimStart((byte)' ');
        }
    }
}
