using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.TestKit;

namespace Postern.Queue.Tests.Hostile;

/// <summary>What whoever hands messages in could break: smtpd when it was taken over, and any local user, who needs nothing for it.</summary>
public sealed class SubmitterTests
{
    [Theory]
    // RFC 3461 §4.1: NEVER stands alone; there are four words.
    [InlineData(0x0100)]
    [InlineData(0xffff)]
    [InlineData(0x0010)]
    [InlineData((ushort)(NotifyOn.Never | NotifyOn.Success))]
    public void ConditionsThatThereAreNot_EndTheChannel(ushort notify)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Channel.Send(new OpenMessageFrame { Transaction = 1 });
        rig.Smtpd.Channel.Send(new RecipientFrame { Transaction = 1, Address = "x@b.test"u8, Original = [], Notify = notify });
        rig.Turn();
        Assert.True(rig.Smtpd.Closed);
    }

    [Theory]
    // More pieces than an envelope can name.
    [InlineData((64 * 1024) + 1, 1)]
    // Fewer, and with them so many recipients that both do not fit one record.
    [InlineData(60_000, 3000)]
    public void MessageThatFitsNoRecord_IsTooLarge(int pieces, int recipients)
    {
        using var rig = new QueueRig();
        var number = rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, [.. Enumerable.Range(0, recipients).Select(one => $"{new string('x', 50)}{one}@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 60)}.test")]);
        for (var piece = 0; piece < pieces; piece++)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "x"u8 });
        }

        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
        rig.Turn();
        Assert.Equal(SubmissionOutcome.TooLarge, rig.Smtpd.Answers[number]);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void AliasOfAMessageInManyPieces_IsGivenUpWhenItFitsNoRecord()
    {
        using var rig = new QueueRig();
        var number = rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, ["list@a.test"]);
        for (var piece = 0; piece < 60_000; piece++)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "x"u8 });
        }

        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
        rig.Turn();
        var attempt = rig.Local.Single;
        for (var target = 0; target < 9000; target++)
        {
            rig.Local.Target(attempt, 0, $"{new string('x', 50)}{target}@b.test", list: true);
        }

        rig.Local.Answer(attempt, DeliveryOutcome.Expanded);
        rig.Turn();
        Assert.Equal([(Postern.Ipc.Notices.NoticeAction.Failed, "list@a.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void PiecesWithoutBytes_TakeNoRoom()
    {
        using var rig = new QueueRig();
        var number = rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, ["x@b.test"]);
        for (var piece = 0; piece < 70_000; piece++)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = [] });
        }

        rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "x\r\n"u8 });
        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
        rig.Turn();
        Assert.Equal("x\r\n", rig.Remote.Single.Content.ToString());
    }

    [Fact]
    public void WhoReadsNoAnswers_IsNotReadEither()
    {
        using var rig = new QueueRig();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: false));
        byte[] openAndAbort = [.. WildFrames.Frame(OpenMessageFrame.Type, [1, 0, 0, 0], 4), .. WildFrames.Frame(AbortFrame.Type, [1, 0, 0, 0], 4)];
        var many = Enumerable.Repeat(openAndAbort, 5000).SelectMany(bytes => bytes).ToArray();
        var rounds = 0;
        while (rounds < 100 && end.Send(many, read: false))
        {
            rounds++;
        }

        // Ten million bytes of answers would wait in the queue's memory by now.
        Assert.InRange(rounds, 1, 99);
        Assert.False(end.IsClosed);
        end.Read();
        Assert.False(end.IsClosed);
        Assert.True(end.Received.Count > 5000 * 18);
    }

    [Fact]
    public void EnvelopesThatWait_TakeALimitedAmountOfMemory()
    {
        using var rig = new QueueRig();
        string[] recipients = [.. Enumerable.Range(0, 3000).Select(one => $"{new string('x', 60)}{one}@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 60)}.test")];
        var numbers = new List<uint>();
        for (var message = 0; message < 100; message++)
        {
            numbers.Add(rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, recipients));
            rig.Turn();
        }

        Assert.False(rig.Smtpd.Closed);
        foreach (var number in numbers)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "x\r\n"u8 });
            rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
            rig.Turn();
        }

        // Those that came while there was room are taken, the others are to come again; then there is room.
        Assert.Contains(SubmissionOutcome.Committed, rig.Smtpd.Answers.Values);
        Assert.Contains(SubmissionOutcome.Full, rig.Smtpd.Answers.Values);
        var later = rig.Smtpd.Submit(new SentMail(), recipients);
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[later]);
    }

    // They are over for who handed them in, but not for the memory: a slow disk must not let it grow.
    [Fact]
    public void EnvelopesThatWaitForTheDisk_TakeALimitedAmountOfMemory()
    {
        using var rig = new QueueRig();
        string[] recipients = [.. Enumerable.Range(0, 3000).Select(one => $"{new string('x', 60)}{one}@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 60)}.test")];
        rig.Background.IsSlow = true;
        _ = rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.Turn();
        for (var message = 0; message < 100; message++)
        {
            rig.Smtpd.Channel.Send(new CommitFrame { Transaction = rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, recipients) });
            rig.Turn();
        }

        Assert.InRange(rig.Smtpd.Answers.Values.Count(answer => answer == SubmissionOutcome.Full), 10, 50);
        Assert.False(rig.Smtpd.Closed);
        rig.Background.IsSlow = false;
        rig.Turn();
        var later = rig.Smtpd.Submit(new SentMail(), recipients);
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[later]);
    }

    // What is begun keeps its place in the log; nothing behind it could be freed, and the disk would fill with mail that is long gone.
    [Fact]
    public void MessageThatIsNotEnded_DoesNotKeepTheLogFromBeingFreed()
    {
        using var rig = new QueueRig(sectionBytes: 64 * 1024);
        var number = rig.Smtpd.Begin("s@a.test", NotifyOn.Unspecified, "x@b.test");
        rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "first\r\n"u8 });
        rig.Turn();
        MuchMail(rig);
        rig.Smtpd.Channel.Send(new ContentFrame { Transaction = number, Bytes = "second\r\n"u8 });
        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = number });
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[number]);
        using var after = rig.Crash();
        Assert.Equal("first\r\nsecond\r\n", after.Remote.Single.Content.ToString());
    }

    [Fact]
    public void NotificationThatIsNotEnded_DoesNotKeepTheLogFromBeingFreed()
    {
        using var rig = new QueueRig(sectionBytes: 64 * 1024);
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit("s@a.test", "x", "x@b.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
        rig.Bounce.Channel.Send(new ContentFrame { Transaction = rig.Bounce.Notices[0].Number, Bytes = "Subject: x\r\n\r\n"u8 });
        rig.Turn();
        MuchMail(rig);
        Assert.InRange(rig.Bounce.Notices.Count, 2, 10);
        rig.Bounce.Compose(rig.Bounce.Notices[^1]);
        rig.Turn();
        Assert.Equal(["s@a.test"], rig.Local.Single.Recipients.Select(one => one.Address));
    }

    /// <summary>A hundred sections of mail that is delivered at once.</summary>
    private static void MuchMail(QueueRig rig)
    {
        var content = new string('z', 60_000) + "\r\n";
        for (var message = 0; message < 100; message++)
        {
            rig.Smtpd.Submit("s@a.test", content, "x@c.test");
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        }

        rig.Pass(TimeSpan.FromHours(3));
        Assert.InRange(rig.Parts.Core.Log.Sections.Count, 1, 20);
    }

    [Fact]
    public void OneUser_HasFewMessagesOpen()
    {
        using var rig = new QueueRig();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: false));
        for (byte number = 0; number < 200 && !end.IsClosed; number++)
        {
            end.Send(WildFrames.Frame(OpenMessageFrame.Type, [number, 0, 0, 0], 4));
        }

        end.Read();
        Assert.True(end.IsClosed);
    }

    [Fact]
    public void AuthThatHandsInNotices_HasNoMoreRoomThanAUser()
    {
        using var rig = new QueueRig();
        using (var end = new WildEnd(rig.Turn, theirs => rig.Parts.Connect(ProgramName.Auth, theirs)))
        {
            for (byte number = 0; number < 16; number++)
            {
                end.Send(WildFrames.Frame(OpenMessageFrame.Type, [number, 0, 0, 0], 4));
            }

            end.Read();
            Assert.False(end.IsClosed);
            end.Send(WildFrames.Frame(OpenMessageFrame.Type, [16, 0, 0, 0], 4));
            end.Read();
            Assert.True(end.IsClosed);
        }

        rig.Turn();
        Assert.Contains("submitter-refused user=auth", rig.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoItIs_IsTheKernelsWord()
    {
        using var rig = new QueueRig();
        using var end = new WildEnd(rig.Turn, theirs => rig.Parts.Welcome(theirs, administration: false));
        end.Send(WildFrames.Frame(OpenMessageFrame.Type, [1, 0, 0, 0], 4));
        // Says of itself that it came by authenticated SMTP, from another host.
        byte[] sender = [1, 0, 0, 0, 8, 0, .. "s@a.test"u8, 0, 0, 0, 0, 0, (byte)MailProtocol.Esmtp, 0, 0, 0, 0, 16, 0, .. new byte[16]];
        byte[] recipient = [1, 0, 0, 0, 8, 0, .. "x@b.test"u8, 0, 0, 0, 0];
        end.Send(WildFrames.Frame(SenderFrame.Type, sender, (uint)sender.Length));
        end.Send(WildFrames.Frame(RecipientFrame.Type, recipient, (uint)recipient.Length));
        end.Send(WildFrames.Frame(ContentFrame.Type, [1, 0, 0, 0, (byte)'x'], 5));
        end.Send(WildFrames.Frame(CommitFrame.Type, [1, 0, 0, 0], 4));
        rig.Turn();
        Assert.Contains($" uid={Postern.Posix.Processes.OwnProcess.User} from=", rig.Lines, StringComparison.Ordinal);
    }
}
