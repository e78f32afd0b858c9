using System.Text;
using Postern.Mail;

namespace Postern.Smtp;

/// <summary>The standing replies of our server: code, status, text, each in one place.</summary>
public static class Replies
{
    /// <summary>Done.</summary>
    public static SmtpReply Ok { get; } = Of(250, new(2, 0, 0), "Ok");

    /// <summary>MAIL was taken.</summary>
    public static SmtpReply SenderOk { get; } = Of(250, new(2, 1, 0), "Sender ok");

    /// <summary>RCPT was taken.</summary>
    public static SmtpReply RecipientOk { get; } = Of(250, new(2, 1, 5), "Recipient ok");

    /// <summary>A chunk that is not the last one was taken (RFC 3030 §2).</summary>
    public static SmtpReply ChunkOk { get; } = Of(250, new(2, 0, 0), "Chunk ok");

    /// <summary>The answer to QUIT.</summary>
    public static SmtpReply Bye { get; } = Of(221, new(2, 0, 0), "Bye");

    /// <summary>The answer to STARTTLS; the next bytes are the handshake (RFC 3207 §4).</summary>
    public static SmtpReply ReadyForTls { get; } = Of(220, new(2, 0, 0), "Ready to start TLS");

    /// <summary>The one answer to VRFY and EXPN: who exists is not told (RFC 5321 §7.3).</summary>
    public static SmtpReply CannotVerify { get; } = Of(252, new(2, 0, 0), "Not verified, but mail to it will be tried");

    /// <summary>The answer to HELP.</summary>
    public static SmtpReply Help { get; } = Of(214, new(2, 0, 0), "See RFC 5321");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply Authenticated { get; } = Of(235, new(2, 7, 0), "Authentication succeeded");

    /// <summary>The content may come.</summary>
    public static SmtpReply StartContent { get; } = Of(354, null, "End with <CRLF>.<CRLF>");

    /// <summary>No verb of ours.</summary>
    public static SmtpReply UnknownCommand { get; } = Of(500, new(5, 5, 2), "Command not recognised");

    /// <summary>The rest of the line is passed over.</summary>
    public static SmtpReply LineTooLong { get; } = Of(500, new(5, 5, 2), "Line too long");

    /// <summary>A NUL in a command line; the rest of the line is passed over.</summary>
    public static SmtpReply NulInLine { get; } = Of(500, new(5, 5, 2), "NUL in command");

    /// <summary>A bare CR or LF in a command line; the connection is closed.</summary>
    public static SmtpReply BareLineEnd { get; } = Of(500, new(5, 5, 2), "Lines end with CRLF, closing connection");

    /// <summary>The argument is not what the command takes.</summary>
    public static SmtpReply BadArgument { get; } = Of(501, new(5, 5, 4), "Syntax error in argument");

    /// <summary>EHLO, HELO or LHLO without a name, or with one that can't be written down.</summary>
    public static SmtpReply BadHello { get; } = Of(501, new(5, 5, 4), "A domain or an address literal is required");

    /// <summary>Where the next command begins is unknown: the connection is closed.</summary>
    public static SmtpReply BadChunkSize { get; } = Of(501, new(5, 5, 4), "Syntax error in chunk size, closing connection");

    /// <summary>MAIL with something that is no path.</summary>
    public static SmtpReply BadSender { get; } = Of(501, new(5, 1, 7), "Bad sender address syntax");

    /// <summary>RCPT with something that is no path.</summary>
    public static SmtpReply BadRecipient { get; } = Of(501, new(5, 1, 3), "Bad recipient address syntax");

    /// <summary>RFC 6531 §3.5.</summary>
    public static SmtpReply NeedsSmtpUtf8 { get; } = Of(553, new(5, 6, 7), "Address outside ASCII needs SMTPUTF8");

    /// <summary>RFC 6531 §3.5.</summary>
    public static SmtpReply BadUtf8 { get; } = Of(553, new(5, 6, 7), "Address is not valid UTF-8 or has characters not allowed");

    /// <summary>RFC 5321 §C.</summary>
    public static SmtpReply SourceRoute { get; } = Of(553, new(5, 1, 0), "Source routes are not accepted");

    /// <summary>RFC 5321 §4.1.1.11.</summary>
    public static SmtpReply UnknownParameter { get; } = Of(555, new(5, 5, 4), "Parameter not recognised");

    /// <summary>Also for one that is given twice.</summary>
    public static SmtpReply BadParameter { get; } = Of(501, new(5, 5, 4), "Bad value of a parameter");

    /// <summary>A command of SMTP that this service does not have.</summary>
    public static SmtpReply NotImplemented { get; } = Of(502, new(5, 5, 1), "Command not implemented");

