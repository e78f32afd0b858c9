using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Local.Tests;

/// <summary>Frames that no partner sends: the partner is taken for hostile and its channel closed.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private static readonly Dictionary<string, Action<FakeQueue>> _fromQueue = new()
    {
        { "a hop that is not ours", queue => queue.Start(1, 1, HopKind.Host) },
        { "an attempt twice", queue => { queue.Start(1, 1); queue.Start(1, 1); } },
        { "a recipient of nothing", queue => queue.Recipient(1, 0, "u@a.test") },
        { "a recipient twice", queue => { queue.Start(1, 1); queue.Recipient(1, 0, "u@a.test"); queue.Recipient(1, 0, "v@a.test"); } },
        { "a recipient after all", queue => { Begin(queue); queue.Recipient(1, 1, "v@a.test"); } },
        { "no recipient", queue => { queue.Start(1, 1); queue.Ready(1); } },
        { "readiness twice", queue => { Begin(queue); queue.Ready(1); } },
        { "readiness of nothing", queue => queue.Ready(1) },
        { "content after its end", queue => { Begin(queue); queue.End(1); queue.Content(1, "x"u8); } },
        { "an end twice", queue => { Begin(queue); queue.End(1); queue.End(1); } },
        { "a frame of somebody else", queue => queue.Channel.Send(new DeliveryEndFrame { Delivery = 1 }) },
        { "too many recipients", queue =>
            {
                queue.Start(1, 1);
                for (uint number = 0; number <= DeliveryLimits.MaxRecipients; number++)
                {
                    queue.Recipient(1, number, "u@a.test");
                }
            }
        },
    };

    private static readonly Dictionary<string, Action<FakeDeliver>> _fromDeliver = new()
    {
        { "an end without a result", deliver => deliver.End(1) },
        { "a result for a stranger", deliver => deliver.Delivered(1, 5) },
        { "a result twice", deliver => { deliver.Delivered(1, 0); deliver.Delivered(1, 0); } },
        { "an expansion", deliver => deliver.Result(1, 0, new DeliveryResult(DeliveryOutcome.Expanded, EnhancedStatus.Ok, FaultOf.None, []))},
        { "relaying", deliver => deliver.Result(1, 0, new DeliveryResult(DeliveryOutcome.Relayed, EnhancedStatus.Ok, FaultOf.None, []))},
        { "a target", deliver => deliver.Channel.Send(new ExpansionTargetFrame { Delivery = 1, Recipient = 0, Address = "x@f.test"u8, List = false }) },
    };

    private static readonly Dictionary<string, Action<FakeDirectory>> _fromDirectory = new()
    {
        { "an answer to nothing", directory => directory.End(99) },
        { "a mailbox for nothing", directory => directory.Mailbox(99, MailboxKind.Virtual, "", "a.test/u") },
        { "a mailbox twice", directory =>
            {
                directory.Mailbox(1, MailboxKind.Virtual, "", "a.test/u");
                directory.Mailbox(1, MailboxKind.Virtual, "", "a.test/v");
            }
        },
        { "more targets than there may be", directory => directory.Targets(1, [.. Enumerable.Repeat("x@f.test", 10_001)]) },
        { "a frame of somebody else", directory => directory.Channel.Send(new AddressAnswerFrame { Question = 1, Verdict = AddressVerdict.Local }) },
    };

    private readonly LocalHarness _local = new();

    public static TheoryData<string> FromQueue => [.. _fromQueue.Keys];

    public static TheoryData<string> FromDeliver => [.. _fromDeliver.Keys];

    public static TheoryData<string> FromDirectory => [.. _fromDirectory.Keys];

    public void Dispose() => _local.Dispose();

    [Theory]
    [MemberData(nameof(FromQueue))]
    public void NonsenseFromTheQueue_EndsItsChannel(string what)
    {
        _fromQueue[what](_local.Queue);
        _local.Turn();
        Assert.True(_local.Queue.Ended);
    }

    [Theory]
    [MemberData(nameof(FromDeliver))]
    public void NonsenseFromADeliver_EndsItsChannel(string what)
    {
        _local.Directory.Virtual("u@a.test");
        _local.Queue.Message(1, "x", "u@a.test");
        _local.Turn();
        var deliver = _local.StartDeliver();
        _fromDeliver[what](deliver);
        _local.Turn();
        Assert.True(deliver.Ended);
        // The attempt ends all the same, and the queue hears of nothing twice.
        Assert.Equal("1 end", _local.Queue.Heard[^1]);
        Assert.Equal(2, _local.Queue.Heard.Count);
    }

    [Theory]
    [MemberData(nameof(FromDirectory))]
    public void NonsenseFromTheDirectory_EndsItsChannel(string what)
    {
        _local.Queue.Message(1, "x", "u@a.test");
        _local.Turn();
        _fromDirectory[what](_local.Directory);
        _local.Turn();
        Assert.True(_local.Directory.Ended);
        Assert.Equal(["1.0 Temporary 4.3.0", "1 end"], _local.Queue.Heard);
    }

    [Fact]
    public void TargetsForAFinalRecipient_EndTheDirectory()
    {
        _local.Directory.Answers("u@a.test final", question => _local.Directory.Targets(question, "x@f.test"));
        _local.Queue.Start(1, 1);
        _local.Queue.Recipient(1, 0, "u@a.test", final: true);
        _local.Queue.Ready(1);
        _local.Turn();
        Assert.True(_local.Directory.Ended);
    }

    private static void Begin(FakeQueue queue)
    {
        queue.Start(1, 1);
        queue.Recipient(1, 0, "u@a.test");
        queue.Ready(1);
    }
}
