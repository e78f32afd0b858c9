using Postern.Smtp;

namespace Postern.Smtpd.Settings;

/// <summary>The replies that name this server or what it offers; made once per configuration.</summary>
internal sealed class StandingReplies
{
    /// <summary>What is on offer after EHLO and LHLO. No BINARYMIME: content consists of lines. No STARTTLS and no AUTH yet.</summary>
    internal const SmtpExtensions Offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Chunking | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.Limits | SmtpExtensions.Help;

    internal StandingReplies(string hostName, long messageSize, int recipients)
    {
        Greeting = Replies.Greeting(hostName, "ESMTP");
        LmtpGreeting = Replies.Greeting(hostName, "LMTP");
        Hello = Replies.Hello(hostName);
        ExtendedHello = new EhloOffer { Extensions = Offered, MaxSize = messageSize, MaxRecipients = recipients }.ToReply(hostName);
    }

    /// <summary>The greeting of SMTP.</summary>
    internal SmtpReply Greeting { get; }

    /// <summary>The greeting of LMTP (RFC 2033 §4.1).</summary>
    internal SmtpReply LmtpGreeting { get; }

    /// <summary>The answer to HELO.</summary>
    internal SmtpReply Hello { get; }

    /// <summary>The answer to EHLO and LHLO.</summary>
    internal SmtpReply ExtendedHello { get; }
}
