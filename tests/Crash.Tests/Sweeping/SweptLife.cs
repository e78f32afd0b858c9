using Postern.Crash.Bare;
using Postern.Crash.Load;
using Postern.Crash.Syncing;
using Postern.Ipc.Submission;
using Postern.Posix.Processes;
using Postern.TestKit.Servers;

namespace Postern.Crash.Sweeping;

/// <summary>A queue's life in which one system call goes wrong, and the life after it, in which the account is settled.</summary>
internal sealed class SweptLife : IDisposable
{
    private const int FirstOfTheSecondLife = 1000;

    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly Dictionary<int, string[]> _due = new() { [SweepTemplate.Waiting] = [SweepTemplate.WaitingFor] };
    private readonly Dictionary<int, SubmissionOutcome> _answers = [];
    private readonly Dictionary<int, int> _sent = new() { [SweepTemplate.Waiting] = SweepTemplate.WaitingBytes };
    private readonly List<ulong> _ids = [];
    private readonly List<(string Recipient, string Content)> _delivered = [];

    internal SweptLife(string template)
    {
        Folder = _scratch["queue"];
        Tool.Run("cp", ["-a", template, Folder]).MustSucceed();
    }

    /// <summary>The queue's folder.</summary>
    internal string Folder { get; }

    /// <summary>What happened in the first life.</summary>
    internal IReadOnlyList<TracedCall> Trace { get; private set; } = [];

    /// <summary>How the first life ended.</summary>
    internal ProcessEnd End { get; private set; }

    /// <summary>What was said in the first life.</summary>
    internal string Log => File.ReadAllText(_scratch["first.log"]);

    /// <summary>Whether the call was made at all.</summary>
    internal bool Hit { get; private set; }

    /// <summary>How many deliveries were made more than once.</summary>
    internal int Doubled => _delivered.Count - _delivered.Distinct().Count();

    /// <summary>Lives the first life.</summary>
    /// <param name="front">What stands before the program on its command line, given the file that gets the trace.</param>
    internal void Live(Func<string, IReadOnlyList<string>> front)
    {
        using (var queue = BareQueue.Start(Folder, _scratch["first.log"], front(_scratch["trace"])))
        {
            if (queue.AwaitReady() && Work(queue))
            {
                _ = queue.Stop();
            }

            End = queue.AwaitEnd();
            Take(queue);
        }

        var lines = File.Exists(_scratch["trace"]) ? File.ReadAllLines(_scratch["trace"]) : [];
        Trace = TracedCall.Parse(lines);
        Hit = lines.Any(line => line.EndsWith("(INJECTED)", StringComparison.Ordinal) || line.Contains("killed by SIGKILL", StringComparison.Ordinal));
    }

    /// <summary>Lives the second life, in which nothing goes wrong, and judges both.</summary>
    internal void Settle()
    {
        using (var queue = BareQueue.Start(Folder, _scratch["second.log"]))
        {
            queue.Local.AllAreHere = true;
            Assert.True(queue.AwaitReady(), queue.Log);
            Submit(queue, FirstOfTheSecondLife, 1000, "last@a.test");
            Assert.True(queue.Await(() => queue.Smtpd.Answers.Count == 1, "an answer"), queue.Log);
            Assert.Equal(SubmissionOutcome.Committed, queue.Smtpd.Answers[FirstOfTheSecondLife]);
            Assert.True(queue.Await(() => Missing([.. _delivered, .. queue.Local.Delivered], [.. Acknowledged, SweepTemplate.Waiting, FirstOfTheSecondLife]).Count == 0, "what was acknowledged"), queue.Log);
            Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
            Take(queue);
        }

        Assert.All(_delivered, one => Assert.Equal(Content(one.Content), one.Content));
        // What is refused for want of room was never there; after any other failure it may turn out to be, whole.
        Assert.DoesNotContain(_delivered, one => _answers.TryGetValue(Number(one.Content), out var answer) && answer == SubmissionOutcome.Full);
        Assert.Equal(_ids.Count, _ids.Distinct().Count());
        // One failure repeats what was under way, and once.
        Assert.All(_delivered.GroupBy(one => one), copies => Assert.InRange(copies.Count(), 1, 2));
    }