    /// <summary>A command before EHLO, HELO or LHLO.</summary>
    public static SmtpReply HelloFirst { get; } = Of(503, new(5, 5, 1), "Say hello first");

    /// <summary>A command that needs a transaction.</summary>
    public static SmtpReply MailFirst { get; } = Of(503, new(5, 5, 1), "MAIL first");

    /// <summary>Content before a recipient.</summary>
    public static SmtpReply RecipientFirst { get; } = Of(503, new(5, 5, 1), "RCPT first");

    /// <summary>A user has sent as much as one may for now.</summary>
    public static SmtpReply UserSentTooMuch { get; } = Of(450, new(4, 7, 0), "You have sent too much for now; try again later");

    /// <summary>MAIL, STARTTLS or AUTH inside a transaction.</summary>
    public static SmtpReply NestedMail { get; } = Of(503, new(5, 5, 1), "Transaction already started");

    /// <summary>Any other command out of its place.</summary>
    public static SmtpReply BadSequence { get; } = Of(503, new(5, 5, 1), "Bad sequence of commands");

    /// <summary>DATA or BDAT after every RCPT was refused.</summary>
    public static SmtpReply NoValidRecipients { get; } = Of(554, new(5, 5, 1), "No valid recipients");

    /// <summary>The same in LMTP (RFC 2033 §4.2).</summary>
    public static SmtpReply NoValidLmtpRecipients { get; } = Of(503, new(5, 5, 1), "No valid recipients");

    /// <summary>Smuggling looks like this: the connection is closed.</summary>
    public static SmtpReply BareLineEndInContent { get; } = Of(554, new(5, 6, 0), "Bare CR or LF in content refused, closing connection");

    /// <summary>As with bare line ends.</summary>
    public static SmtpReply NulInContent { get; } = Of(554, new(5, 6, 0), "NUL in content refused, closing connection");

    /// <summary>At MAIL by declaration (RFC 1870 §6.1), or after the content.</summary>
    public static SmtpReply TooBig { get; } = Of(552, new(5, 3, 4), "Message exceeds the size limit");

    /// <summary>Mail loop (RFC 5321 §6.3).</summary>
    public static SmtpReply TooManyHops { get; } = Of(554, new(5, 4, 6), "Too many hops");

    /// <summary>Content of a type that can't be stored.</summary>
    public static SmtpReply NotConverted { get; } = Of(554, new(5, 6, 3), "Conversion required but not supported");

    /// <summary>The recipient is elsewhere and the client may not relay.</summary>
    public static SmtpReply RelayDenied { get; } = Of(550, new(5, 7, 1), "Relaying denied");

    /// <summary>An address literal that is not of this host: mail is sent on to domains only.</summary>
    public static SmtpReply ForeignLiteral { get; } = Of(550, new(5, 1, 2), "Mail is not sent to address literals");

    /// <summary>The recipient's domain is ours, the mailbox is not there.</summary>
    public static SmtpReply NoSuchUser { get; } = Of(550, new(5, 1, 1), "No such user here");

    /// <summary>RFC 5321 §4.5.3.1.10: the client sends the others in another transaction.</summary>
    public static SmtpReply TooManyRecipients { get; } = Of(452, new(4, 5, 3), "Too many recipients");

    /// <summary>RFC 3207 §4.</summary>
    public static SmtpReply TlsRequired { get; } = Of(530, new(5, 7, 0), "STARTTLS first");

    /// <summary>REQUIRETLS outside of TLS (RFC 8689 §2).</summary>
    public static SmtpReply EncryptionNeeded { get; } = Of(530, new(5, 7, 10), "Encryption needed for REQUIRETLS");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply AuthRequired { get; } = Of(530, new(5, 7, 0), "Authentication required");

    /// <summary>Before anything of a password is decoded.</summary>
    public static SmtpReply AuthNeedsTls { get; } = Of(538, new(5, 7, 11), "Encryption required for authentication");

    /// <summary>The same for every reason (RFC 4954 §6).</summary>
    public static SmtpReply AuthFailed { get; } = Of(535, new(5, 7, 8), "Authentication credentials invalid");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply AuthUnavailable { get; } = Of(454, new(4, 7, 0), "Authentication is not available now");

    /// <summary>RFC 6409 §6.1: a sender that is not the user's own.</summary>
    public static SmtpReply SenderNotOwn { get; } = Of(553, new(5, 7, 1), "Sender address is not yours");

