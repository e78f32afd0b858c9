using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Logins;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>Passes on what clients that log in say, and what they are to be told. What is in it, nobody looks at here.</summary>
internal sealed class LoginLink(EventLoop loop, EventLog log) : ProgramLink(loop, log, "auth")
{
    /// <summary>How long an answer may take: a password is hashed, and others wait in line.</summary>
    internal static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<uint, LoginExchange> _open = [];
    private uint _last;

    /// <inheritdoc/>
    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        // The number of an exchange that was given up means nothing any more, and none is given twice: what comes late is for nobody.
        if (type == LoginChallengeFrame.Type)
        {
            if (!LoginChallengeFrame.TryRead(ref reader, out var challenge)) return false;
            if (_open.TryGetValue(challenge.Exchange, out var asked)) asked.Challenged(challenge.Challenge);
            return true;
        }

        if (type != LoginResultFrame.Type || !LoginResultFrame.TryRead(ref reader, out var result)) return false;
        if (_open.Remove(result.Exchange, out var ended)) ended.Ended(result.Verdict, result.Name);
        return true;
    }

    /// <summary>Begins an exchange; null when nobody is there to judge it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<LoginExchange?> BeginAsync(TimedWait wait)
    {
        if (!await ConnectedAsync(wait)) return null;
        // Every number once, whichever channel: what belongs to one attempt must never be taken for a part of another.
        if (_last == uint.MaxValue) return null;
        var exchange = new LoginExchange(this, ++_last, wait);
        _open.Add(exchange.Number, exchange);
        return exchange;
    }

    /// <summary>Sends a frame of an exchange.</summary>
    internal void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct => Channel?.Send(frame);

    /// <summary>Gives an exchange up, if it is not over.</summary>
    internal void End(LoginExchange exchange)
    {
        if (_open.Remove(exchange.Number)) Send(new LoginEndFrame { Exchange = exchange.Number });
    }

    private protected override void OnLost()
    {
        var lost = _open.Values.ToArray();
        _open.Clear();
        foreach (var exchange in lost) exchange.Ended(LoginVerdict.Unavailable, default);
    }
}
