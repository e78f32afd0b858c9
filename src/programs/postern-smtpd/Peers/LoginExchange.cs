using System.Runtime.CompilerServices;
using Postern.Ipc.Logins;
using Postern.Loop;

namespace Postern.Smtpd.Peers;

/// <summary>One attempt of a client to log in, as far as it can be seen here: what it is to be sent, and how it ended.</summary>
internal sealed class LoginExchange(LoginLink link, uint number, TimedWait wait)
{
    private bool _isAnswered;

    /// <summary>Its number.</summary>
    internal uint Number => number;

    /// <summary>What the client is to be sent.</summary>
    internal byte[] Challenge { get; private set; } = [];

    /// <summary>How it ended; null while it goes on.</summary>
    internal LoginVerdict? Verdict { get; private set; }

    /// <summary>True once it ended, also without an answer.</summary>
    internal bool IsOver => Verdict is not null;

    /// <summary>Who logged in.</summary>
    internal byte[] Name { get; private set; } = [];

    /// <summary>Waits for what the client is to be told.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask AnsweredAsync()
    {
        wait.Begin(LoginLink.AnswerPatience);
        while (!_isAnswered && await wait.NextAsync())
        {
        }

        wait.End();
        if (!_isAnswered) Verdict = LoginVerdict.Unavailable;
        _isAnswered = false;
    }

    /// <summary>It is over for the client: whatever comes of it is for nobody.</summary>
    internal void End() => link.End(this);

    internal void Challenged(ReadOnlySpan<byte> challenge)
    {
        Challenge = challenge.ToArray();
        Answer();
    }

    internal void Ended(LoginVerdict verdict, ReadOnlySpan<byte> name)
    {
        (Verdict, Name) = (verdict, name.ToArray());
        Answer();
    }

    private void Answer()
    {
        _isAnswered = true;
        wait.Wake();
    }
}
