namespace Postern.Queue.Schedule;

/// <summary>Keeps ages and waits what they are when the wall clock is set, or stood still while the machine slept.</summary>
/// <remarks>
/// What is stored are moments, since only they outlive a restart; what is meant are spans. By a clock that jumps a year ahead
/// everything would be given up at once, by one that jumps back nothing would be tried for a year.
/// </remarks>
internal static class ClockJumps
{
    /// <summary>A message that was read at the start does not wait longer than can be, whatever the clock shows now.</summary>
    internal static void Bound(QueueCore core, int message)
    {
        var (now, backoff) = (core.Now, core.Settings.Backoff);
        Move(core, message, 0, now, now + 60 + (long)(1.1 * backoff.Longest.TotalSeconds));
        ref var entry = ref core.Table.Messages[message];
        // The server was off, or the clock is ahead: who was not tried since is tried once more before it is given up.
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients && backoff.IsExpired(entry.Arrived, now); index++)
        {
            core.Table.Recipients[index].Attempts = 0;
        }
    }

    /// <summary>Looks at the clock, and follows it when it was set; then the moments in the table are others than those in the log.</summary>
    internal static bool Follow(QueueCore core)
    {
        if (core.Clock.TakeJump() is not (not 0 and var jump))
        {
            return false;
        }

        core.Events.Warning("clock-jumped").Number("seconds", jump).Write();
        var now = core.Now;
        core.Destinations.Shift(jump);
        core.Deferred.Clear();
        for (var message = 0; message < core.Table.Messages.Bound; message++)
        {
            if (core.Table.Messages[message].Id != 0)
            {
                Move(core, message, jump, now, uint.MaxValue);
                core.Enter(message, onlyDeferred: true);
            }
        }

        return true;
    }

    private static void Move(QueueCore core, int message, long jump, long now, long latest)
    {
        ref var entry = ref core.Table.Messages[message];
        // Which of the two clocks was right nobody knows: of its two ages a message has the lesser. One that is held has none yet.
        entry.Arrived = (uint)(entry.Arrived > now - jump ? Math.Clamp(entry.Arrived + jump, 0, uint.MaxValue)
            : Math.Max(Math.Min(entry.Arrived, now), Math.Clamp(entry.Arrived + jump, 0, now)));
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            ref var recipient = ref core.Table.Recipients[index];
            recipient.NextAttempt = (uint)Math.Clamp(recipient.NextAttempt + jump, 0, Math.Max(latest, entry.Arrived));
        }
    }
}
