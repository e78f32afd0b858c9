using System.Text;
using Postern.Ipc.Control;
using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Local.Tests;

public sealed class DeliveryTests : IDisposable
{
    private readonly LocalHarness _local = new();

    public DeliveryTests()
    {
        _local.Directory.Virtual("u@a.test");
        _local.Directory.Virtual("v@a.test");
        _local.Directory.System("alice@a.test", "alice");
        _local.Directory.System("bob@a.test", "bob");
    }

    public void Dispose() => _local.Dispose();

    [Fact]
    public void Message_GoesToTheUsersDeliverAndItsResultBack()
    {
        _local.Queue.Message(7, "Subject: t\r\n\r\n", "u@a.test");
        _local.Turn();
        Assert.Equal([new ControlPacket(ControlKind.DeliverRequest, 1)], _local.Asked);
        var deliver = _local.StartDeliver();
        Assert.Equal(["1 start 14 from s@f.test", "1.0 Virtual 'a.test/u' u@a.test", "1 ready", "1 end"], deliver.Heard);
        Assert.Equal("Subject: t\r\n\r\n"u8.ToArray(), deliver.ContentOf(1));
        Assert.Empty(_local.Queue.Heard);
        deliver.Delivered(1, 0);
        deliver.End(1);
        _local.Turn();
        Assert.Equal(["7.0 Delivered 2.0.0", "7 end"], _local.Queue.Heard);
    }

    [Fact]
    public void RecipientsOfOneUser_ShareADelivery_AndUsersHaveTheirOwn()
    {
        _local.Queue.Message(1, "x", "u@a.test", "alice@a.test", "v@a.test", "bob@a.test");
        _local.Turn();
        Assert.Equal(["", "alice", "bob"], _local.Asked.Select(request => request.User));
        var virtuals = _local.StartDeliver(1);
        var alice = _local.StartDeliver(2);
        var bob = _local.StartDeliver(3);
        Assert.Equal(
            ["1 start 1 from s@f.test", "1.0 Virtual 'a.test/u' u@a.test", "1.2 Virtual 'a.test/v' v@a.test", "1 ready", "1 end"], virtuals.Heard);
        Assert.Equal(["1 start 1 from s@f.test", "1.1 System '' alice@a.test", "1 ready", "1 end"], alice.Heard);
        Assert.Equal("x"u8.ToArray(), bob.ContentOf(1));

        // Each result is passed on when it comes: should this program die, little is repeated.
        bob.Result(1, 3, DeliveryResult.Temporary(EnhancedStatus.MailboxFull, FaultOf.Peer, "full"u8));
        bob.End(1);
        virtuals.Delivered(1, 2);
        _local.Turn();
        Assert.Equal(["1.2 Delivered 2.0.0", "1.3 Temporary 4.2.2"], _local.Queue.Heard.Order(StringComparer.Ordinal));
        virtuals.Delivered(1, 0);
        virtuals.End(1);
        alice.Result(1, 1, DeliveryResult.Permanent(EnhancedStatus.RoutingLoop, FaultOf.Peer, "loop"u8));
        alice.End(1);
        _local.Turn();
        Assert.Equal("1 end", _local.Queue.Heard[^1]);
        Assert.Equal(5, _local.Queue.Heard.Count);
    }

    [Fact]
    public void RunningDeliver_IsUsedAgain()
    {
        var deliver = First();
        _local.Queue.Message(2, "second", "v@a.test");
        _local.Turn();
        Assert.Single(_local.Asked);
        Assert.Equal("second"u8.ToArray(), deliver.ContentOf(2));
        deliver.Delivered(2, 0);
        deliver.End(2);
        _local.Turn();
        Assert.Equal("2 end", _local.Queue.Heard[^1]);
    }

    [Fact]
    public void MessagesForADeliverThatStarts_WaitForIt()
    {
        _local.Queue.Message(1, "first", "u@a.test");
        _local.Queue.Message(2, "second", "v@a.test");
        _local.Turn();
        Assert.Single(_local.Asked);
        var deliver = _local.StartDeliver();
        Assert.Equal("first"u8.ToArray(), deliver.ContentOf(1));
        Assert.Equal("second"u8.ToArray(), deliver.ContentOf(2));
    }

