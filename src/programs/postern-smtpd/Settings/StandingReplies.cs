using Postern.Ipc.Slices;
using Postern.Smtp;

namespace Postern.Smtpd.Settings;

/// <summary>The replies that name this server or what it offers; made once per configuration.</summary>
internal sealed class StandingReplies
{
    /// <summary>What is always on offer after EHLO and LHLO. No BINARYMIME: content consists of lines.</summary>
    internal const SmtpExtensions Offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Chunking | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.Limits | SmtpExtensions.Help;

    private const int Bound = 1;
    private const int Certified = 2;

    private readonly SmtpReply[] _submissionHellos;

    internal StandingReplies(string hostName, long messageSize, int recipients, bool offersTls, LoginWays logins)
    {
        Greeting = Replies.Greeting(hostName, "ESMTP");
        LmtpGreeting = Replies.Greeting(hostName, "LMTP");
        Hello = Replies.Hello(hostName);
        var offer = new EhloOffer { Extensions = Offered, MaxSize = messageSize, MaxRecipients = recipients };
        SecuredHello = offer.ToReply(hostName);
        var submission = offer with { Extensions = Offered | SmtpExtensions.Auth };
        _submissionHellos = [.. Enumerable.Range(0, 4).Select(kind => (submission with { AuthMechanisms = Mechanisms(kind, logins) }).ToReply(hostName))];
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
    /// <param name="isBound">True when a login can be bound to the connection (RFC 5802 §6).</param>
    /// <param name="isCertified">True when the client has shown a certificate (RFC 4422, appendix A).</param>
    internal SmtpReply SubmissionHello(bool isBound, bool isCertified) => _submissionHellos[(isBound ? Bound : 0) + (isCertified ? Certified : 0)];

    private static string Mechanisms(int kind, LoginWays logins)
    {
        List<string> names = [];
        if (logins.HasFlag(LoginWays.Scram))
        {
            if ((kind & Bound) != 0) names.Add("SCRAM-SHA-256-PLUS");
            names.Add("SCRAM-SHA-256");
        }

        if ((kind & Certified) != 0) names.Add("EXTERNAL");
        if (logins.HasFlag(LoginWays.Tokens)) names.AddRange("OAUTHBEARER", "XOAUTH2");
        names.AddRange("PLAIN", "LOGIN");
        return string.Join(' ', names);
    }
}
