using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Bounce.Tests;

/// <summary>The whole round: queue tells over a channel, the notification comes back.</summary>
public sealed class NoticeDeskTests : IDisposable
{
    private static readonly Dictionary<string, Action<Asker>> _nonsense = new()
    {
        { "a number twice", queue => { queue.Start(1); queue.Start(1); } },
        { "a recipient of nothing", queue => queue.Recipient(1) },
        { "content of nothing", queue => queue.Content(1, "x"u8) },
        { "an end of nothing", queue => queue.End(1) },
        { "an end twice", queue => { queue.Start(1); queue.Recipient(1); queue.End(1); queue.End(1); } },
        { "a frame of somebody else", queue => queue.Channel.Send(new DeliveryEndFrame { Delivery = 1 }) },
        { "too many at once", queue =>
            {
                for (uint notice = 0; notice <= NoticeDesk.MaxOpen; notice++)
                {
                    queue.Start(notice);
                }
            }
        },
    };

    private static readonly Dictionary<string, Action<Asker>> _impossible = new()
    {
        { "to no address", queue => { queue.Start(1, "<>"); queue.Recipient(1); } },
        { "about no address", queue => { queue.Start(1); queue.Recipient(1, "x\r\nBcc: y@b.test"); queue.Recipient(1); } },
        { "with more of the original than goes back", queue =>
            {
                queue.Start(1);
                queue.Recipient(1);
                queue.Content(1, new byte[65_536]);
                queue.Content(1, "x"u8);
                queue.Content(1, "y"u8);
            }
        },
    };

    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Asker _queue = new();

