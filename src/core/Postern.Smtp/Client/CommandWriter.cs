using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>Writes one command of ours; a part that does not fit or can't stand there spoils the whole command.</summary>
internal ref struct CommandWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private int _length;
    private bool _isSpoilt;

    /// <summary>Appends words of ours.</summary>
    public void Literal(scoped ReadOnlySpan<byte> text)
    {
        // Room for the CRLF stays.
        if (_isSpoilt || _output.Length - _length < text.Length + 2) _isSpoilt = true;
        else
        {
            text.CopyTo(_output[_length..]);
            _length += text.Length;
        }
    }

    /// <summary>Appends a number.</summary>
    public void Number(ulong value)
    {
        Span<byte> digits = stackalloc byte[DecimalText.MaxDigits];
        Literal(digits[..DecimalText.Write(value, digits)]);
    }

    /// <summary>Appends a word that came from outside: graphic ASCII, and eight-bit bytes where they may be; not empty.</summary>
    public void Word(scoped ReadOnlySpan<byte> text, bool allowEightBit)
    {
        if (text.IsEmpty || text.ContainsAnyInRange((byte)0, (byte)' ') || text.Contains((byte)0x7f) || (!allowEightBit && !Ascii.IsAscii(text)))
            _isSpoilt = true;
        Literal(text);
    }

    /// <summary>Appends an address in brackets, or empty brackets; a mailbox holds no byte that could end them.</summary>
    public void Path(Mailbox? mailbox, bool allowUtf8)
    {
        if (mailbox is { IsAscii: false } && !allowUtf8) _isSpoilt = true;
        Literal("<"u8);
        if (mailbox is not null) Literal(mailbox.Text);
        Literal(">"u8);
    }

    /// <summary>Ends the line.</summary>
    /// <returns>False when the command was spoilt; then nothing of it may be sent.</returns>
    public bool TryFinish(out int written)
    {
        written = 0;
        if (_isSpoilt || _output.Length - _length < 2) return false;
        "\r\n"u8.CopyTo(_output[_length..]);
        written = _length + 2;
        return true;
    }
}
