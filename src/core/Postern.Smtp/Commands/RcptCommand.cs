using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>The argument of RCPT: one recipient, and which notifications the sender wants (RFC 5321 §4.1.1.3).</summary>
/// <remarks>Its spans point into the command line: what outlives the line has to be copied.</remarks>
public readonly ref struct RcptCommand
{
    /// <summary>The recipient.</summary>
    public ForwardPath Recipient { get; private init; }

    /// <summary>NOTIFY (RFC 3461 §4.1); Unspecified when it is not given.</summary>
    public NotifyOn NotifyOn { get; private init; }

    /// <summary>ORCPT as given, its type included; empty when it is not given (RFC 3461 §4.2).</summary>
    public ReadOnlySpan<byte> OriginalRecipient { get; private init; }

    /// <summary>Reads an argument.</summary>
    /// <param name="argument">What stood behind the verb.</param>
    /// <param name="offered">The extensions that the client was told of; none after HELO.</param>
    /// <param name="smtpUtf8">True when MAIL had SMTPUTF8.</param>
    /// <param name="command">The command.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> argument, SmtpExtensions offered, bool smtpUtf8, out RcptCommand command, out CommandFault fault)
    {
        command = default;
        fault = CommandFault.Syntax;
        if (!PathArgument.TryStart(argument, "TO:"u8, out var rest)) return false;
        if (!ForwardPath.TryRead(rest, smtpUtf8, out var recipient, out int consumed, out var addressFault))
        {
            fault = PathArgument.FaultOf(addressFault, CommandFault.BadRecipient);
            return false;
        }
        fault = ReadParameters(rest[consumed..], offered, smtpUtf8, out var notify, out var original);
        if (fault != CommandFault.None) return false;
        command = new RcptCommand { Recipient = recipient, NotifyOn = notify, OriginalRecipient = original };
        return true;
    }

    private static CommandFault ReadParameters(
        ReadOnlySpan<byte> parameters, SmtpExtensions offered, bool smtpUtf8, out NotifyOn notify, out ReadOnlySpan<byte> original)
    {
        notify = NotifyOn.Unspecified;
        original = default;
        var reader = new ParameterReader(parameters);
        while (reader.Next())
        {
            if ((offered & SmtpExtensions.Dsn) == 0) return CommandFault.UnknownParameter;
            if (Ascii.EqualsIgnoreCase(reader.Keyword, "NOTIFY"u8))
            {
                if (notify != NotifyOn.Unspecified || !DsnParameters.TryParseNotify(reader.Value, out notify)) return CommandFault.BadParameter;
            }
            else if (Ascii.EqualsIgnoreCase(reader.Keyword, "ORCPT"u8))
            {
                if (!original.IsEmpty || !DsnParameters.IsOriginalRecipient(reader.Value, smtpUtf8)) return CommandFault.BadParameter;
                original = reader.Value;
            }
            else return CommandFault.UnknownParameter;
        }
        return reader.AtEnd ? CommandFault.None : CommandFault.Syntax;
    }
}
