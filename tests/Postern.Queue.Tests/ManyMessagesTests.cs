using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Queue.Administration;
using Postern.Queue.Delivery;
using Postern.Queue.Schedule;
using Postern.Queue.Tests.Administration;
using Postern.Spool;

namespace Postern.Queue.Tests;

/// <summary>What an administrator asks of a queue with very many messages is done in parts: nobody else waits for all of it.</summary>
public sealed class ManyMessagesTests
{
    private const int Many = 10 * AdminDesk.PerTurn;

    /// <summary>Looks into the table of messages that one of them may cost, whatever is done to it; the first turn has two parts.</summary>
    private const int MostLooks = 2 * 8;

    private static readonly ListRequestFrame _all = new() { Request = 1, Filter = string.Empty, Of = Selection.All, Limit = 2 * Many };

    [Fact]
    public void List_ShowsAllAndLetsOthersHaveTheirTurns()
    {
        using var rig = Filled();
        var end = AskInParts(rig, _all);
        Assert.Equal(Many, end.Items.Select(item => item.Recipient).Distinct().Count());
    }

    [Fact]
    public void Status_CountsAllAndLetsOthersHaveTheirTurns()
    {
        using var rig = Filled();
        Assert.Equal(0UL, AskInParts(rig, new StatusRequestFrame { Request = 1 }).Held);
        AskInParts(rig, Act(QueueAct.Hold));
        Assert.Equal((ulong)Many, AskInParts(rig, new StatusRequestFrame { Request = 1 }).Held);
    }

