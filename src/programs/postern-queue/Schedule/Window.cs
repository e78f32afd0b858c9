namespace Postern.Queue.Schedule;

/// <summary>How many attempts may be under way to one destination: grows while they succeed, shrinks when they don't.</summary>
/// <remarks>
/// The shape is that of congestion control: one more per window of successes, half after a failure of the destination
/// itself. A destination that fails even with a window of one rests, ever longer, so that a dead one occupies nothing.
/// </remarks>
internal sealed class Window
{
    /// <summary>Where a destination starts that has answered once: Postfix's initial_destination_concurrency. Until then it has one.</summary>
    internal const int Start = 5;

    private const int FirstRestSeconds = 15;
    private const int LongestRestSeconds = 15 * 60;

    private readonly Queue<Destination> _parked = new();
    private int _largest;
    private long _firstRest;
    private double _size;
    private int _failuresInARow;

    /// <param name="largest">It never grows beyond this.</param>
    /// <param name="firstRetry">The first wait of a recipient: no destination's first rest is longer.</param>
    /// <param name="isProven">True for what the administrator named and for our own: it need not answer first.</param>
    internal Window(int largest, TimeSpan firstRetry, bool isProven)
    {
        (_size, IsProven) = (isProven ? Start : 1, isProven);
        Limit(largest, firstRetry);
    }

    /// <summary>False while it has never answered: whoever names domains can make up any number of such destinations.</summary>
    internal bool IsProven { get; private set; }

    /// <summary>Destinations that share it: domains with the same mail exchangers.</summary>
    internal int Members { get; set; }

    /// <summary>Destinations that have something to send and wait until it opens.</summary>
    internal int Parked => _parked.Count;

    /// <summary>Attempts under way.</summary>
    internal int Active { get; private set; }

    /// <summary>The moment in Unix seconds before which nothing is tried.</summary>
    internal long RestsUntil { get; private set; }

    /// <summary>How many may be under way now.</summary>
    internal int Size => (int)_size;

    /// <summary>What the last failed attempt said, for the administrator and for senders whose message never had its turn.</summary>
    internal string LastText { get; set; } = string.Empty;

    /// <summary>Its enhanced status.</summary>
    internal uint LastStatus { get; set; }

    /// <summary>True when one more may begin.</summary>
    internal bool IsOpen(long now) => Active < Size && !Rests(now);

    /// <summary>True while nothing is tried because everything failed.</summary>
    internal bool Rests(long now) => now < RestsUntil;

    /// <summary>True from the first rest until something succeeds: between two rests only one message is tried.</summary>
    internal bool IsFailing => _failuresInARow > 0;

    /// <summary>One begins.</summary>
    internal void Begin() => Active++;

    /// <summary>One ended and the destination had answered.</summary>
    internal void EndWell()
    {
        Active--;
        _size = Math.Min(IsProven || IsFailing ? _size + (1 / _size) : Start, _largest);
        (IsProven, _failuresInARow, RestsUntil) = (true, 0, 0);
    }

    /// <summary>One ended without saying anything about the destination.</summary>
    internal void EndNeutral() => Active--;

    /// <summary>One ended because the destination as such could not be reached or would not talk.</summary>
    internal void EndBadly(long now)
    {
        Active--;
        _size = Math.Max(1, _size / 2);
        if (_size <= 1 && now >= RestsUntil)
        {
            // Attempts that were under way together and failed together are one failure, not several.
            RestsUntil = now + Math.Min(_firstRest << Math.Min(_failuresInARow, 10), LongestRestSeconds);
            _failuresInARow++;
        }
    }

    /// <summary>An administrator wants it tried now.</summary>
    internal void Wake() => RestsUntil = 0;

    /// <summary>The clock was set.</summary>
    internal void Shift(long seconds) => RestsUntil = RestsUntil == 0 ? 0 : RestsUntil + seconds;

    /// <summary>Sets the limits: at the beginning, and when the configuration changes.</summary>
    internal void Limit(int largest, TimeSpan firstRetry)
    {
        _largest = largest;
        _firstRest = Math.Clamp((long)firstRetry.TotalSeconds, 1, FirstRestSeconds);
        _size = Math.Min(_size, largest);
    }

    /// <summary>Has a destination wait here.</summary>
    internal void Park(Destination destination) => _parked.Enqueue(destination);

    /// <summary>Lets one that waits here go on.</summary>
    internal bool TryUnpark(out Destination? destination) => _parked.TryDequeue(out destination);
}
