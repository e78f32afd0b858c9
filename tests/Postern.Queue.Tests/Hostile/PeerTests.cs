using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.Queue.Tests.Hostile;

/// <summary>What a local, a remote or a bounce that was taken over could say beyond lies about the messages that it was given.</summary>
public sealed class PeerTests
{
    private static readonly Dictionary<string, Action<DelivererEnd, SeenAttempt>> _nonsense = new()
    {
        { "an end without a result", (peer, attempt) => peer.End(attempt) },
        { "a result twice", (peer, attempt) => { peer.Answer(attempt, 0, DeliveryOutcome.Delivered); peer.Answer(attempt, 0, DeliveryOutcome.Delivered); } },
        { "a result for somebody else", (peer, attempt) => peer.Answer(attempt, 1, DeliveryOutcome.Delivered) },
        { "a result of nothing", (peer, _) => peer.Answer(Nothing(), 0, DeliveryOutcome.Delivered) },
        { "an end of nothing", (peer, _) => peer.End(Nothing()) },
        { "an end twice", (peer, attempt) => { peer.Answer(attempt, DeliveryOutcome.Delivered); peer.End(attempt); } },
        { "an expansion into nothing", (peer, attempt) => peer.Answer(attempt, DeliveryOutcome.Expanded) },
        { "targets and then no expansion", (peer, attempt) => { peer.Target(attempt, 0, "x@b.test"); peer.Answer(attempt, 0, DeliveryOutcome.Delivered); } },
        { "a target that is no address", (peer, attempt) => peer.Target(attempt, 0, "x\n@b.test") },
        { "exchangers of nothing", (peer, _) => peer.Channel.Send(new ExchangersFrame { Delivery = 77, Exchangers = "10 mx.b.test"u8 }) },
        { "a frame of somebody else", (peer, _) => peer.Channel.Send(new CommitFrame { Transaction = 1 }) },
    };

    [Fact]
    public void NonsenseFromRemote_EndsItsChannel() => Assert.All(_nonsense.Values, nonsense =>
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", "x", "x@b.test");
        rig.Turn();
        nonsense(rig.Remote, rig.Remote.Single);
        rig.Turn();
        Assert.True(rig.Remote.Closed);
        Assert.Contains("peer-lost peer=remote", rig.Lines, StringComparison.Ordinal);
        Assert.Contains("hostile=yes", rig.Lines, StringComparison.Ordinal);
    });

    [Fact]
    public void NonsenseFromLocal_EndsItsChannel() => Assert.All(_nonsense.Values, nonsense =>
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", "x", "x@a.test");
        rig.Turn();
        nonsense(rig.Local, rig.Local.Single);
        rig.Turn();
        Assert.True(rig.Local.Closed);
    });

    // Else nobody tries him again before the queue is started anew, and nobody is told.
    [Theory]
    [InlineData("an expansion into nothing")]
    [InlineData("targets and then no expansion")]
    public void RecipientAboutWhomNonsenseWasSaid_IsTriedAgain(string nonsense)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", "x", "x@a.test");
        rig.Turn();
        _nonsense[nonsense](rig.Local, rig.Local.Single);
        rig.Turn();
        Assert.True(rig.Local.Closed);
        rig.RestartLocal();
        Assert.Equal("x@a.test", Assert.Single(rig.Local.Single.Recipients).Address);
    }

    [Fact]
    public void Remote_CannotSayThatAnAddressStandsForOthers()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", "x", "x@b.test");
        rig.Turn();
        rig.Remote.Target(rig.Remote.Single, 0, "x@a.test");
        rig.Turn();
        Assert.True(rig.Remote.Closed);
        Assert.Empty(rig.Local.Attempts);
    }

    // Else one message becomes ten thousand, and each of these, too: the disk is full before anybody looks.
    [Fact]
    public void Local_CannotExpandWhatWasExpanded()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", "x", "list@a.test");
        rig.Turn();
        rig.Local.Target(rig.Local.Single, 0, "one@a.test");
        rig.Local.Target(rig.Local.Single, 0, "two@a.test");
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Expanded);
        rig.Turn();
        var again = rig.Local.Attempts[1];
        Assert.All(again.Recipients, one => Assert.True(one.Final));
        rig.Local.Target(again, 0, "three@a.test");
        rig.Turn();
        Assert.True(rig.Local.Closed);
    }

    [Fact]
    public void NotificationInTooManyPieces_EndsTheChannelToBounce()
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit("s@a.test", "x", "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        var notice = Assert.Single(rig.Bounce.Notices);
        for (var piece = 0; piece < 200_000; piece++)
        {
            rig.Bounce.Channel.Send(new ContentFrame { Transaction = notice.Number, Bytes = "x"u8 });
        }

        rig.Turn();
        Assert.True(rig.Bounce.Closed);
        rig.RestartBounce(endKnownFirst: true);
        rig.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("s@a.test", Assert.Single(rig.Bounce.Notices).To);
    }

    // Nothing hostile: bounce can't know that the disk is full.
    [Fact]
    public void NotificationInPiecesForWhichThereIsNoRoom_IsAskedForAgain()
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit("s@a.test", "x", "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        var notice = Assert.Single(rig.Bounce.Notices);
        rig.Storage.FillUp();
        rig.Bounce.Channel.Send(new ContentFrame { Transaction = notice.Number, Bytes = "Subject: x\r\n\r\n"u8 });
        rig.Bounce.Channel.Send(new ContentFrame { Transaction = notice.Number, Bytes = "more\r\n"u8 });
        rig.Bounce.Channel.Send(new ContentEndFrame { Transaction = notice.Number });
        rig.Turn();
        Assert.False(rig.Bounce.Closed);
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, rig.Bounce.Notices.Count);
    }

    private static SeenAttempt Nothing() => new()
    {
        Delivery = 77,
        Message = 77,
        Hop = HopKind.Host,
        Destination = "",
        Sender = "",
        Body = BodyType.SevenBit,
        Handling = Handling.None,
    };
}
