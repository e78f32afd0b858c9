namespace Postern.Mail;

/// <summary>Looks through the header of a message as it passes by: how often it was received, whether it was here before, what
/// it lacks.</summary>
/// <remarks>
/// Content may be cut anywhere. A line that comes whole is judged where it stands; of one that is cut a fixed number of bytes is
/// kept, so a header of any size costs the same memory and each byte is looked at once. The header ends with the first empty line and nowhere else: a line without a colon does not end
/// it, as whoever could end it early could hide a loop.
/// </remarks>
public sealed class HeaderScanner
{
    /// <summary>Bytes kept of a line: a field name, and the longest mailbox with white space around it.</summary>
    private const int MaxKept = 320;

    private readonly Mailbox? _deliveredTo;

    /// <summary>TLS-Required fields so far, and whether one of them said No.</summary>
    private int _tlsFields;
    private bool _saysNo;

    /// <summary>The start of the present line, when its end has not come; null before the first such line.</summary>
    private byte[]? _line;

    /// <summary>Bytes kept of it.</summary>
    private int _kept;

    /// <summary>Bytes of it, the kept ones and the others.</summary>
    private long _lineLength;

    /// <param name="deliveredTo">The mailbox to look for in Delivered-To, or null.</param>
    public HeaderScanner(Mailbox? deliveredTo = null) => _deliveredTo = deliveredTo;

    /// <summary>How many Received fields there are: how many hosts had the message (RFC 5321 §6.3).</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>True when a Delivered-To field names the mailbox: the message was delivered there before.</summary>
    public bool WasDeliveredBefore { get; private set; }

    /// <summary>True when there is a Date field.</summary>
    public bool HasDate { get; private set; }

    /// <summary>True when there is a Message-ID field.</summary>
    public bool HasMessageId { get; private set; }

    /// <summary>True when there is a From field.</summary>
    public bool HasFrom { get; private set; }

    /// <summary>True when one TLS-Required field stands there, and says No (RFC 8689 §3). With two of them, who reads the first and who
    /// reads the last might differ; of one that is folded the value is not seen.</summary>
    public bool IsTlsOptional => _saysNo && _tlsFields == 1;

    /// <summary>True when the empty line has come; what follows is body and not looked at.</summary>
    public bool Ended { get; private set; }

    /// <summary>Bytes of the header so far, the empty line included.</summary>
    public long HeaderLength { get; private set; }

    /// <summary>Looks at the next bytes of content.</summary>
    public void Feed(ReadOnlySpan<byte> content)
    {
        while (!Ended && !content.IsEmpty)
        {
            int end = content.IndexOf((byte)'\n');
            int taken = end < 0 ? content.Length : end + 1;
            HeaderLength += taken;
            if (end >= 0 && _lineLength == 0)
            {
                EndLine(content[..Math.Min(taken, MaxKept)], taken <= MaxKept);
            }
            else
            {
                Keep(content[..taken]);
                if (end >= 0) EndKeptLine();
            }
            content = content[taken..];
        }
    }

    /// <summary>Tells that the content is over: the last line may lack its end.</summary>
    public void Finish()
    {
        if (!Ended && _lineLength > 0) EndKeptLine();
        Ended = true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        _line ??= new byte[MaxKept];
        _lineLength += part.Length;
        int fits = Math.Min(part.Length, MaxKept - _kept);
        part[..fits].CopyTo(_line.AsSpan(_kept));
        _kept += fits;
    }

    private void EndKeptLine()
    {
        var (kept, whole) = (_kept, _lineLength == _kept);
        _kept = 0;
        _lineLength = 0;
        EndLine(_line.AsSpan(0, kept), whole);
    }

    /// <summary>Judges a line.</summary>
    /// <param name="line">Its first bytes, at most <see cref="MaxKept"/>.</param>
    /// <param name="whole">True when they are all.</param>
    private void EndLine(ReadOnlySpan<byte> line, bool whole)
    {
        if (whole) line = line.TrimEnd("\r\n"u8);
        if (line.IsEmpty)
        {
            Ended = true;
            return;
        }
        int colon = line.IndexOf((byte)':');
        if (colon > 0) Judge(line[..colon].TrimEnd(" \t"u8), line[(colon + 1)..], whole);
    }

    private void Judge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool whole)
    {
        if (Ascii.EqualsIgnoreCase(name, "Received"u8)) ReceivedCount++;
        else if (Ascii.EqualsIgnoreCase(name, "Date"u8)) HasDate = true;
        else if (Ascii.EqualsIgnoreCase(name, "Message-ID"u8)) HasMessageId = true;
        else if (Ascii.EqualsIgnoreCase(name, "From"u8)) HasFrom = true;
        else if (Ascii.EqualsIgnoreCase(name, "TLS-Required"u8))
        {
            _tlsFields++;
            _saysNo |= whole && Ascii.EqualsIgnoreCase(value.Trim(" \t"u8), "No"u8);
        }
        else if (whole && _deliveredTo is not null && Ascii.EqualsIgnoreCase(name, "Delivered-To"u8))
            WasDeliveredBefore |= Ascii.EqualsIgnoreCase(value.Trim(" \t"u8), _deliveredTo.Text);
    }
}
