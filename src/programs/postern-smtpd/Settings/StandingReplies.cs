using Postern.Ipc.Slices;
using Postern.Smtp;
using Postern.Smtpd.Sessions;

namespace Postern.Smtpd.Settings;

/// <summary>The replies that name this server or what it offers; made once per configuration.</summary>
internal sealed class StandingReplies
{
    /// <summary>What is always on offer after EHLO and LHLO. No BINARYMIME: content consists of lines.</summary>
    internal const SmtpExtensions Offered = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime
        | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Chunking | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.Limits | SmtpExtensions.Help;

    /// <summary>What is on offer within TLS besides (RFC 8689 §2).</summary>
    internal const SmtpExtensions Secured = Offered | SmtpExtensions.RequireTls;

    private readonly string _hostName;
    private readonly LoginWays _logins;

    internal StandingReplies(string hostName, EhloOffer limits, bool offersTls, LoginWays logins)
    {
        (_hostName, _logins) = (hostName, logins);
        Greeting = Replies.Greeting(hostName, "ESMTP");
        LmtpGreeting = Replies.Greeting(hostName, "LMTP");
        Hello = Replies.Hello(hostName);
        SecuredHello = (limits with { Extensions = Secured }).ToReply(hostName);
        ExtendedHello = (limits with { Extensions = offersTls ? Offered | SmtpExtensions.StartTls : Offered }).ToReply(hostName);
        Submission = limits with { Extensions = Secured | SmtpExtensions.Auth | (limits.MaxHold > 0 ? SmtpExtensions.FutureRelease : SmtpExtensions.None) };
    }

    /// <summary>What is on offer where users log in; two things of it are filled in for each client.</summary>
    internal EhloOffer Submission { get; }

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

    /// <summary>The same where users log in: made anew each time, as it has a moment in it (RFC 4865).</summary>
    internal SmtpReply SubmissionHello(SessionSecurity security, DateTimeOffset now) =>
        (Submission with { AuthMechanisms = Mechanisms(security), LastRelease = now.AddSeconds(Submission.MaxHold) }).ToReply(_hostName);

    private string Mechanisms(SessionSecurity security)
    {
        List<string> names = [];
        if (_logins.HasFlag(LoginWays.Scram))
        {
            // RFC 5802 §6: where a login can be bound to the connection.
            if (security.HasBinding) names.Add("SCRAM-SHA-256-PLUS");
            names.Add("SCRAM-SHA-256");
        }

        // RFC 4422, appendix A: where the client has shown a certificate.
        if (security.Voucher.Length > 0) names.Add("EXTERNAL");
        if (_logins.HasFlag(LoginWays.Tokens)) names.AddRange("OAUTHBEARER", "XOAUTH2");
        names.AddRange("PLAIN", "LOGIN");
        return string.Join(' ', names);
    }
}
