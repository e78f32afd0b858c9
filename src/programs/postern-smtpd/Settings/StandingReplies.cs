using Postern.Smtp;

namespace Postern.Smtpd.Settings;

/// <summary>The replies that name this server or what it offers; made once per configuration.</summary>
internal sealed class StandingReplies
{
    /// <summary>What is always on offer after EHLO and LHLO. No BINARYMIME: content consists of lines.</summary>
    internal const SmtpExtensions Offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Chunking | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.Limits | SmtpExtensions.Help;

    internal StandingReplies(string hostName, long messageSize, int recipients, bool offersTls)
    {
        Greeting = Replies.Greeting(hostName, "ESMTP");
        LmtpGreeting = Replies.Greeting(hostName, "LMTP");
        Hello = Replies.Hello(hostName);
        var offer = new EhloOffer { Extensions = Offered, MaxSize = messageSize, MaxRecipients = recipients };
        SecuredHello = offer.ToReply(hostName);
        var submission = offer with { Extensions = Offered | SmtpExtensions.Auth, AuthMechanisms = "SCRAM-SHA-256 PLAIN LOGIN" };
        SubmissionHello = submission.ToReply(hostName);
        BoundSubmissionHello = (submission with { AuthMechanisms = $"SCRAM-SHA-256-PLUS {submission.AuthMechanisms}" }).ToReply(hostName);
        ExtendedHello = offersTls ? (offer with { Extensions = Offered | SmtpExtensions.StartTls }).ToReply(hostName) : SecuredHello;
    }

    /// <summary>The greeting of SMTP.</summary>
    internal SmtpReply Greeting { get; }

    /// <summary>The greeting of LMTP (RFC 2033 §4.1).</summary>
    internal SmtpReply LmtpGreeting { get; }

    /// <summary>The answer to HELO.</summary>
    internal SmtpReply Hello { get; }

    /// <summary>The answer to EHLO and LHLO.</summary>
    internal SmtpReply ExtendedHello { get; }

    /// <summary>The same inside TLS.</summary>
    internal SmtpReply SecuredHello { get; }

    /// <summary>The same where users log in.</summary>
    internal SmtpReply SubmissionHello { get; }

    /// <summary>The same where a login can be bound to the connection (RFC 5802 §6).</summary>
    internal SmtpReply BoundSubmissionHello { get; }
}
