using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Local.Deliveries;
using Postern.Local.Links;

namespace Postern.Local.Tests;

public sealed class ExpansionTests : IDisposable
{
    private readonly LocalHarness _local = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public void Alias_IsReplacedByItsTarget()
    {
        _local.Directory.Alias("info@a.test", "u@a.test");
        _local.Queue.Message(1, "x", "info@a.test");
        _local.Turn();
        // RFC 3461 §5.2.7.1: one address for another is no list.
        Assert.Equal(["1.0 > u@a.test", "1.0 Expanded 2.1.5", "1 end"], _local.Queue.Heard);
        Assert.Empty(_local.Asked);
    }

    [Fact]
    public void List_IsToldAsOne()
    {
        _local.Directory.Alias("all@a.test", "u@a.test", "x@f.test");
        _local.Queue.Message(1, "x", "all@a.test");
        _local.Turn();
        Assert.Equal(["1.0 > u@a.test (list)", "1.0 > x@f.test (list)", "1.0 Expanded 2.1.5", "1 end"], _local.Queue.Heard);
    }

    [Fact]
    public void MailboxWithTargets_KeepsACopyByBeingATargetItself()
    {
        _local.Directory.Answers("bob@a.test", question =>
        {
            _local.Directory.Mailbox(question, MailboxKind.Virtual, "", "a.test/bob");
            _local.Directory.Targets(question, "carol@f.test");
            _local.Directory.End(question);
        });
        _local.Queue.Message(1, "x", "bob@a.test");
        _local.Turn();
        Assert.Equal(["1.0 > bob@a.test (list)", "1.0 > carol@f.test (list)", "1.0 Expanded 2.1.5", "1 end"], _local.Queue.Heard);
        Assert.Empty(_local.Asked);
    }

    // Each answer may be megabytes, kept until it is whole: a hundred at a time would be a stranger's way to our memory.
    [Fact]
    public void ManyQuestions_AreAskedAFewAtATime()
    {
        List<uint> open = [];
        string[] addresses = [.. Enumerable.Range(0, 40).Select(i => $"u{i}@a.test")];
        foreach (var address in addresses)
        {
            _local.Directory.Answers(address, open.Add);
        }

        _local.Queue.Message(1, "x", addresses);
        _local.Turn();
        Assert.Equal(DirectoryLink.MaxAsked, open.Count);
        for (var answered = 0; answered < 40; answered++)
        {
            _local.Directory.End(open[answered], MeaningOutcome.Unknown);
            _local.Turn();
            Assert.Equal(Math.Min(40, DirectoryLink.MaxAsked + answered + 1), open.Count);
        }

        Assert.Equal(addresses, _local.Directory.Questions);
        Assert.Equal("1 end", _local.Queue.Heard[^1]);
    }

    [Fact]
    public void QueueThatDoesNotTakeTheTargets_IsAskedForNoMoreUntilItDoes()
    {
        string[] targets = [.. Enumerable.Range(0, 4000).Select(i => $"{new string('x', 60)}{i}@f.test")];
        for (uint i = 0; i < 40; i++)
        {
            _local.Directory.Alias($"list{i}@a.test", targets);
            _local.Queue.Message(i, "x", $"list{i}@a.test");
        }

        _local.Queue.Channel.MaxUnsent = -1;
        _local.Turn();
        var asked = _local.Directory.Questions.Count;
        Assert.InRange(asked, DirectoryLink.MaxAsked, DirectoryLink.MaxAsked + 10);
        // One that is given up meanwhile holds up nobody.
        _local.Queue.Channel.Send(new DeliveryCancelFrame { Delivery = (uint)asked });
        _local.Queue.Channel.MaxUnsent = int.MaxValue;
        _local.Turn();
        Assert.Equal(39, _local.Directory.Questions.Count);
        Assert.Equal(39, _local.Queue.Heard.Count(line => line.EndsWith(" end", StringComparison.Ordinal)));
    }

    [Fact]
    public void DirectoryThatDies_LeavesNoQuestionWithoutAnAnswer()
    {
        string[] addresses = [.. Enumerable.Range(0, 40).Select(i => $"u{i}@a.test")];
        _local.Queue.Message(1, "x", addresses);
        _local.Turn();
        _local.Directory.Channel.Dispose();
        _local.Turn();
        Assert.Equal(40, _local.Queue.Heard.Count(line => line.Contains(" Temporary ", StringComparison.Ordinal)));
        Assert.Equal("1 end", _local.Queue.Heard[^1]);
    }

