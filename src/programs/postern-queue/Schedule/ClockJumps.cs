using Postern.Loop;

namespace Postern.Queue.Schedule;

/// <summary>Keeps ages and waits what they are when the wall clock is set, or stood still while the machine slept.</summary>
/// <remarks>
/// What is stored are moments, since only they outlive a restart; what is meant are spans. By a clock that jumps a year ahead
/// everything would be given up at once, by one that jumps back nothing would be tried for a year.
/// </remarks>
internal sealed class ClockJumps
{
    private readonly QueueCore _core;
    private readonly Action _checkpoint;
    private readonly LoopTimer _timer;

    /// <param name="core">The queue.</param>
    /// <param name="loop">Its loop.</param>
    /// <param name="checkpoint">Asks for the table to be written: the next start must not read the old moments.</param>
    internal ClockJumps(QueueCore core, EventLoop loop, Action checkpoint)
    {
        (_core, _checkpoint) = (core, checkpoint);
        _timer = loop.CreateTimer(Look);
        _timer.Set(TimeSpan.FromSeconds(1));
    }

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

    private void Look()
    {
        if (_core.Clock.TakeJump() is not 0 and var jump)
        {
            _core.Events.Warning("clock-jumped").Number("seconds", jump).Write();
            var now = _core.Now;
            _core.Destinations.Shift(jump);
            _core.Deferred.Clear();
            for (var message = 0; message < _core.Table.Messages.Bound; message++)
            {
                if (_core.Table.Messages[message].Id != 0)
                {
                    Move(_core, message, jump, now, uint.MaxValue);
                    _core.Enter(message, onlyDeferred: true);
                }
            }

            _checkpoint();
        }

        _timer.Set(TimeSpan.FromSeconds(1));
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
