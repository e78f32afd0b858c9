using System.Text;
using Postern.Auth.Store;
using Postern.Ipc;
using Postern.Ipc.Logins;
using Postern.Ipc.Wire;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Desk;

/// <summary>What smtpd asks, and what it is told: a challenge to pass on, or how it ended.</summary>
/// <param name="book">Who may log in.</param>
/// <param name="log">The log.</param>
internal sealed class LoginDesk(LoginBook book, EventLog log) : IChannelEvents
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
            book.Add(login.RecordOf(login.Abandon(), channel.Loop.Time.GetUtcNow()));
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

        if (_open.Count >= MaxOpen || OpenLogin.Begin(start, book) is not { } login)
        {
            // What follows of it is passed over.
            Answer(start.Exchange, _open.Count >= MaxOpen ? LoginVerdict.Later : LoginVerdict.Unavailable);
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

        if (login.Next(message.Message, out var challenge) is not { } outcome)
        {
            Channel!.Send(new LoginChallengeFrame { Exchange = message.Exchange, Challenge = challenge.Span });
            return true;
        }

        _open.Remove(message.Exchange);
        book.Add(login.RecordOf(outcome, Now));
        Answer(message.Exchange, VerdictOf(outcome), outcome == LoginOutcome.LoggedIn ? login.Login : null);
        return true;
    }

    private bool End(uint exchange)
    {
        if (_open.Remove(exchange, out var login))
        {
            book.Add(login.RecordOf(login.Abandon(), Now));
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
        _ => LoginVerdict.Refused,
    };
}