    [Theory]
    [InlineData(QueueAct.Hold, Many)]
    [InlineData(QueueAct.Flush, Many)]
    [InlineData(QueueAct.Remove, 0)]
    public void Act_TouchesAllAndLetsOthersHaveTheirTurns(QueueAct act, int left)
    {
        using var rig = Filled();
        Assert.Equal(Many, AskInParts(rig, Act(act)).Recipients);
        Assert.Equal(left, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void RequestsSentTogether_AreAllAnswered()
    {
        using var rig = Filled();
        var end = AdministratorEnd.Join(rig);
        end.Channel.Send(Act(QueueAct.Hold));
        end.Channel.Send(new StatusRequestFrame { Request = 2 });
        rig.Turn();
        Assert.Equal((Many, (ulong)Many), (end.Recipients, end.Held));
    }

    [Fact]
    public void AdministratorWhoAsksForTooMuchAtOnce_IsCutOff()
    {
        using var rig = Filled();
        var end = AdministratorEnd.Join(rig);
        for (var request = 0; request <= AdminDesk.MaxUnderWay; request++)
        {
            end.Channel.Send(new StatusRequestFrame { Request = 1 });
        }

        rig.Turn();
        Assert.True(end.Closed);
    }

    [Fact]
    public void AdministratorWhoLeaves_HasHisActDone()
    {
        using var rig = Filled();
        var end = AdministratorEnd.Join(rig);
        end.Channel.Send(Act(QueueAct.Remove));
        end.Channel.Flush();
        rig.Loop.RunTurn(wait: false);
        end.Channel.Dispose();
        rig.Turn();
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    // They wait for a destination that rests. Each time in line once more, and once more in the log, would have no end.
    [Fact]
    public void FlushRepeated_NeitherLengthensTheLinesNorTheLog()
    {
        using var rig = Filled();
        AskInParts(rig, Act(QueueAct.Flush));
        var (before, waiting) = (rig.Parts.Core.Log.Bytes, rig.Parts.Core.Destinations.All.Sum(there => there.Waiting.Count));
        for (var time = 0; time < 5; time++)
        {
            Assert.InRange(AskInParts(rig, Act(QueueAct.Flush)).Recipients, Many - Window.Start, Many);
        }

        Assert.Equal(before, rig.Parts.Core.Log.Bytes);
        Assert.InRange(rig.Parts.Core.Destinations.All.Sum(there => there.Waiting.Count), 1, waiting);
    }

    // As after a night without a server.
    [Fact]
    public void AllMomentsAtOnce_LetOthersHaveTheirTurns()
    {
        using var rig = Filled();
        AskInParts(rig, Act(QueueAct.Hold));
        rig.Pass(TimeSpan.FromMinutes(1)); // The destination's rest is over, and its line has been passed over.
        foreach (var index in Enumerable.Range(0, Many))
        {
            rig.Parts.Core.Deferred.Enqueue(index, 1);
        }

        rig.Clock.Pass(TimeSpan.FromMinutes(1));
        var (recipients, turns) = (rig.Parts.Core.Table.Recipients, 0);
        for (var looks = recipients.Looks; rig.Loop.RunTurn(wait: false); looks = recipients.Looks, turns++)
        {
            Assert.InRange(recipients.Looks - looks, 0, Dispatcher.MaxAwakened);
        }

        Assert.InRange(turns, Many / Dispatcher.MaxAwakened, int.MaxValue);
        Assert.InRange(rig.Parts.Core.Deferred.Count, 0, Window.Start); // Those that were tried wait for other moments.
    }

    // Their records are most of what the log holds: content alone taken for alive, it would seem to be worth moving for ever.
    [Fact]
    public void TinyMessages_AreMovedOnlyUntilTheLogIsTight()
    {
        using var rig = new QueueRig(sectionBytes: 4096);
        for (var i = 0; i < 500; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@dead.test");
        }

        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold);
        rig.Pass(TimeSpan.FromMinutes(30));
        var oldest = rig.Storage.Log.OldestSection;
        rig.Pass(TimeSpan.FromHours(2));
        Assert.Equal(oldest, rig.Storage.Log.OldestSection);
    }

    // The same with what a stranger may choose: pieces of one byte, and addresses as long as they may be.
    [Theory]
    [InlineData(500, 1)]
    [InlineData(1, 50)]
    public void MessagesThatTakeMoreThanTheirSize_AreMovedOnlyUntilTheLogIsTight(int pieces, int recipients)
    {
        using var rig = new QueueRig(sectionBytes: 16 * 1024);
        var content = string.Join('|', Enumerable.Repeat("x", pieces));
        var domain = $"{new string('d', 60)}.{new string('e', 60)}.{new string('f', 50)}.test";
        for (var i = 0; i < 40; i++)
        {
            rig.Smtpd.Submit(
                new SentMail { Content = content, Original = "rfc822;" + new string('o', 590) },
                [.. Enumerable.Range(0, recipients).Select(one => $"{new string('x', 60)}{one}@{domain}")]);
        }

        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold);
        rig.Pass(TimeSpan.FromMinutes(30));
        var oldest = rig.Storage.Log.OldestSection;
        rig.Pass(TimeSpan.FromHours(2));
        Assert.Equal(oldest, rig.Storage.Log.OldestSection);
    }

    /// <summary>A queue with very many messages, all put off once.</summary>
    private static QueueRig Filled()
    {
        var rig = new QueueRig();
        for (var i = 0; i < Many; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@dead.test");
            if (i % 500 == 0)
            {
                rig.Turn();
            }
        }

        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        Assert.Equal(Many, rig.Parts.Core.Table.Messages.Count);
        return rig;
    }

    private static ActFrame Act(QueueAct act) => new() { Request = 1, Act = act, Message = 0, Of = Selection.All };

    private static AdministratorEnd AskInParts<T>(QueueRig rig, T request)
        where T : IFrame<T>
    {
        var end = AdministratorEnd.Join(rig);
        end.Channel.Send(request);
        var messages = rig.Parts.Core.Table.Messages;
        for (var looks = messages.Looks; rig.Loop.RunTurn(wait: false); looks = messages.Looks)
        {
            Assert.InRange(messages.Looks - looks, 0, MostLooks * AdminDesk.PerTurn);
        }

        Assert.True(end.IsAnswered);
        end.Channel.Dispose();
        rig.Turn();
        return end;
    }
}
