using Postern.Ipc.Administration;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Tests.Delivery;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Hostile;

/// <summary>Who asks for much and reads nothing of it: as much is prepared for him as he takes, not all of it.</summary>
public sealed class IdleAdministratorTests
{
    private static readonly string _far = $"@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 50)}.test";

    [Fact]
    public void AListThatNobodyReads_IsNotPreparedInMemory()
    {
        const int Many = 20_000;
        using var rig = new QueueRig();
        for (var i = 0; i < Many; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"{i}{_far}");
            if (i % 500 == 0)
            {
                rig.Turn();
            }
        }

        rig.Turn();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: true));
        var looks = rig.Parts.Core.Table.Messages.Looks;
        end.Send(Bytes(new ListRequestFrame { Request = 1, Filter = string.Empty, Of = Selection.All, Limit = Many }), read: false);
        rig.Turn();
        Assert.InRange(rig.Parts.Core.Table.Messages.Looks - looks, 1000, Many);
        end.Read();
        Assert.False(end.IsClosed);
        Assert.InRange(end.Received.Count, Many * _far.Length, int.MaxValue);
    }

    [Fact]
    public void ContentThatNobodyReads_IsNotReadFromTheLog()
    {
        const int Pieces = 100, PieceBytes = 60_000;
        using var log = new CountingLog(new MemoryLog(), PieceBytes);
        using var rig = new QueueRig(log);
        var number = rig.Smtpd.Submit("s@f.test", string.Join('|', Enumerable.Repeat(new string('x', PieceBytes), Pieces)), "x@b.test");
        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
        var before = log.LongReads;
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: true));
        end.Send(Bytes(new ShowRequestFrame { Request = 1, Message = rig.Smtpd.Ids[number], Content = true }), read: false);
        rig.Turn();
        Assert.InRange(log.LongReads - before, 1, Pieces / 2);
        end.Read();
        Assert.False(end.IsClosed);
        Assert.InRange(end.Received.Count, Pieces * PieceBytes, int.MaxValue);
    }

    [Fact]
    public void RequestsOfWhoReadsNoAnswers_AreNotRead()
    {
        using var rig = new QueueRig();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: true));
        var ask = Bytes(new ShowRequestFrame { Request = 1, Message = 4711, Content = false });
        var many = Enumerable.Repeat(ask, 10_000).SelectMany(bytes => bytes).ToArray();
        var rounds = 0;
        while (rounds < 100 && end.Send(many, read: false))
        {
            rounds++;
        }

        Assert.InRange(rounds, 1, 99);
        Assert.False(end.IsClosed);
    }

    // What is shown piece by piece may be over before its end: he must not take what he got for all of it.
    [Fact]
    public void AMessageThatIsDeliveredWhileItIsShown_IsNotShownAsWhole()
    {
        using var rig = new QueueRig();
        var number = rig.Smtpd.Submit("s@f.test", string.Join('|', Enumerable.Repeat(new string('x', 60_000), 100)), "x@b.test");
        rig.Turn();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: true));
        end.Send(Bytes(new ShowRequestFrame { Request = 1, Message = rig.Smtpd.Ids[number], Content = true }), read: false);
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        end.Read();
        Assert.False(end.IsClosed);
        var last = Bytes(new RequestEndFrame { Request = 1, Found = false });
        Assert.Equal(last, end.Received.TakeLast(last.Length));
    }

    private static byte[] Bytes<T>(T frame)
        where T : IFrame<T>
    {
        var bytes = new ByteQueue();
        var writer = new FrameWriter(bytes, T.Type);
        frame.Write(writer);
        writer.End();
        return bytes.Span.ToArray();
    }
}