    [Fact]
    public void FinalRecipient_IsAskedForAsSuch()
    {
        _local.Directory.Virtual("bob@a.test final");
        _local.Queue.Start(1, 1);
        _local.Queue.Recipient(1, 0, "bob@a.test", final: true);
        _local.Queue.Ready(1);
        _local.Turn();
        Assert.Equal(["bob@a.test final"], _local.Directory.Questions);
        Assert.Single(_local.Asked);
    }

    [Theory]
    [InlineData(MeaningOutcome.Loop, "Permanent 5.4.6")]
    [InlineData(MeaningOutcome.TooMany, "Permanent 5.4.6")]
    [InlineData(MeaningOutcome.Unknown, "Permanent 5.1.1")]
    [InlineData(MeaningOutcome.Literal, "Permanent 5.1.2")]
    [InlineData(MeaningOutcome.Unavailable, "Temporary 4.3.0")]
    // Found, and yet nothing: the directory contradicts itself.
    [InlineData(MeaningOutcome.Found, "Permanent 5.1.1")]
    public void Failure_HasItsResult(MeaningOutcome outcome, string result)
    {
        _local.Directory.Fails("x@a.test", outcome);
        _local.Queue.Message(1, "x", "x@a.test");
        _local.Turn();
        Assert.Equal([$"1.0 {result}", "1 end"], _local.Queue.Heard);
    }

    [Fact]
    public void RecipientsOfEveryKind_ShareAnAttempt()
    {
        _local.Directory.Virtual("u@a.test");
        _local.Directory.Alias("info@a.test", "x@f.test");
        _local.Directory.Fails("gone@a.test", MeaningOutcome.Unknown);
        _local.Queue.Message(1, "x", "info@a.test", "u@a.test", "gone@a.test");
        _local.Turn();
        Assert.Equal(["1.0 > x@f.test", "1.0 Expanded 2.1.5", "1.2 Permanent 5.1.1"], _local.Queue.Heard);
        var deliver = _local.StartDeliver();
        deliver.Delivered(1, 1);
        deliver.End(1);
        _local.Turn();
        Assert.Equal(["1.1 Delivered 2.0.0", "1 end"], _local.Queue.Heard[3..]);
    }

    [Fact]
    public void DirectoryThatDies_LeavesItsQuestionsForLater()
    {
        _local.Directory.Answers("half@a.test", question => _local.Directory.Targets(question, "x@f.test"));
        _local.Queue.Message(1, "x", "half@a.test");
        _local.Turn();
        _local.Directory.Channel.Dispose();
        _local.Turn();
        // Targets that came before are not told: the queue takes them with the result only.
        Assert.Equal(["1.0 Temporary 4.3.0", "1 end"], _local.Queue.Heard);
        _local.Queue.Message(2, "x", "half@a.test");
        _local.Turn();
        Assert.Equal(["2.0 Temporary 4.3.0", "2 end"], _local.Queue.Heard[2..]);
        _local.JoinDirectory();
        _local.Directory.Alias("half@a.test", "y@f.test");
        _local.Queue.Message(3, "x", "half@a.test");
        _local.Turn();
        Assert.Equal(["3.0 > y@f.test", "3.0 Expanded 2.1.5", "3 end"], _local.Queue.Heard[4..]);
    }

    [Fact]
    public void TargetsOfAllRecipientsTogether_HaveALimit()
    {
        // The queue takes 10,000 for an attempt and closes on more: the second list has to come again, alone.
        _local.Directory.Alias("one@a.test", [.. Enumerable.Range(0, LocalDelivery.MaxTargets).Select(i => $"x{i}@f.test")]);
        _local.Directory.Alias("two@a.test", "y@f.test");
        _local.Queue.Message(1, "x", "one@a.test", "two@a.test");
        _local.Turn();
        Assert.Equal(LocalDelivery.MaxTargets, _local.Queue.Heard.Count(line => line.Contains('>')));
        Assert.Contains("1.0 Expanded 2.1.5", _local.Queue.Heard);
        Assert.Equal(["1.1 Temporary 4.3.2", "1 end"], _local.Queue.Heard[^2..]);
    }

    [Fact]
    public void KeptCopyBeyondTheLimit_IsTooMany()
    {
        _local.Directory.Answers("one@a.test", question =>
        {
            _local.Directory.Mailbox(question, MailboxKind.Virtual, "", "a.test/one");
            _local.Directory.Targets(question, [.. Enumerable.Range(0, LocalDelivery.MaxTargets).Select(i => $"x{i}@f.test")]);
            _local.Directory.End(question, list: true);
        });
        _local.Queue.Message(1, "x", "one@a.test");
        _local.Turn();
        Assert.Equal(["1.0 Permanent 5.4.6", "1 end"], _local.Queue.Heard);
    }
}