    /// <summary>The client sent *.</summary>
    public static SmtpReply AuthCancelled { get; } = Of(501, new(5, 7, 0), "Authentication cancelled");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply AuthBadBase64 { get; } = Of(501, new(5, 5, 2), "Cannot decode response");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply AuthUnknownMechanism { get; } = Of(504, new(5, 5, 4), "Mechanism not available");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply AlreadyAuthenticated { get; } = Of(503, new(5, 5, 1), "Already authenticated");

    /// <summary>RFC 3207 §4.2.</summary>
    public static SmtpReply TlsActive { get; } = Of(503, new(5, 5, 1), "TLS is already active");

    /// <summary>RFC 3207 §4.</summary>
    public static SmtpReply TlsUnavailable { get; } = Of(454, new(4, 7, 0), "TLS is not available now");

    /// <summary>RFC 5321 §3.8.</summary>
    public static SmtpReply ShuttingDown { get; } = Of(421, new(4, 3, 2), "Service is shutting down, closing connection");

    /// <summary>RFC 5321 §4.5.3.2.</summary>
    public static SmtpReply TimedOut { get; } = Of(421, new(4, 4, 2), "Timeout, closing connection");

    /// <summary>A client that only makes mistakes.</summary>
    public static SmtpReply TooManyErrors { get; } = Of(421, new(4, 7, 0), "Too many errors, closing connection");

    /// <summary>From this client, or at all.</summary>
    public static SmtpReply TooManyConnections { get; } = Of(421, new(4, 7, 0), "Too many connections, closing connection");

    /// <summary>The client may connect again.</summary>
    public static SmtpReply TooManyTransactions { get; } = Of(421, new(4, 7, 0), "Too many messages, closing connection");

    /// <summary>The first bytes are another protocol's.</summary>
    public static SmtpReply ForeignProtocol { get; } = Of(554, new(5, 5, 1), "This is SMTP, closing connection");

    /// <summary>The client talked first (RFC 5321 §3.1).</summary>
    public static SmtpReply EarlyTalker { get; } = Of(554, new(5, 5, 1), "Wait for the greeting, closing connection");

    /// <summary>Bytes behind a command that must be the last of its group (RFC 2920 §3.1).</summary>
    public static SmtpReply BadPipelining { get; } = Of(554, new(5, 5, 0), "Improper pipelining, closing connection");

    /// <summary>Something of ours failed; nothing was accepted.</summary>
    public static SmtpReply LocalError { get; } = Of(451, new(4, 3, 0), "Local error, try again later");

    /// <summary>RFC 5321 §4.2.2.</summary>
    public static SmtpReply StorageFull { get; } = Of(452, new(4, 3, 1), "Not enough storage, try again later");

    /// <summary>A recipient could not be looked up.</summary>
    public static SmtpReply NotNow { get; } = Of(450, new(4, 2, 0), "Cannot be decided now, try again later");

    /// <summary>The greeting of a new connection (RFC 5321 §4.3.1).</summary>
    /// <param name="hostname">Our name.</param>
    /// <param name="protocol">"ESMTP" or "LMTP".</param>
    public static SmtpReply Greeting(string hostname, string protocol) => Of(220, null, $"{hostname} {protocol} Postern");

    /// <summary>The answer to HELO.</summary>
    public static SmtpReply Hello(string hostname) => Of(250, null, hostname);

    /// <summary>The message is on stable storage.</summary>
    /// <param name="id">Its id, to be found again in the logs.</param>
    public static SmtpReply Queued(ReadOnlySpan<byte> id) => SmtpReply.Line(250, Ok.Status, [.. "Ok, queued as "u8, .. id]);

    /// <summary>The reply to a fault of a command's argument.</summary>
    public static SmtpReply For(CommandFault fault) => fault switch
    {
        CommandFault.BadSender => BadSender,
        CommandFault.BadRecipient => BadRecipient,
        CommandFault.NeedsSmtpUtf8 => NeedsSmtpUtf8,
        CommandFault.BadUtf8 => BadUtf8,
        CommandFault.SourceRoute => SourceRoute,
        CommandFault.UnknownParameter => UnknownParameter,
        CommandFault.BadParameter => BadParameter,
        _ => BadArgument,
    };

    /// <summary>The reply to a fault in a command line.</summary>
    public static SmtpReply ForCommandLine(LineFault fault) => fault switch
    {
        LineFault.TooLong => LineTooLong,
        LineFault.Nul => NulInLine,
        _ => BareLineEnd,
    };

    /// <summary>The reply to a fault in content.</summary>
    public static SmtpReply ForContent(LineFault fault) => fault == LineFault.Nul ? NulInContent : BareLineEndInContent;

    private static SmtpReply Of(int code, EnhancedStatus? status, string text) =>
        SmtpReply.Line(code, status, Encoding.ASCII.GetBytes(text));
}
