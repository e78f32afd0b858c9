using Postern.Loop;

namespace Postern.CommandLine.Submission;

/// <summary>Takes the addresses out of a To, Cc or Bcc field (RFC 5322 §3.4): names, comments and groups fall away.</summary>
internal ref struct AddressList
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly List<byte[]> _found;

    /// <summary>The element's words outside angle brackets.</summary>
    private readonly ByteQueue _plain;

    /// <summary>What stood in its angle brackets.</summary>
    private readonly ByteQueue _angled;
    private bool _hasAngle;
    private bool _spaced;
    private int _at;

    private AddressList(ReadOnlySpan<byte> text, List<byte[]> found)
    {
        _text = text;
        _found = found;
        _plain = new ByteQueue();
        _angled = new ByteQueue();
    }

    /// <summary>Reads a field's value.</summary>
    /// <param name="text">Behind the colon; folded is fine.</param>
    /// <param name="found">Gets the addresses as they stand there; whether they are any is judged elsewhere.</param>
    /// <returns>False when a comment, quotation or bracket is not closed.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> text, List<byte[]> found)
    {
        var list = new AddressList(text, found);
        return list.Read();
    }

    private bool Read()
    {
        var inAngle = false;
        while (_at < _text.Length)
        {
            var value = _text[_at];
            var target = inAngle ? _angled : _plain;
            switch (value)
            {
                case (byte)'(' when !SkipComment():
                case (byte)'"' when !TakeUntil((byte)'"', target):
                case (byte)'[' when !TakeUntil((byte)']', target):
                case (byte)'<' when inAngle || _hasAngle:
                case (byte)'>' when !inAngle:
                    return false;
                case (byte)'(' or (byte)'"' or (byte)'[':
                    continue;
                case (byte)'<':
                    inAngle = _hasAngle = true;
                    break;
                case (byte)'>':
                    inAngle = false;
                    break;
                case (byte)',' or (byte)';' when !inAngle:
                    EndElement();
                    break;
                case (byte)':':
                    // A group's name, or the route that RFC 5322 §4.4 lets stand before an address and be ignored.
                    target.Consume(target.Length);
                    _spaced = false;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    _spaced = true;
                    break;
                default:
                    Take(value, target);
                    break;
            }

            _at++;
        }

        EndElement();
        return !inAngle;
    }

    /// <summary>Takes a byte; white space before it counts unless it stands around a dot or an at sign.</summary>
    private void Take(byte value, ByteQueue target)
    {
        if (_spaced && target.Length > 0 && value is not ((byte)'.' or (byte)'@') && target.Span[^1] is not ((byte)'.' or (byte)'@'))
        {
            target.Append(" "u8);
        }

        _spaced = false;
        target.Append([value]);
    }

    private void EndElement()
    {
        // Words before the angle brackets are a name; without brackets they must be the address.
        var address = _hasAngle ? _angled : _plain;
        if (address.Length > 0)
        {
            _found.Add(address.Span.ToArray());
        }

        _plain.Consume(_plain.Length);
        _angled.Consume(_angled.Length);
        _hasAngle = false;
        _spaced = false;
    }

    /// <summary>Copies a quoted string or a domain literal as it is; false when it has no end.</summary>
    private bool TakeUntil(byte end, ByteQueue target)
    {
        Take(_text[_at++], target);
        while (_at < _text.Length)
        {
            var value = _text[_at++];
            target.Append([value]);
            if (value == end)
            {
                return true;
            }

            if (value == '\\' && _at < _text.Length)
            {
                target.Append([_text[_at++]]);
            }
        }

        return false;
    }

    /// <summary>Skips a comment with those inside it; false when it has no end.</summary>
    private bool SkipComment()
    {
        var depth = 0;
        _spaced = true;
        while (_at < _text.Length)
        {
            var value = _text[_at++];
            depth += value == '(' ? 1 : value == ')' ? -1 : 0;
            _at += value == '\\' ? 1 : 0;
            if (depth == 0)
            {
                return true;
            }
        }

        return false;
    }
}
