namespace Postern.Smtp;

/// <summary>Holds content that comes by count (BDAT, RFC 3030) to the same line discipline as DATA.</summary>
/// <remarks>
/// A dot means nothing here, but the content may leave again by DATA: a bare CR or LF that passed would then stand where
/// another server sees the message end. An object serves one message; chunks may be cut anywhere.
/// </remarks>
public sealed class ContentChecker
{
    private bool _afterReturn;
    private bool _inLine;

    /// <summary>The first fault found, or None.</summary>
    public LineFault Fault { get; private set; }

    /// <summary>True when the content so far is empty or ends with CRLF. RFC 5321 §4.1.1.4 wants the last line of a stored
    /// message ended; a chunked one need not do it.</summary>
    public bool EndsLine => !_inLine && !_afterReturn;

    /// <summary>Judges the next bytes of content.</summary>
    /// <returns>False from the first fault on; see <see cref="Fault"/>.</returns>
    public bool Check(ReadOnlySpan<byte> chunk)
    {
        if (Fault != LineFault.None) return false;
        while (!chunk.IsEmpty)
        {
            if (_afterReturn)
            {
                if (chunk[0] != '\n') return Refuse(LineFault.BareCarriageReturn);
                _afterReturn = false;
                _inLine = false;
                chunk = chunk[1..];
                continue;
            }
            int run = ContentScan.Run(chunk, out bool atLineStart);
            _inLine = !atLineStart && (run > 0 || _inLine);
            chunk = chunk[run..];
            if (atLineStart)
            {
                // Run stops for a dot, which is a byte like others here.
                if (chunk.IsEmpty) break;
                _inLine = true;
                chunk = chunk[1..];
                continue;
            }
            if (chunk.IsEmpty) break;
            if (chunk[0] != '\r') return Refuse(ContentScan.FaultOf(chunk[0]));
            _afterReturn = true;
            chunk = chunk[1..];
        }
        return true;
    }

    /// <summary>Judges the end of the content: a last CR without its LF is bare.</summary>
    public bool Complete() => Fault == LineFault.None && (!_afterReturn || Refuse(LineFault.BareCarriageReturn));

    private bool Refuse(LineFault fault)
    {
        Fault = fault;
        return false;
    }
}
