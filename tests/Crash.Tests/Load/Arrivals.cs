using System.Text;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.Crash.Load;

/// <summary>Judges what arrived: everything that was acknowledged, nothing altered; twice is allowed, less than once is not.</summary>
internal static class Arrivals
{
    /// <summary>Waits until every acknowledged message lies in the mailbox and judges all that lie there.</summary>
    internal static void AwaitIn(Maildir mailbox, LoadClient load)
    {
        Await(load, mailbox.Await, () => mailbox.Count, () => mailbox.Messages.Select(one => one.Text));
        foreach (var one in mailbox.Messages)
        {
            one.MustBe(NumberedMessage.Content(NumberedMessage.NumberOf(one.Text) ?? throw new InvalidOperationException(one.Text)));
        }
    }

    /// <summary>Waits until every acknowledged message reached the sink and judges all that did.</summary>
    internal static void AwaitIn(ScriptedSink sink, LoadClient load)
    {
        Await(load, _ => null, () => sink.Messages.Count, () => sink.Messages.Select(one => one.Content));
        foreach (var one in sink.Messages)
        {
            var sent = Encoding.ASCII.GetString(NumberedMessage.Content(NumberedMessage.NumberOf(one.Content)!.Value));
            Assert.EndsWith(sent, one.Content, StringComparison.Ordinal);
        }
    }

    private static void Await(LoadClient load, Func<int, object?> awaitCount, Func<int> count, Func<IEnumerable<string>> texts)
    {
        var acknowledged = load.Acknowledged;
        Assert.NotEmpty(acknowledged);
        _ = awaitCount(acknowledged.Count);
        List<int> missing = [.. acknowledged];
        var seen = -1;
        // Copies count, too, so the number alone does not tell: look again whenever it grew.
        Patience.Until(
            () =>
            {
                var now = count();
                if (now != seen)
                {
                    seen = now;
                    missing = [.. acknowledged.Except(texts().Select(NumberedMessage.NumberOf).OfType<int>())];
                }

                return missing.Count == 0;
            },
            () => $"{missing.Count} of {acknowledged.Count} acknowledged messages never arrived: {string.Join(' ', missing.Take(20))}");
    }
}
