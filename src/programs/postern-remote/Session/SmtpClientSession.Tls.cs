using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Protection;
using Postern.Smtp;
using Postern.Tls.Sessions;

namespace Postern.Remote.Session;

/// <content>TLS (RFC 3207): asked for where the server offers it, and nothing else said where it has to be.</content>
internal sealed partial class SmtpClientSession
{
    /// <summary>How far it came with TLS.</summary>
    internal SessionTls Tls { get; private set; }

    /// <summary>Protects the session as it has to be; false when it can't go on.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ProtectAsync(HopProtection protection)
    {
        if (protection.Expectation is null)
        {
            return true;
        }

        if (!_offered.Offers(SmtpExtensions.StartTls))
        {
            Tls = SessionTls.NotOffered;
            return protection.Demand is null || Deny(EnhancedStatus.SecurityLacking, $"{Host} does not offer STARTTLS, and {protection.Demand}");
        }

        _outgoing.Append(ClientCommand.StartTls);
        if (!await SendAsync(SessionTimeouts.Command) || !await ReadReplyAsync(SessionTimeouts.Command))
        {
            return false;
        }

        if (_reader.Code != 220)
        {
            Tls = _reader.Code / 100 == 4 ? SessionTls.NotNow : SessionTls.NotOffered;
            return protection.Demand is null || Deny(EnhancedStatus.SecurityLacking, $"{Host} refuses STARTTLS, and {protection.Demand}");
        }

        // What came behind its answer was said before TLS, by whomever: taken for an answer within it, it would be believed (I14).
        if (_incoming.Length > 0)
        {
            return Odd("more than the answer to STARTTLS");
        }

        if (!await ShakeHandsAsync(protection))
        {
            return false;
        }

        // RFC 3207 §4.2: what it offered before is forgotten.
        _offered = new EhloCapabilities();
        return await HelloAsync(Hop.IsLmtp ? CommandVerb.Lhlo : CommandVerb.Ehlo)
            || (Failure is null && (_reader.Code < 400 ? Odd("unexpected reply to the hello") : Refuse()));
    }

    /// <summary>Begins TLS; false when it fails or the server is not the one that it has to be.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ShakeHandsAsync(HopProtection protection)
    {
        var expectation = protection.Expectation!;
        TlsClient? own = null;
        if (protection.Login?.TryGetClient(out own, out var problem) == false)
        {
            protection.Login.Failed(problem);
            return Deny(EnhancedStatus.TemporaryPolicy, problem);
        }

        var (facts, failure) = await _stream.BeginTlsAsync(own ?? _setting.Current(), expectation, SessionTimeouts.Handshake);
        if (facts is null)
        {
            Tls = SessionTls.Broken;
            return Deny(EnhancedStatus.CryptographicFailure, $"TLS with {Host} failed: {failure}{(protection.IsRemembered ? $"; {protection.Demand}" : string.Empty)}");
        }

        Tls = Outcome(facts.Verdict);
        if (expectation.Assurance != TlsAssurance.None && facts.Verdict != TlsVerdict.Known && protection.IsRequired)
        {
            return Deny(EnhancedStatus.CryptographicFailure, $"{Host} can't show that it is the right server: {Words(facts.Verdict)}, and {protection.Reason}");
        }

        _setting.Log.Info("tls").Quoted("host", _target.Text).Word("version", facts.Version).Word("suite", facts.Suite)
            .Word("known", facts.Verdict != TlsVerdict.Known ? "no" : expectation.Assurance == TlsAssurance.Association ? "dane" : "authority")
            .Write();
        return true;
    }

    private static SessionTls Outcome(TlsVerdict verdict) => verdict switch
    {
        TlsVerdict.Known or TlsVerdict.NotAsked => SessionTls.Established,
        TlsVerdict.OtherName => SessionTls.OtherName,
        TlsVerdict.Expired => SessionTls.Expired,
        TlsVerdict.NotVouchedFor => SessionTls.NotVouchedFor,
        TlsVerdict.NotAssociated => SessionTls.NotAssociated,
        _ => SessionTls.Unfit,
    };

    private static string Words(TlsVerdict verdict) => verdict switch
    {
        TlsVerdict.OtherName => "its certificate is for other names",
        TlsVerdict.Expired => "its certificate is not valid now",
        TlsVerdict.NotVouchedFor => "nobody who is trusted vouches for its certificate",
        TlsVerdict.NotAssociated => "its certificate is not the one that is published",
        _ => "its certificate is unfit",
    };

    private bool Deny(EnhancedStatus status, string text) => Fail(Temporary(status, text));
}
