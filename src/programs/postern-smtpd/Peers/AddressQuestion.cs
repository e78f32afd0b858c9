using Postern.Ipc.Directory;

namespace Postern.Smtpd.Peers;

/// <summary>One session's question to the directory; the object serves all of its questions, one after another.</summary>
internal sealed class AddressQuestion(TimedWait wait)
{
    /// <summary>The answer; null until it is there.</summary>
    internal AddressVerdict? Verdict { get; private set; }

    /// <summary>True when the directory went away before it answered.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>True while neither has happened.</summary>
    internal bool IsPending => Verdict is null && !IsLost;

    /// <summary>What the session waits by.</summary>
    internal TimedWait Wait { get; } = wait;

    internal void Ask() => (Verdict, IsLost) = (null, false);

    internal void Answer(AddressVerdict verdict)
    {
        Verdict = verdict;
        Wait.Wake();
    }

    internal void Lose()
    {
        IsLost = true;
        Wait.Wake();
    }
}
