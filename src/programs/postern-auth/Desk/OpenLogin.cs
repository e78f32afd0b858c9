using Postern.Auth.Store;
using Postern.Ipc.Logins;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Sasl;
using Postern.Text;

namespace Postern.Auth.Desk;

/// <summary>One exchange of one client.</summary>
internal sealed class OpenLogin
{
    private const int NonceBytes = 18;

    private readonly IpAddress _client;
    private readonly ServiceKind _service;
    private readonly SaslMechanism _mechanism;
    private readonly LimitedAccounts _accounts;
    private readonly SaslExchange _exchange;

    private OpenLogin(IpAddress client, in LoginStartFrame start, LoginBook book, AccountTable accounts)
    {
        (_client, _service, _mechanism) = (client, start.Service, (SaslMechanism)start.Mechanism);
        _accounts = new LimitedAccounts(book, accounts, new ClientNetwork(client));
        var binding = new ChannelBinding(start.EndPoint.ToArray(), start.Exporter.ToArray());
        _exchange = _mechanism switch
        {
            SaslMechanism.Plain => new PlainExchange(_accounts),
            SaslMechanism.Login => new LoginExchange(_accounts),
            _ => new ScramExchange(_accounts, binding, _mechanism == SaslMechanism.ScramSha256Plus, Nonce()),
        };
    }

    /// <summary>What the client is sent when it began without a message.</summary>
    internal ReadOnlyMemory<byte> Invitation => _exchange.Invitation;

    /// <summary>Begins one; null when the accounts can't be read.</summary>
    internal static OpenLogin? Begin(in LoginStartFrame start, LoginBook book) =>
        book.Accounts is { } accounts ? new OpenLogin(IpAddress.FromBytes(start.Client), start, book, accounts) : null;

    /// <summary>Takes what the client says.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="challenge">What it is to be sent, when it goes on.</param>
    /// <returns>How it ended; null when it goes on.</returns>
    internal LoginOutcome? Next(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> challenge)
    {
        var proven = _exchange.Proven;
        var step = _exchange.Next(message);
        challenge = step.Challenge;
        if (_accounts.IsLimited)
        {
            return LoginOutcome.Limited;
        }

        if (step.GoesOn)
        {
            return null;
        }

        Login = step.Login;
        if (Login is not null)
        {
            _accounts.Succeed();
            return LoginOutcome.LoggedIn;
        }

        if (proven is not null)
        {
            return Unconfirmed(proven);
        }

        return step.Failure switch
        {
            SaslFailure.Malformed => LoginOutcome.Malformed,
            SaslFailure.NotAuthorized => LoginOutcome.NotAuthorized,
            SaslFailure.WrongBinding => LoginOutcome.WrongBinding,
            _ => LoginOutcome.Refused,
        };
    }

    /// <summary>The client gave up, or is gone.</summary>
    /// <returns>How it ended.</returns>
    internal LoginOutcome Abandon() => _exchange.Proven is { } proven ? Unconfirmed(proven) : LoginOutcome.Abandoned;

    /// <summary>Who logged in, or could have.</summary>
    internal Login? Login { get; private set; }

    /// <summary>What is kept of it.</summary>
    internal LoginRecord RecordOf(LoginOutcome outcome, DateTimeOffset now) => new()
    {
        Time = now,
        Outcome = outcome,
        Service = _service.ToString().ToLowerInvariant(),
        Mechanism = _mechanism,
        Address = _client,
        Name = _accounts.Name,
        Detail = Login?.Label ?? _accounts.Unknown,
    };

    // RFC 5802 §3: the client does not trust our proof. RFC 4954 §4 makes it no login. But it was no guess, and who tries out a
    // stolen password in this way must not remain unseen.
    private LoginOutcome Unconfirmed(Login proven)
    {
        Login = proven;
        _accounts.Succeed();
        return LoginOutcome.Unconfirmed;
    }

    // Printable, without commas.
    private static byte[] Nonce()
    {
        Span<byte> text = stackalloc byte[Base64Text.LengthFor(NonceBytes)];
        return text[..Base64Text.Encode(RandomBytes.Take(NonceBytes), text)].ToArray();
    }
}
