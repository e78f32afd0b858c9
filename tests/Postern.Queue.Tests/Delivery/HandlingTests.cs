using Postern.Ipc.Notices;
using Postern.Loop;
using Postern.Mail;
using Postern.Spool;

namespace Postern.Queue.Tests.Delivery;

/// <summary>How a message asks to be carried (RFC 8689) goes with it wherever it goes: to each attempt, through a crash, to what an alias stands for, into notifications.</summary>
public sealed class HandlingTests
{
    [Theory]
    [InlineData(Handling.None)]
    [InlineData(Handling.SmtpUtf8)]
    [InlineData(Handling.RequireTls)]
    [InlineData(Handling.RequireTls | Handling.SmtpUtf8)]
    [InlineData(Handling.TlsOptional)]
    [InlineData(Handling.TlsOptional | Handling.SmtpUtf8)]
    public void Message_KeepsItToItsEnd(Handling handling)
    {
        var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Handling = handling }, "x@b.test", "list@a.test");
        rig.Turn();
        Assert.Equal(handling, rig.Remote.Single.Handling);
        Assert.Equal(handling, rig.Local.Single.Handling);
        rig.Local.Target(rig.Local.Single, 1, "y@c.test", list: true);
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Expanded);
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Temporary);
        rig.Turn();
        Assert.Equal(handling, rig.Remote.Attempts.Single(attempt => attempt.Destination == "c.test").Handling);

        // From a checkpoint, and from the records alone.
        rig.Log.BeginCheckpoint();
        CheckpointTests.WritePiece(rig, 0);
        CheckpointTests.WritePiece(rig, 1);
        CheckpointTests.EndCheckpoint(rig);
        using var next = rig.Crash();
        next.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(["b.test", "c.test"], next.Remote.Attempts.Select(attempt => attempt.Destination).Distinct().Order());
        Assert.All(next.Remote.Attempts, attempt => Assert.Equal(handling, attempt.Handling));
    }

    // RFC 8689 §5: only the header comes back, and that within TLS, too.
    [Theory]
    [InlineData(Handling.RequireTls, false, Handling.RequireTls)]
    [InlineData(Handling.TlsOptional, true, Handling.None)]
    [InlineData(Handling.None, true, Handling.None)]
    public void Notification_IsCarriedAsItsMessageWas(Handling handling, bool full, Handling carried)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Sender = "s@relay.test", Handling = handling, Return = ReturnContent.Full }, "x@b.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
        var notice = Assert.Single(rig.Bounce.Notices);
        Assert.Equal((full, full), (notice.Full, notice.Original.Contains("body", StringComparison.Ordinal)));
        Assert.Equal((NoticeAction.Failed, "x@b.test"), notice.Recipients.Single());
        Assert.Equal((string.Empty, "relay.test", carried), (rig.Remote.Single.Sender, rig.Remote.Single.Destination == "127.0.0.1" ? "relay.test" : rig.Remote.Single.Destination, rig.Remote.Single.Handling));
    }

    // The byte that says it once said SMTPUTF8 and nothing else, and what is kept in the detail was 0: a record of before, byte by byte.
    [Theory]
    [InlineData(0, Handling.None)]
    [InlineData(1, Handling.SmtpUtf8)]
    [InlineData(5, Handling.SmtpUtf8 | Handling.TlsOptional)]
    public void RecordOfAnEarlierVersion_IsReadAsItWas(byte smtpUtf8, Handling handling)
    {
        var log = new MemoryLog();
        Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, Record(smtpUtf8), out _));
        Assert.Equal(LogResult.Success, log.Commit());
        using var rig = new QueueRig(log);
        Assert.Contains("strange=0", rig.Lines, StringComparison.Ordinal);
        Assert.Equal((9ul, "s@f.test", handling), (rig.Remote.Single.Message, rig.Remote.Single.Sender, rig.Remote.Single.Handling));
        Assert.Equal(1_790_000_000u, rig.Parts.Core.Table.Messages[0].Arrived);
    }

    // TLS is required, or it need not be: a record that says both is none.
    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void RecordThatSaysBoth_IsNone(byte smtpUtf8)
    {
        var log = new MemoryLog();
        Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, Record(smtpUtf8), out _));
        Assert.Equal(LogResult.Success, log.Commit());
        using var rig = new QueueRig(log);
        Assert.Contains("strange=1", rig.Lines, StringComparison.Ordinal);
    }

    private static byte[] Record(byte smtpUtf8)
    {
        // Message 9, handed in; arrived 1790000000, size 0, no marks, ESMTP, no RET, 7 bits; then the byte.
        const string Head = "0900000000000000" + "00" + "0000000000000000" + "00000000" + "803BB16A00000000" + "0000000000000000" + "00" + "02" + "00" + "00";
        // No client; s@f.test; no ENVID; nothing cleared; no pieces; one recipient, x@b.test, ready.
        const string Tail = "0000" + "0800" + "7340662E74657374" + "0000" + "00000000" + "00000000" + "01000000"
            + "0800" + "7840622E74657374" + "0000" + "0000" + "00" + "000000" + "0000" + "00000000";
        return [.. Convert.FromHexString(Head), smtpUtf8, .. Convert.FromHexString(Tail)];
    }
}