    public NoticeDeskTests()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        _ = new Channel(_loop, ours!, Desk());
        _queue.Channel = new Channel(_loop, theirs!, _queue);
    }

    public static TheoryData<string> Impossible => [.. _impossible.Keys];

    public static TheoryData<string> Nonsense => [.. _nonsense.Keys];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Notification_ComesBackWhole()
    {
        _queue.Start(5);
        _queue.Recipient(5);
        _queue.Content(5, "Subject: a\r\nX-Long: "u8);
        _queue.Content(5, "b\r\n"u8);
        _queue.End(5);
        Turn();
        Assert.Equal(["5 complete"], _queue.Heard);
        var text = _queue.TextOf(5);
        Assert.StartsWith("From: Mail Delivery System <postmaster@a.test>\r\nTo: <s@f.test>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nReporting-MTA: dns; mx.a.test\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: a\r\nX-Long: b\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void NotificationsThatAreToldSideBySide_AreNotMixed()
    {
        _queue.Start(1);
        _queue.Start(2, "t@f.test");
        _queue.Recipient(2, "two@a.test");
        _queue.Recipient(1, "one@a.test");
        _queue.Content(2, "Subject: second\r\n"u8);
        _queue.Content(1, "Subject: first\r\n"u8);
        _queue.End(2);
        _queue.End(1);
        Turn();
        Assert.Equal(["2 complete", "1 complete"], _queue.Heard);
        foreach (var (notice, own, other) in new[] { (1u, "one@a.test", "two@a.test"), (2u, "two@a.test", "one@a.test") })
        {
            Assert.Contains(own, _queue.TextOf(notice), StringComparison.Ordinal);
            Assert.DoesNotContain(other, _queue.TextOf(notice), StringComparison.Ordinal);
        }

        Assert.Contains("Subject: first\r\n", _queue.TextOf(1), StringComparison.Ordinal);
        Assert.DoesNotContain("Subject: first\r\n", _queue.TextOf(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Boundary_IsAnotherEachTime()
    {
        // Attack K5: whoever wrote the original must not have been able to know it.
        for (uint notice = 1; notice <= 2; notice++)
        {
            _queue.Start(notice);
            _queue.Recipient(notice);
            _queue.End(notice);
        }

        Turn();
        Assert.NotEqual(BoundaryOf(_queue.TextOf(1)), BoundaryOf(_queue.TextOf(2)));
        Assert.True(BoundaryOf(_queue.TextOf(1)).Length >= 32);
    }

    [Fact]
    public void ManyRecipients_ComeBackInPiecesThatFitAFrame()
    {
        _queue.Start(1);
        for (var i = 0; i < 1000; i++)
        {
            _queue.Recipient(1, $"recipient-number-{i}@a.test");
        }

        _queue.End(1);
        Turn();
        Assert.True(_queue.TextOf(1).Length > 2 * FrameLimits.MaxContent);
        Assert.Contains("recipient-number-999@a.test", _queue.TextOf(1), StringComparison.Ordinal);
    }

    [Fact]
    public void NotificationOfNobody_IsRefused()
    {
        _queue.Start(1);
        _queue.End(1);
        _queue.Start(2);
        _queue.Recipient(2);
        _queue.End(2);
        Turn();
        Assert.Equal(["1 refused", "2 complete"], _queue.Heard);
    }

    // What a local user handed in as an address must not end the notifications of all others.
    [Theory]
    [MemberData(nameof(Impossible))]
    public void NotificationThatCantBeComposed_IsRefusedAndTheNextIsWritten(string what)
    {
        _impossible[what](_queue);
        _queue.Start(2);
        _queue.Recipient(2);
        _queue.End(1);
        _queue.End(2);
        Turn();
        Assert.Equal(["1 refused", "2 complete"], _queue.Heard);
        Assert.False(_queue.Ended);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void NonsenseFromTheQueue_EndsTheChannel(string what)
    {
        _nonsense[what](_queue);
        Turn();
        Assert.True(_queue.Ended);
    }

    [Fact]
    public void QueueThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < (Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 5_000 : 150); seed++)
        {
            var wild = new TestKit.WildFrames(seed);
            using var end = new TestKit.WildEnd(Turn, theirs => _ = new Channel(_loop, theirs, Desk()));
            for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
            {
                end.Send(wild.Next([50, 51, 51, 13, 33]));
            }
        }

        _queue.Start(5);
        _queue.Recipient(5);
        _queue.End(5);
        Turn();
        Assert.Equal(["5 complete"], _queue.Heard);
        Assert.False(_queue.Ended);
    }

    private static string BoundaryOf(string text)
    {
        var start = text.IndexOf("boundary=\"", StringComparison.Ordinal) + 10;
        return text[start..text.IndexOf('"', start)];
    }

    private NoticeDesk Desk()
    {
        Assert.True(DomainName.TryParse("mx.a.test", out var host));
        Assert.True(Mailbox.TryParse("postmaster@a.test", out var postmaster));
        return new NoticeDesk(new EventLog("bounce", _loop), () => new BounceNames(host, postmaster));
    }

    private void Turn()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    /// <summary>The queue's side.</summary>
    private sealed class Asker : IChannelEvents
    {
        private readonly Dictionary<uint, List<byte>> _texts = [];

        internal Channel Channel { get; set; } = null!;

        internal List<string> Heard { get; } = [];

        internal bool Ended { get; private set; }

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
            {
                _texts.TryAdd(content.Transaction, []);
                _texts[content.Transaction].AddRange(content.Bytes);
                return true;
            }

            if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end))
            {
                Heard.Add($"{end.Transaction} complete");
                return true;
            }

            if (type == NoticeRefusedFrame.Type && NoticeRefusedFrame.TryRead(ref reader, out var refused))
            {
                Heard.Add($"{refused.Notice} refused");
                return true;
            }

            return false;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;

        internal string TextOf(uint notice) => Encoding.UTF8.GetString([.. _texts[notice]]);

        internal void Start(uint notice, string to = "s@f.test") => Channel.Send(new NoticeStartFrame
        {
            Notice = notice,
            Message = 2,
            Own = 3,
            To = Encoding.ASCII.GetBytes(to),
            EnvelopeId = [],
            Arrived = 1_795_464_000,
            Now = 1_795_464_100,
            Full = false,
            SmtpUtf8 = false,
        });

        internal void Recipient(uint notice, string address = "x@a.test") => Channel.Send(new NoticeRecipientFrame
        {
            Notice = notice,
            Action = NoticeAction.Failed,
            Address = Encoding.ASCII.GetBytes(address),
            Original = [],
            Status = 5_001_001,
            Host = [],
            Text = "no such user here"u8,
            RetryUntil = 0,
        });

        internal void Content(uint notice, ReadOnlySpan<byte> bytes) => Channel.Send(new ContentFrame { Transaction = notice, Bytes = bytes });

        internal void End(uint notice) => Channel.Send(new ContentEndFrame { Transaction = notice });
    }
}
