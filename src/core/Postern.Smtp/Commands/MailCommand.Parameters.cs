using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <content>The parameters of MAIL.</content>
public ref partial struct MailCommand
{
    private static readonly (byte[] Name, Kind Kind, SmtpExtensions Extension)[] Kinds =
    [
        ("SIZE"u8.ToArray(), Kind.Size, SmtpExtensions.Size),
        ("BODY"u8.ToArray(), Kind.Body, SmtpExtensions.EightBitMime),
        ("SMTPUTF8"u8.ToArray(), Kind.SmtpUtf8, SmtpExtensions.SmtpUtf8),
        ("RET"u8.ToArray(), Kind.Return, SmtpExtensions.Dsn),
        ("ENVID"u8.ToArray(), Kind.EnvelopeId, SmtpExtensions.Dsn),
        ("AUTH"u8.ToArray(), Kind.Auth, SmtpExtensions.Auth),
        ("REQUIRETLS"u8.ToArray(), Kind.RequireTls, SmtpExtensions.RequireTls),
        ("HOLDFOR"u8.ToArray(), Kind.HoldFor, SmtpExtensions.FutureRelease),
        ("HOLDUNTIL"u8.ToArray(), Kind.HoldUntil, SmtpExtensions.FutureRelease),
    ];

    /// <summary>RFC 4865 gives an interval so many digits.</summary>
    private const int MaxHoldDigits = 9;

    /// <summary>The parameters, as bits so that a second one of a kind shows.</summary>
    [Flags]
    private enum Kind : ushort
    {
        None = 0,
        Size = 1,
        Body = 2,
        SmtpUtf8 = 4,
        Return = 8,
        EnvelopeId = 16,
        Auth = 32,
        RequireTls = 64,
        // They share a bit, and so a message has one of them at the most (RFC 4865).
        HoldFor = 128 | 256,
        HoldUntil = 128 | 512,
    }

    /// <summary>Reads all parameters up to the first fault.</summary>
    private CommandFault Read(ReadOnlySpan<byte> parameters, SmtpExtensions offered)
    {
        var reader = new ParameterReader(parameters);
        var seen = Kind.None;
        while (reader.Next())
        {
            var kind = Find(reader.Keyword, offered);
            if (kind == Kind.None) return CommandFault.UnknownParameter;
            // Two sizes, two bodies: whoever reads the first one and whoever reads the last one would differ.
            if ((seen & kind) != 0 || !TryTake(kind, reader.Value)) return CommandFault.BadParameter;
            seen |= kind;
        }
        return reader.AtEnd ? CommandFault.None : CommandFault.Syntax;
    }

    private static Kind Find(ReadOnlySpan<byte> keyword, SmtpExtensions offered)
    {
        foreach (var (name, kind, extension) in Kinds)
        {
            if ((offered & extension) != 0 && Ascii.EqualsIgnoreCase(keyword, name)) return kind;
        }
        return Kind.None;
    }

    private bool TryTake(Kind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case Kind.Size:
                return TryTakeSize(value);
            case Kind.Body:
                // BINARYMIME is not on offer (RFC 3030 §3): content here consists of lines.
                Body = Ascii.EqualsIgnoreCase(value, "8BITMIME"u8) ? BodyType.EightBitMime : BodyType.SevenBit;
                return Body == BodyType.EightBitMime || Ascii.EqualsIgnoreCase(value, "7BIT"u8);
            case Kind.SmtpUtf8 or Kind.RequireTls:
                Handling |= kind == Kind.RequireTls ? Handling.RequireTls : Handling.SmtpUtf8;
                return value.IsEmpty;
            case Kind.HoldFor:
                HoldFor = value.Length <= MaxHoldDigits && DecimalText.TryRead(value, uint.MaxValue, out uint seconds) ? seconds : null;
                return HoldFor is not null;
            case Kind.HoldUntil:
                HoldUntil = UtcText.TryRead(value, out var moment) ? moment : null;
                return HoldUntil is not null;
            case Kind.Return:
                bool isReturn = DsnParameters.TryParseReturn(value, out var content);
                Return = content;
                return isReturn;
            case Kind.EnvelopeId:
                EnvelopeId = value;
                return DsnParameters.IsEnvelopeId(value);
            default:
                // RFC 4954 §5: who sent it first, says the client. Nobody here relies on it, so it is judged and dropped.
                return value.SequenceEqual("<>"u8) || DsnParameters.IsPrintableXText(value);
        }
    }

    private bool TryTakeSize(ReadOnlySpan<byte> value)
    {
        // RFC 1870 §6: 1*20DIGIT. Twenty digits can be more than 64 bits hold; more than any limit they are all the same.
        if (value.IsEmpty || value.Length > DecimalText.MaxDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        Size = DecimalText.TryRead(value, out ulong size) ? (long)Math.Min(size, long.MaxValue) : long.MaxValue;
        return true;
    }
}