    /// <summary>Throws unless each acknowledgement in the trace came after a sync of what it is about.</summary>
    /// <param name="trace">What happened; <see cref="Trace"/>, but for a test of this judgement.</param>
    internal void JudgeAcknowledgements(IReadOnlyList<TracedCall> trace)
    {
        var judged = 0;
        List<int> acknowledged = [.. Acknowledged.Where(number => number < FirstOfTheSecondLife)];
        foreach (var number in acknowledged)
        {
            var mark = Hex(System.Text.Encoding.ASCII.GetBytes(Submitter.SenderOf(number)));
            var answer = Hex(Submitter.AcknowledgementOf(number));
            var said = trace.First(call => !call.IsFileWrite && call.Text.Contains(answer, StringComparison.Ordinal));
            if (trace.LastOrDefault(call => call.IsFileWrite && call.Begin < said.Begin && call.Text.Contains(mark, StringComparison.Ordinal)) is not { } written)
            {
                continue; // strace shows the beginning of what is written only.
            }

            judged++;
            Assert.True(
                trace.Any(call => call.IsSync && call.Succeeded && !call.IsInjected && call.FirstArgument == written.FirstArgument && call.Begin > written.End && call.End < said.Begin),
                $"message {number} was acknowledged without a sync");
        }

        Assert.True(judged > 0 || acknowledged.Count == 0, "no acknowledgement could be judged");
    }

    public void Dispose() => _scratch.Dispose();

    private IEnumerable<int> Acknowledged => _answers.Where(one => one.Value == SubmissionOutcome.Committed).Select(one => one.Key);

    /// <summary>Small messages one after another, then some that fill segments, several at once, and the old ones go; false when the program ended.</summary>
    private bool Work(BareQueue queue)
    {
        for (var number = 1; number <= 6; number++)
        {
            Submit(queue, number, 500 * number, number == 3 ? ["x3@a.test", $"{Recipients.Away}@a.test"] : [$"x{number}@a.test"]);
            if (!AwaitAnswers(queue, number))
            {
                return false;
            }
        }

        for (var number = 7; number <= 9; number++)
        {
            Submit(queue, number, 180_000, "large@a.test");
        }

        for (var number = 10; number <= 13; number++)
        {
            Submit(queue, number, 600, $"x{number}@a.test", "another@a.test");
        }

        return AwaitAnswers(queue, 13) && queue.Await(() => !File.Exists(Path.Join(Folder, "segment-00000008")) || queue.Smtpd.Condition == QueueCondition.Full, "the old segments' end")
            && ComesBack(queue);
    }

    // Whatever went wrong is over: it takes messages again by itself.
    private bool ComesBack(BareQueue queue)
    {
        for (var number = 20; ; number++)
        {
            if (!queue.Await(() => queue.Smtpd.Condition == QueueCondition.Accepting, "room"))
            {
                return false;
            }

            Submit(queue, number, 600, $"x{number}@a.test");
            if (!queue.Await(() => queue.Smtpd.Answers.ContainsKey(number), "an answer"))
            {
                return false;
            }

            if (queue.Smtpd.Answers[number] == SubmissionOutcome.Committed)
            {
                return queue.Await(() => queue.Local.Delivered.Any(one => one.Recipient == $"x{number}@a.test"), "a delivery");
            }
        }
    }

    private static bool AwaitAnswers(BareQueue queue, int count) => queue.Await(() => queue.Smtpd.Answers.Count >= count, $"answer {count}") && queue.End is null;

    private void Submit(BareQueue queue, int number, int least, params string[] recipients)
    {
        _due.Add(number, recipients);
        queue.Smtpd.Submit(number, least, recipients);
    }

    private void Take(BareQueue queue)
    {
        foreach (var (number, answer) in queue.Smtpd.Answers)
        {
            _answers.Add(number, answer);
        }

        foreach (var (number, least) in queue.Smtpd.Sent)
        {
            _sent.Add(number, least);
        }

        _ids.AddRange(queue.Smtpd.Ids);
        _delivered.AddRange(queue.Local.Delivered);
    }

    private List<string> Missing(IReadOnlyList<(string Recipient, string Content)> delivered, IEnumerable<int> acknowledged)
    {
        HashSet<(string, int)> there = [.. delivered.Select(one => (one.Recipient, Number(one.Content)))];
        return [.. acknowledged.SelectMany(number => _due[number].Where(recipient => !there.Contains((recipient, number))))];
    }

    private string Content(string delivered) =>
        System.Text.Encoding.ASCII.GetString(NumberedMessage.Content(Number(delivered), _sent[Number(delivered)]));

    private static int Number(string content) => NumberedMessage.NumberOf(content) ?? throw new InvalidOperationException($"Nobody sent this: {content[..Math.Min(content.Length, 300)]}");

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(one => $"\\x{one:x2}"));
}
