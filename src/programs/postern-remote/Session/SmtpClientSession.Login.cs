using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Remote.Logins;
using Postern.Sasl;
using Postern.Smtp;
using Postern.Text;
using Postern.Tls.Sessions;

namespace Postern.Remote.Session;

/// <content>AUTH (RFC 4954): within TLS, and to a server that has shown that it is the one that the login is for.</content>
/// <remarks>Of what the server answers nothing is passed on but its code: it may repeat what was said to it.</remarks>
internal sealed partial class SmtpClientSession
{
    private const int NonceBytes = 18;
    private const int MaxChallenge = ReplyReader.MaxText / 4 * 3;

    /// <summary>Logs in; false when the session can't go on.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> LogInAsync(HostLogin login)
    {
        if (_stream.Facts is not { Verdict: TlsVerdict.Known })
        {
            throw new InvalidOperationException("A login is told to nobody who is not known.");
        }

        if (!login.TryRead(out var credentials, out var problem))
        {
            return Fail(login, problem);
        }

        using (credentials)
        {
            return await LogInAsync(login, credentials);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> LogInAsync(HostLogin login, ClientCredentials credentials)
    {
        if (ClientExchange.Choose(Offers, credentials, BindingOf(_stream.Facts!), NewNonce()) is not { } exchange)
        {
            return Fail(login, $"{Host} offers no way to log in that is known here");
        }

        var isSaid = ClientCommand.WriteAuth(NameOf(exchange.Mechanism), exchange.Initial, _outgoing.Reserve(ClientCommand.MaxCommand), out var length);
        _outgoing.Advance(length);
        while (await SendAsync(SessionTimeouts.Command) && await ReadAnyReplyAsync(SessionTimeouts.Command) && _reader.Code == 334)
        {
            var answer = isSaid ? AnswerOf(exchange) : exchange.Initial;
            isSaid = true;
            if (answer is null || !ClientCommand.TryWriteAnswer(answer, _outgoing.Reserve(ClientCommand.MaxCommand), out length))
            {
                _outgoing.Append(ClientCommand.Cancel);
                _ = await SendAsync(SessionTimeouts.Command) && await ReadAnyReplyAsync(SessionTimeouts.Command);
                return Fail(login, $"{Host} says what does not belong into a login, or does not know the password itself");
            }

            _outgoing.Advance(length);
        }

        return Failure is null && Judge(login, exchange);
    }

    /// <summary>What the last reply means for the login.</summary>
    private bool Judge(HostLogin login, ClientExchange exchange)
    {
        switch (_reader.Code)
        {
            case 235 when exchange.IsSatisfied:
                login.Succeeded();
                return true;
            case 235:
                return Fail(login, $"{Host} says yes without having shown that it knows the password");
            case not 421 and >= 400 and < 500:
                return Fail(login, $"{Host} can't log anybody in now ({Verdict})");
            // Who is sent away for what he said would be for it again.
            case 421 or >= 500:
                _hasRefused |= _reader.Code == 421;
                login.Refused($"{Host} refuses the login ({Verdict})");
                return Deny(EnhancedStatus.TemporaryPolicy, $"{Host} refuses the login ({Verdict})");
            default:
                return Odd("unexpected reply to a login");
        }
    }

    private string Verdict => _reader.Status is { } status ? $"{_reader.Code} {status}" : $"{_reader.Code}";

    private bool Fail(HostLogin login, string why)
    {
        login.Failed(why);
        return Deny(EnhancedStatus.TemporaryPolicy, why);
    }

    private bool Offers(SaslMechanism mechanism) => _offered.OffersMechanism(NameOf(mechanism));

    private byte[]? AnswerOf(ClientExchange exchange)
    {
        Span<byte> challenge = stackalloc byte[MaxChallenge];
        return Base64Text.TryDecode(_reader.Text, challenge, out var length) ? exchange.Answer(challenge[..length]) : null;
    }

    // "tls-exporter" is what TLS 1.3 has; before it servers know the other one (RFC 9266 §3, RFC 5929 §4).
    private static ChannelBinding BindingOf(TlsFacts facts) =>
        facts.Version == "TLSv1.3" ? new ChannelBinding(default, facts.Exporter) : new ChannelBinding(facts.EndPoint, default);

    private static byte[] NewNonce()
    {
        Span<byte> random = stackalloc byte[NonceBytes];
        RandomBytes.Fill(random);
        return Base64Text.Encode(random);
    }

    private static ReadOnlySpan<byte> NameOf(SaslMechanism mechanism) => mechanism switch
    {
        SaslMechanism.ScramSha256Plus => "SCRAM-SHA-256-PLUS"u8,
        SaslMechanism.ScramSha256 => "SCRAM-SHA-256"u8,
        SaslMechanism.Plain => "PLAIN"u8,
        SaslMechanism.Login => "LOGIN"u8,
        _ => default,
    };
}
