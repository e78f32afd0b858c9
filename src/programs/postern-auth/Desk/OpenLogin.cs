using System.Text;
using Postern.Auth.Sources;
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

    private OpenLogin(in LoginStartFrame start, SaslMechanism mechanism, LimitedAccounts accounts, SaslExchange exchange)
    {
        (_client, _service, _mechanism) = (IpAddress.FromBytes(start.Client), start.Service, mechanism);
        (_accounts, _exchange) = (accounts, exchange);
    }

    /// <summary>What the client is sent when it began without a message.</summary>
    internal ReadOnlyMemory<byte> Invitation => _exchange.Invitation;

    /// <summary>Who logged in, or could have.</summary>
    internal Login? Login { get; private set; }

    /// <summary>Where the client is.</summary>
    internal IpAddress Client => _client;

    /// <summary>What somebody else has to judge, and smtpd waits for; null when there is nothing.</summary>
    internal PasswordClaim? Claim { get; private set; }

    /// <summary>Begins one.</summary>
    /// <param name="start">What smtpd says.</param>
    /// <param name="means">What it is judged by.</param>
    /// <param name="refusal">Why there is none.</param>
    internal static OpenLogin? Begin(in LoginStartFrame start, LoginMeans means, out LoginVerdict refusal)
    {
        refusal = LoginVerdict.Unavailable;
        if (means.Book.Accounts is not { } known)
        {
            return null;
        }

        var accounts = new LimitedAccounts(means.Book, known, new ClientNetwork(IpAddress.FromBytes(start.Client)));
        if (!SaslMechanismNames.TryFind(start.Mechanism, out var mechanism) || !IsThere(mechanism, start, means))
        {
            refusal = LoginVerdict.Unsupported;
            return null;
        }

        return (mechanism == SaslMechanism.External && !(means.Vouchers.HasKey && means.Book.Certificates.CanBeRead))
            || (mechanism is SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2 && !means.Tokens!.CanBeRead)
            ? null
            : new OpenLogin(start, mechanism, accounts, ExchangeOf(mechanism, start, means, accounts));
    }

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

        if (step.Claim is { } claim)
        {
            if (!_accounts.TryBegin(Encoding.UTF8.GetBytes(claim.Name)))
            {
                return LoginOutcome.Limited;
            }

            Claim = claim;
            return null;
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

    /// <summary>Takes the word of whoever judged the claim.</summary>
    /// <param name="verdict">His word.</param>
    /// <param name="name">The account, when the password is right.</param>
    /// <returns>How it ended.</returns>
    internal LoginOutcome Judged(PasswordVerdict verdict, string name)
    {
        if (verdict == PasswordVerdict.Wrong)
        {
            return LoginOutcome.Refused;
        }

        // What could not be judged was no guess: else an outage would keep everybody out beyond its end.
        _accounts.Succeed();
        Login = verdict == PasswordVerdict.Right ? new Login(name, string.Empty) : null;
        return Login is null ? LoginOutcome.Unavailable : LoginOutcome.LoggedIn;
    }

    /// <summary>The client gave up, or is gone.</summary>
    /// <returns>How it ended.</returns>
    internal LoginOutcome Abandon() => _exchange.Proven is { } proven ? Unconfirmed(proven) : LoginOutcome.Abandoned;

    /// <summary>What is kept of it.</summary>
    internal LoginRecord RecordOf(LoginOutcome outcome, DateTimeOffset now) => new()
    {
        Time = now,
        Outcome = outcome,
        Service = _service.ToString().ToLowerInvariant(),
        Mechanism = _mechanism,
        Address = _client,
        Name = Login?.Name ?? _accounts.Name,
        Detail = Login?.Label ?? _accounts.Unknown,
    };

    private static bool IsThere(SaslMechanism mechanism, in LoginStartFrame start, LoginMeans means) => mechanism switch
    {
        SaslMechanism.External => !start.Voucher.IsEmpty,
        SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2 => means.Tokens is not null,
        // Whose verifier is not ours has to be asked with the password.
        SaslMechanism.ScramSha256 or SaslMechanism.ScramSha256Plus => means.Passwords is null,
        _ => true,
    };

    private static SaslExchange ExchangeOf(SaslMechanism mechanism, in LoginStartFrame start, LoginMeans means, LimitedAccounts accounts) => mechanism switch
    {
        SaslMechanism.Plain => new PlainExchange(means.Passwords is null ? accounts : null),
        SaslMechanism.Login => new LoginExchange(means.Passwords is null ? accounts : null),
        SaslMechanism.External => new ExternalExchange(HolderOf(start, means)),
        SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2 => new BearerExchange(means.Tokens!, mechanism == SaslMechanism.XOAuth2),
        _ => new ScramExchange(accounts, new ChannelBinding(start.EndPoint.ToArray(), start.Exporter.ToArray()), mechanism == SaslMechanism.ScramSha256Plus, Nonce()),
    };

    private static Login? HolderOf(in LoginStartFrame start, LoginMeans means)
    {
        var fingerprint = means.Vouchers.Judge(start.Service, IpAddress.FromBytes(start.Client), start.Voucher, means.Time.GetUtcNow());
        return means.Book.Certificates.Find(fingerprint) is { } found ? new Login(found.Name, found.Label) : null;
    }

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
