using Postern.Mail;

namespace Postern.Smtp;

/// <summary>The argument of MAIL: who sends, and what the client says about the message (RFC 5321 §4.1.1.2).</summary>
/// <remarks>Its spans point into the command line: what outlives the line has to be copied.</remarks>
public ref partial struct MailCommand
{
    /// <summary>The sender, or the null path.</summary>
    public ReversePath Sender { get; private set; }

    /// <summary>SIZE: the bytes that the client means to send (RFC 1870 §6); what is beyond 63 bits counts as that. It says
    /// nothing about what will come, so nothing may be allocated on its word.</summary>
    public long? Size { get; private set; }

    /// <summary>BODY (RFC 6152 §2); 7-bit when it is not given.</summary>
    public BodyType Body { get; private set; }

    /// <summary>SMTPUTF8 (RFC 6531 §3.4) and REQUIRETLS (RFC 8689 §2).</summary>
    public Handling Handling { get; private set; }

    /// <summary>True with SMTPUTF8: addresses and headers may be UTF-8.</summary>
    public readonly bool SmtpUtf8 => (Handling & Handling.SmtpUtf8) != 0;

    /// <summary>HOLDFOR: the seconds that the message shall be held back (RFC 4865), at most nine digits; null when it is not given.</summary>
    public uint? HoldFor { get; private set; }

    /// <summary>HOLDUNTIL: the moment until which it shall; null when it is not given.</summary>
    public DateTimeOffset? HoldUntil { get; private set; }

    /// <summary>RET: how much of the message a notification shall hold (RFC 3461 §4.3).</summary>
    public ReturnContent Return { get; private set; }

    /// <summary>ENVID as given, in xtext; empty when it is not given (RFC 3461 §4.4).</summary>
    public ReadOnlySpan<byte> EnvelopeId { get; private set; }

    /// <summary>Reads an argument.</summary>
    /// <param name="argument">What stood behind the verb.</param>
    /// <param name="offered">The extensions that the client was told of; none after HELO. A parameter of another one is
    /// unknown.</param>
    /// <param name="command">The command; with a fault it says nothing.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<byte> argument, SmtpExtensions offered, out MailCommand command, out CommandFault fault)
    {
        command = default;
        fault = CommandFault.Syntax;
        if (!PathArgument.TryStart(argument, "FROM:"u8, out var rest)) return false;
        // Whether UTF-8 is allowed in the path is said behind it.
        if (!ReversePath.TryRead(rest, allowUtf8: true, out var sender, out int consumed, out var addressFault))
        {
            fault = PathArgument.FaultOf(addressFault, CommandFault.BadSender);
            return false;
        }
        command.Sender = sender;
        fault = command.Read(rest[consumed..], offered);
        if (fault == CommandFault.None && sender.WrittenInUtf8 && !command.SmtpUtf8) fault = CommandFault.NeedsSmtpUtf8;
        return fault == CommandFault.None;
    }
}
