namespace Postern.CommandLine.Output;

/// <summary>Tells a person who waits how far something is: from the first second on, and once a second at most.</summary>
internal sealed class Progress(Screen screen, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private long _told = time.GetTimestamp();

    /// <summary>Tells it when it is time to.</summary>
    internal void Tell(Func<string> text)
    {
        if (time.GetElapsedTime(_told) >= _pause)
        {
            _told = time.GetTimestamp();
            screen.Remark(text());
        }
    }
}
