using System.Text;
using Postern.Auth.Sources;
using Postern.Ipc;
using Postern.Ipc.Logins;
using Postern.Ipc.Wire;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Desk;

/// <summary>What smtpd asks, and what it is told: a challenge to pass on, or how it ended.</summary>
/// <param name="means">What logins are judged by.</param>
/// <param name="log">The log.</param>
internal sealed class LoginDesk(LoginMeans means, EventLog log) : IChannelEvents
{
    /// <summary>Answers that may wait to be taken; whoever leaves more unread is not heard meanwhile. Arbitrary.</summary>
    internal const int MaxUnsent = 256 * 1024;

    /// <summary>Exchanges at one time: each keeps a client's message. Beyond it clients are told to come later.</summary>
    internal const int MaxOpen = 4096;

    private readonly Dictionary<uint, OpenLogin> _open = [];

    /// <summary>The line to smtpd.</summary>
    internal Channel? Channel { get; set; }

    /// <summary>Exchanges now.</summary>
    internal int OpenCount => _open.Count;

    private DateTimeOffset Now => Channel!.Loop.Time.GetUtcNow();

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) =>
        type == LoginStartFrame.Type ? LoginStartFrame.TryRead(ref reader, out var start) && Begin(start)
        : type == LoginMessageFrame.Type ? LoginMessageFrame.TryRead(ref reader, out var message) && Take(message)
        : type == LoginEndFrame.Type && LoginEndFrame.TryRead(ref reader, out var end) && End(end.Exchange);

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        foreach (var (_, login) in _open)
        {
            means.Book.Add(login.RecordOf(login.Abandon(), channel.Loop.Time.GetUtcNow()));
        }

        _open.Clear();
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "smtpd").Write();
        }
    }

    private bool Begin(in LoginStartFrame start)
    {
        if (_open.ContainsKey(start.Exchange))
        {
            return false;
        }

        // What follows of one that is refused here is passed over.
        if (_open.Count >= MaxOpen)
        {
            Answer(start.Exchange, LoginVerdict.Later);
            return true;
        }

        if (OpenLogin.Begin(start, means, out var refusal) is not { } login)
        {
            Answer(start.Exchange, refusal);
            return true;
        }

        _open.Add(start.Exchange, login);
        if (!start.HasMessage)
        {
            Channel!.Send(new LoginChallengeFrame { Exchange = start.Exchange, Challenge = login.Invitation.Span });
        }

        return true;
    }

    private bool Take(in LoginMessageFrame message)
    {
        if (!_open.TryGetValue(message.Exchange, out var login))
        {
            return true;
        }

        if (login.Claim is not null)
        {
            // It is being judged, and there is nothing to say.
            return false;
        }

        if (login.Next(message.Message, out var challenge) is { } outcome)
        {
            Finish(message.Exchange, login, outcome);
        }
        else if (login.Claim is { } claim)
        {
            var exchange = message.Exchange;
            means.Passwords!.Check(claim, login.Client, (verdict, name) => Judged(exchange, login, verdict, name));
        }
        else
        {
            Channel!.Send(new LoginChallengeFrame { Exchange = message.Exchange, Challenge = challenge.Span });
        }

        return true;
    }

    private void Judged(uint exchange, OpenLogin login, PasswordVerdict verdict, string name)
    {
        // A word that comes late is for nobody.
        if (_open.TryGetValue(exchange, out var open) && open == login)
        {
            Finish(exchange, login, login.Judged(verdict, name));
        }
    }

    private void Finish(uint exchange, OpenLogin login, LoginOutcome outcome)
    {
        _open.Remove(exchange);
        means.Book.Add(login.RecordOf(outcome, Now));
        Answer(exchange, VerdictOf(outcome), outcome == LoginOutcome.LoggedIn ? login.Login : null);
    }

    private bool End(uint exchange)
    {
        if (_open.Remove(exchange, out var login))
        {
            means.Book.Add(login.RecordOf(login.Abandon(), Now));
        }

        return true;
    }

    private void Answer(uint exchange, LoginVerdict verdict, Login? login = null) =>
        Channel!.Send(new LoginResultFrame { Exchange = exchange, Verdict = verdict, Name = login is null ? default : Encoding.UTF8.GetBytes(login.Name) });

    private static LoginVerdict VerdictOf(LoginOutcome outcome) => outcome switch
    {
        LoginOutcome.LoggedIn => LoginVerdict.LoggedIn,
        LoginOutcome.Malformed or LoginOutcome.Unconfirmed => LoginVerdict.Malformed,
        LoginOutcome.Limited => LoginVerdict.Later,
        LoginOutcome.Unavailable => LoginVerdict.Unavailable,
        _ => LoginVerdict.Refused,
    };
}
