using Postern.Text;

namespace Postern.Remote.Reports.Sending;

/// <summary>Reads of an answer of HTTP whether the server took what it was sent (RFC 8460 §5.4, RFC 9112 §4); the rest is not looked at.</summary>
internal sealed class PostAnswer
{
    /// <summary>The most bytes that are looked at: answers before the answer may come first. Arbitrary.</summary>
    internal const int MaxLength = 16384;

    private const int LongestLine = 1024;
    private const int CodeAt = 9;

    private readonly byte[] _line = new byte[LongestLine];
    private int _length;
    private int _read;
    private bool _isInHeader;

    /// <summary>The status, 200 to 999; 0 before it is known, −1 when it will never be.</summary>
    internal int Code { get; private set; }

    /// <summary>True when the server took it.</summary>
    internal bool IsTaken => Code is >= 200 and < 300;

    /// <summary>Reads on; false when there is nothing more to know.</summary>
    internal bool Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (Code != 0)
            {
                break;
            }

            Take(value);
        }

        return Code == 0;
    }

    private void Take(byte value)
    {
        if (++_read > MaxLength || _length == LongestLine)
        {
            Code = -1;
        }
        else if (value != '\n')
        {
            _line[_length++] = value;
        }
        else if (_length == 0 || _line[_length - 1] != '\r')
        {
            Code = -1;
        }
        else
        {
            TakeLine(_line.AsSpan(0, _length - 1));
            _length = 0;
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (_isInHeader)
        {
            _isInHeader = !line.IsEmpty;
            return;
        }

        var isStatus = line.Length >= CodeAt + 3 && line.StartsWith("HTTP/1."u8) && Ascii.IsDigit(line[CodeAt - 2]) && line[CodeAt - 1] == ' '
            && (line.Length == CodeAt + 3 || line[CodeAt + 3] == ' ');
        if (!isStatus || !DecimalText.TryRead(line.Slice(CodeAt, 3), 999, out uint code) || code < 100)
        {
            Code = -1;
        }
        else if (code is >= 100 and < 200)
        {
            // An answer before the answer; after 101 another protocol would begin, which nobody asked for.
            Code = code == 101 ? -1 : 0;
            _isInHeader = true;
        }
        else
        {
            Code = (int)code;
        }
    }
}