    [Fact]
    public void UnknownRecipient_IsForGood_AndNeedsNoDeliver()
    {
        _local.Directory.Fails("x@a.test", Ipc.Directory.MeaningOutcome.Unknown);
        _local.Queue.Message(1, "x", "x@a.test");
        _local.Turn();
        Assert.Equal(["1.0 Permanent 5.1.1", "1 end"], _local.Queue.Heard);
        Assert.Empty(_local.Asked);
    }

    [Theory]
    // The world's refusals are never a reason to send mail back.
    [InlineData(DeliverStart.Unavailable, "4.3.0")]
    [InlineData(DeliverStart.NoUser, "4.3.5")]
    [InlineData(DeliverStart.Forbidden, "4.3.5")]
    public void DeliverThatCannotBeStarted_IsForLater(DeliverStart refusal, string status)
    {
        _local.Queue.Message(1, "x", "alice@a.test");
        _local.Queue.Message(2, "y", "alice@a.test");
        _local.Turn();
        _local.Refuse(refusal);
        Assert.Equal([$"1.0 Temporary {status}", "1 end", $"2.0 Temporary {status}", "2 end"], _local.Queue.Heard);
        // The next message asks anew.
        _local.Queue.Message(3, "z", "alice@a.test");
        _local.Turn();
        Assert.Equal(2, _local.Asked.Count);
    }

    [Fact]
    public void SupervisorThatDoesNotListen_IsForLater()
    {
        _local.Listens = false;
        _local.Queue.Message(1, "x", "alice@a.test");
        _local.Turn();
        Assert.Equal(["1.0 Temporary 4.3.0", "1 end"], _local.Queue.Heard);
    }

    [Fact]
    public void DeliverThatDies_LeavesItsRecipientsForLater()
    {
        _local.Queue.Message(1, "x", "u@a.test", "v@a.test", "alice@a.test");
        _local.Turn();
        var virtuals = _local.StartDeliver(1);
        var alice = _local.StartDeliver(2);
        virtuals.Delivered(1, 0);
        _local.Turn();
        virtuals.Channel.Dispose();
        _local.Turn();
        Assert.Equal(["1.0 Delivered 2.0.0", "1.1 Temporary 4.3.0"], _local.Queue.Heard);
        alice.Delivered(1, 2);
        alice.End(1);
        _local.Turn();
        Assert.Equal("1 end", _local.Queue.Heard[^1]);
        // And the next message has a fresh one started.
        _local.Queue.Message(2, "x", "u@a.test");
        _local.Turn();
        Assert.Equal(3, _local.Asked.Count);
    }

    [Fact]
    public void CancelledAttempt_IsCancelledAtTheDeliver()
    {
        _local.Queue.Start(1, 10);
        _local.Queue.Recipient(1, 0, "u@a.test");
        _local.Queue.Ready(1);
        _local.Queue.Content(1, "12345"u8);
        _local.Turn();
        var deliver = _local.StartDeliver();
        _local.Queue.Channel.Send(new DeliveryCancelFrame { Delivery = 1 });
        _local.Turn();
        Assert.Equal("1 cancel", deliver.Heard[^1]);
        // Results that were under way are late, not hostile, and nobody is told of them.
        deliver.Delivered(1, 0);
        deliver.Grant(1, 5);
        deliver.End(1);
        _local.Queue.Content(1, "67890"u8);
        _local.Queue.End(1);
        _local.Turn();
        Assert.Empty(_local.Queue.Heard);
        Assert.False(deliver.Ended || _local.Queue.Ended);
    }

    [Fact]
    public void AttemptCancelledBeforeTheDeliverStarts_NeverBegins()
    {
        _local.Queue.Message(1, "x", "u@a.test");
        _local.Turn();
        _local.Queue.Channel.Send(new DeliveryCancelFrame { Delivery = 1 });
        _local.Turn();
        var deliver = _local.StartDeliver();
        Assert.Empty(deliver.Heard);
        Assert.Empty(_local.Queue.Heard);
    }

