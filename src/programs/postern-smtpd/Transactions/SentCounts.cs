using System.Text;
using Postern.Ipc.Slices;

namespace Postern.Smtpd.Transactions;

/// <summary>How much each user has handed in: whoever has got hold of a password sends no more with it than its owner might.</summary>
/// <remarks>
/// A message counts from when its content begins, whatever becomes of it, so that many at once are as many. Hour and day begin with the first
/// message in them. The counts are this process's: after its end they begin anew.
/// </remarks>
/// <param name="time">The clock; only time that passes is asked for.</param>
internal sealed class SentCounts(TimeProvider time)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    // Names are those of accounts, and so there are no more of them.
    private readonly Dictionary<string, Sent> _users = new(StringComparer.Ordinal);

    /// <summary>Counts a message, if it is not one too many.</summary>
    /// <param name="user">Who has logged in.</param>
    /// <param name="recipients">How many recipients it has.</param>
    /// <param name="limits">How much is allowed.</param>
    /// <returns>False when it is, and then it does not count.</returns>
    internal bool TryAdd(byte[] user, int recipients, in SendingSlice limits)
    {
        var name = Encoding.UTF8.GetString(user);
        var sent = _users.GetValueOrDefault(name);
        var hour = sent.Hour.At(time, _hour).With(recipients);
        var day = sent.Day.At(time, _day).With(recipients);
        if (!hour.IsWithin(limits.MessagesPerHour, limits.RecipientsPerHour) || !day.IsWithin(limits.MessagesPerDay, limits.RecipientsPerDay)) return false;
        _users[name] = new Sent(hour, day);
        return true;
    }

    private readonly record struct Sent(Span Hour, Span Day);

    /// <summary>What was sent within a span of time.</summary>
    private readonly record struct Span(long Start, long Messages, long Recipients)
    {
        internal Span At(TimeProvider time, TimeSpan length) => Messages > 0 && time.GetElapsedTime(Start) < length ? this : new Span(time.GetTimestamp(), 0, 0);

        internal Span With(int recipients) => this with { Messages = Messages + 1, Recipients = Recipients + recipients };

        internal bool IsWithin(uint messages, uint recipients) => (messages == 0 || Messages <= messages) && (recipients == 0 || Recipients <= recipients);
    }
}
