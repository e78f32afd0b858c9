using Postern.Crash.Load;
using Postern.Ipc.Submission;

namespace Postern.Crash.Bare;

/// <summary>What was handed in over several lives of a queue, what was said about it, and what came out.</summary>
internal sealed class Account
{
    private readonly Dictionary<int, string> _due = [];
    private readonly HashSet<int> _acknowledged = [];
    private readonly HashSet<int> _refused = [];
    private readonly Dictionary<int, int> _copies = [];
    private readonly HashSet<ulong> _ids = [];
    private HashSet<int> _lastLife = [];
    private int _last;

    /// <summary>How many messages were acknowledged in the lives that are over.</summary>
    internal int Acknowledged => _acknowledged.Count;

    /// <summary>How many deliveries were made more than once.</summary>
    internal int Doubled => _copies.Values.Sum() - _copies.Count;

    /// <summary>Hands in a message without waiting.</summary>
    internal void Send(BareQueue queue, int least, string recipient)
    {
        _due[++_last] = recipient;
        queue.Smtpd.Submit(_last, least, recipient);
    }

    /// <summary>Hands in messages, one after another; each must be taken.</summary>
    internal void Submit(BareQueue queue, int count, int least, string recipient)
    {
        for (; count > 0; count--)
        {
            Assert.Equal(SubmissionOutcome.Committed, Offer(queue, least, recipient));
        }
    }

    /// <summary>Hands in a message and waits for the answer; null when the queue ended instead.</summary>
    internal SubmissionOutcome? Offer(BareQueue queue, int least, string recipient)
    {
        Send(queue, least, recipient);
        return queue.Await(() => queue.Smtpd.Answers.ContainsKey(_last), "an answer") ? queue.Smtpd.Answers[_last] : null;
    }

    /// <summary>Whether everything that was acknowledged so far was delivered.</summary>
    internal bool IsSettled(BareQueue queue)
    {
        HashSet<int> here = [.. queue.Local.Delivered.Select(one => Number(one.Content))];
        return _acknowledged.Concat(queue.Smtpd.Answers.Where(one => one.Value == SubmissionOutcome.Committed).Select(one => one.Key))
            .All(number => here.Contains(number) || _copies.ContainsKey(number));
    }

    /// <summary>A life is over: throws unless what came out of it is what went in, each of it once.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="orderlyBefore">True when the life before ended in good order: then nothing of it may have come again.</param>
    internal void Close(BareQueue queue, bool orderlyBefore = false)
    {
        _acknowledged.UnionWith(queue.Smtpd.Answers.Where(one => one.Value == SubmissionOutcome.Committed).Select(one => one.Key));
        _refused.UnionWith(queue.Smtpd.Answers.Where(one => one.Value == SubmissionOutcome.Full).Select(one => one.Key));
        Assert.All(queue.Smtpd.Ids, id => Assert.True(_ids.Add(id), $"the id {id} came twice"));
        HashSet<int> seen = [];
        foreach (var (recipient, content) in queue.Local.Delivered)
        {
            var number = Number(content);
            Assert.Equal(System.Text.Encoding.ASCII.GetString(NumberedMessage.Content(number, content.Length)), content);
            Assert.Equal(_due[number], recipient);
            Assert.True(seen.Add(number), $"message {number} came twice in one life");
            Assert.False(orderlyBefore && _lastLife.Contains(number), $"message {number} came again after an orderly end");
            _copies[number] = _copies.GetValueOrDefault(number) + 1;
        }

        _lastLife = seen;
    }

    /// <summary>All lives are over: throws when something that was refused for want of room came out.</summary>
    internal void Judge()
    {
        Assert.NotEmpty(_acknowledged);
        Assert.DoesNotContain(_refused, _copies.ContainsKey);
        Assert.DoesNotContain(_acknowledged, number => !_copies.ContainsKey(number));
    }

    private static int Number(string content) => NumberedMessage.NumberOf(content)!.Value;
}
