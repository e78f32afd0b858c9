using System.Buffers;

namespace Postern.Mail;

/// <summary>Keeps From and Sender of a header as it passes by, and tells in whose name the message is written (RFC 5322 §3.6.2).</summary>
/// <remarks>
/// The header may be cut anywhere. It has to consist of fields and nothing else: at a line that is none, one reader sees the
/// header end and the next one reads on.
/// </remarks>
public sealed class AuthorScanner
{
    /// <summary>The longest name that is looked for.</summary>
    private const int MaxName = 6;

    private readonly ArrayBufferWriter<byte> _from = new();
    private readonly ArrayBufferWriter<byte> _sender = new();

    /// <summary>The start of the present field's name.</summary>
    private readonly byte[] _name = new byte[MaxName];

    /// <summary>Bytes of the name; more than are kept when it is a longer one.</summary>
    private int _nameLength;

    private Place _place;

    /// <summary>Where the present field's value goes; null for one that is passed over.</summary>
    private ArrayBufferWriter<byte>? _value;

    private bool _hasField;
    private bool _hasFrom;
    private bool _hasSender;
    private AuthorFault _fault;

    private enum Place
    {
        LineStart,
        Name,
        BehindName,
        Value,
        EmptyLine,
        End,
    }

    /// <summary>Looks at the next bytes of the header.</summary>
    public void Feed(ReadOnlySpan<byte> header)
    {
        foreach (byte value in header)
        {
            if (_fault != AuthorFault.None) return;
            Take(value);
        }
    }

    /// <summary>Tells who wrote the message, when the header is over.</summary>
    /// <param name="allowUtf8">True when its addresses may be UTF-8.</param>
    /// <param name="from">The authors, at least one; none when there is a fault.</param>
    /// <param name="sender">Who sent it for them, or null.</param>
    public AuthorFault Read(bool allowUtf8, out Mailbox[] from, out Mailbox? sender)
    {
        (from, sender) = ([], null);
        // A name at the very end, without its colon, or half an empty line.
        if (_fault == AuthorFault.None && _place is Place.Name or Place.BehindName or Place.EmptyLine) _fault = AuthorFault.BadHeader;
        if (_fault != AuthorFault.None) return _fault;
        if (!_hasFrom) return AuthorFault.NoFrom;
        Mailbox[] senders = [];
        if (_hasSender && !(AuthorList.TryParse(ValueOf(_sender), allowUtf8, out senders) && senders.Length == 1)) return AuthorFault.BadSender;
        if (!AuthorList.TryParse(ValueOf(_from), allowUtf8, out from)) return AuthorFault.BadFrom;
        if (_hasSender) sender = senders[0];
        return AuthorFault.None;
    }

    private static ReadOnlySpan<byte> ValueOf(ArrayBufferWriter<byte> field) =>
        field.WrittenSpan.EndsWith("\r\n"u8) ? field.WrittenSpan[..^2] : field.WrittenSpan;

    private void Take(byte value)
    {
        switch (_place)
        {
            case Place.LineStart when value is (byte)' ' or (byte)'\t':
                // Before any field there is nothing to go on with.
                if (!_hasField) _fault = AuthorFault.BadHeader;
                _place = Place.Value;
                Keep(value);
                break;
            case Place.LineStart when value is (byte)'\r' or (byte)'\n':
                _place = value == '\r' ? Place.EmptyLine : Place.End;
                break;
            case Place.EmptyLine:
                if (value != '\n') _fault = AuthorFault.BadHeader;
                _place = Place.End;
                break;
            case Place.End:
                break;
            case Place.LineStart:
                _nameLength = 0;
                _place = Place.Name;
                TakeName(value);
                break;
            case Place.Value:
                Keep(value);
                if (value == '\n') _place = Place.LineStart;
                break;
            default:
                TakeName(value);
                break;
        }
    }

    /// <summary>Takes a byte of a name, of the white space behind it that RFC 5322 §4.5 tolerates, or the colon.</summary>
    private void TakeName(byte value)
    {
        if (value == ':' && _nameLength > 0)
        {
            BeginValue();
        }
        else if (value is (byte)' ' or (byte)'\t')
        {
            _place = Place.BehindName;
        }
        else if (_place == Place.BehindName || value == ':' || !Ascii.IsGraphic(value))
        {
            _fault = AuthorFault.BadHeader;
        }
        else
        {
            if (_nameLength < MaxName) _name[_nameLength] = value;
            _nameLength = Math.Min(_nameLength + 1, MaxName + 1);
        }
    }

    private void BeginValue()
    {
        _place = Place.Value;
        _hasField = true;
        var name = _name.AsSpan(0, Math.Min(_nameLength, MaxName));
        _value = _nameLength > MaxName ? null
            : Ascii.EqualsIgnoreCase(name, "From"u8) ? Once(ref _hasFrom, _from)
            : Ascii.EqualsIgnoreCase(name, "Sender"u8) ? Once(ref _hasSender, _sender)
            : null;
    }

    private ArrayBufferWriter<byte> Once(ref bool has, ArrayBufferWriter<byte> field)
    {
        if (has) _fault = AuthorFault.Repeated;
        has = true;
        return field;
    }

    /// <summary>Keeps a byte of a value that is wanted, and one more than fits: the value is refused then.</summary>
    private void Keep(byte value)
    {
        if (_value is null || _value.WrittenCount > AuthorList.MaxLength + 2) return;
        _value.GetSpan(1)[0] = value;
        _value.Advance(1);
    }
}