    [Fact]
    public void AttemptCancelledBeforeItIsUnderstood_NeverBegins()
    {
        var question = 0u;
        _local.Directory.Answers("slow@a.test", number => question = number);
        _local.Queue.Message(1, "x", "slow@a.test");
        _local.Turn();
        _local.Queue.Channel.Send(new DeliveryCancelFrame { Delivery = 1 });
        _local.Turn();
        _local.Directory.Mailbox(question, Ipc.Directory.MailboxKind.Virtual, "", "a.test/slow");
        _local.Directory.End(question);
        _local.Turn();
        Assert.Empty(_local.Asked);
        Assert.Empty(_local.Queue.Heard);
    }

    [Fact]
    public void QueueThatRestarts_FindsNothingLeftOfItsOldAttempts()
    {
        _local.Queue.Message(1, "x", "u@a.test");
        _local.Turn();
        var deliver = _local.StartDeliver();
        var old = _local.Queue;
        _local.JoinQueue();
        _local.Queue.Message(1, "new", "u@a.test");
        _local.Turn();
        Assert.Contains("1 cancel", deliver.Heard);
        deliver.Delivered(1, 0);
        deliver.End(1);
        deliver.Delivered(2, 0);
        deliver.End(2);
        _local.Turn();
        Assert.Equal(["1.0 Delivered 2.0.0", "1 end"], _local.Queue.Heard);
        Assert.Empty(old.Heard);
        Assert.Equal("new"u8.ToArray(), deliver.ContentOf(2));
    }

    [Fact]
    public void IdleDeliver_IsLetGoBeforeItGoesByItself()
    {
        var deliver = First();
        _local.Pass(TimeSpan.FromSeconds(19));
        Assert.False(deliver.Ended);
        _local.Queue.Message(2, "x", "u@a.test");
        _local.Turn();
        deliver.Delivered(2, 0);
        deliver.End(2);
        _local.Turn();
        // Its rest began anew.
        _local.Pass(TimeSpan.FromSeconds(19));
        Assert.False(deliver.Ended);
        _local.Pass(TimeSpan.FromSeconds(2));
        Assert.True(deliver.Ended);
        _local.Queue.Message(3, "x", "u@a.test");
        _local.Turn();
        Assert.Equal(2, _local.Asked.Count);
        Assert.DoesNotContain(_local.Queue.Heard, line => line.Contains("Temporary"));
    }

    [Fact]
    public void BusyDeliver_IsKept()
    {
        _local.Queue.Message(1, "x", "u@a.test");
        _local.Turn();
        var deliver = _local.StartDeliver();
        _local.Pass(TimeSpan.FromMinutes(5));
        Assert.False(deliver.Ended);
    }

    [Fact]
    public void MoreUsersThanMayRunAtOnce_TakeThePlaceOfIdleOnes()
    {
        var delivers = new List<FakeDeliver>();
        for (var i = 0; i < Links.DeliverLinks.MaxLinks; i++)
        {
            _local.Directory.System($"user{i}@a.test", $"user{i}");
            _local.Queue.Message((uint)i + 1, "x", $"user{i}@a.test");
            _local.Turn();
            delivers.Add(_local.StartDeliver());
        }

        _local.Queue.Message(1000, "x", "alice@a.test");
        _local.Turn();
        Assert.Equal(["1000.0 Temporary 4.3.2", "1000 end"], _local.Queue.Heard);
        delivers[7].Delivered(1, 0);
        delivers[7].End(1);
        _local.Turn();
        _local.Queue.Message(1001, "x", "alice@a.test");
        _local.Turn();
        Assert.Equal("alice", _local.Asked[^1].User);
        Assert.True(delivers[7].Ended);
        Assert.Single(delivers, deliver => deliver.Ended);
    }

    private FakeDeliver First()
    {
        _local.Queue.Message(1, "first", "u@a.test");
        _local.Turn();
        var deliver = _local.StartDeliver();
        deliver.Delivered(1, 0);
        deliver.End(1);
        _local.Turn();
        Assert.Equal(["1.0 Delivered 2.0.0", "1 end"], _local.Queue.Heard);
        _local.Queue.Heard.Clear();
        return deliver;
    }
}
