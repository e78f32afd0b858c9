using Postern.Mail;
using Postern.Smtp;

namespace Postern.Smtpd.Commands;

/// <summary>Why a message is refused whose header a user may not send (RFC 6409 §6.3).</summary>
internal static class AuthorReplies
{
    private static readonly SmtpReply _badHeader = Malformed("The header has a line that is no field"u8);
    private static readonly SmtpReply _noFrom = Malformed("The header has no From field"u8);
    private static readonly SmtpReply _repeated = Malformed("The header has more than one From or Sender field"u8);
    private static readonly SmtpReply _badFrom = Malformed("The From field is no list of 1 to 16 addresses"u8);
    private static readonly SmtpReply _badSender = Malformed("The Sender field is not one address"u8);

    /// <summary>From or Sender names an address that is not the user's.</summary>
    internal static SmtpReply NotOwn { get; } =
        SmtpReply.Line(550, EnhancedStatus.NotAuthorized, "An address in the From or Sender field is not yours"u8);

    /// <summary>The reply to a header that does not tell who wrote it.</summary>
    internal static SmtpReply For(AuthorFault fault) => fault switch
    {
        AuthorFault.NoFrom => _noFrom,
        AuthorFault.Repeated => _repeated,
        AuthorFault.BadFrom => _badFrom,
        AuthorFault.BadSender => _badSender,
        _ => _badHeader,
    };

    private static SmtpReply Malformed(ReadOnlySpan<byte> text) => SmtpReply.Line(550, EnhancedStatus.BadContent, text);
}
