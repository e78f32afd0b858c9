using Postern.Ipc;
using Postern.Posix.Sockets;

namespace Postern.Queue.Tests;

/// <summary>Whoever hands messages in is not trusted: what is no envelope ends his own channel, and nobody else hears of it.</summary>
public sealed class IntakeTests
{
    [Theory]
    [InlineData("no\nsuch@b.test")]
    [InlineData("no\r\nSubject: x@b.test")]
    [InlineData("a b@b.test")]
    [InlineData("nobody")]
    [InlineData("")]
    public void RecipientThatIsNoAddress_EndsTheChannel(string recipient) => MustEnd(new SentMail(), recipient);

    [Theory]
    [InlineData("a\nBcc: b@c.test")]
    [InlineData("nobody")]
    public void SenderThatIsNoAddress_EndsTheChannel(string sender) => MustEnd(new SentMail { Sender = sender }, "x@b.test");

    [Theory]
    [InlineData("rfc822;x\r\nFinal-Recipient: y")]
    [InlineData("rfc822;x\0")]
    public void OriginalRecipientWithControlBytes_EndsTheChannel(string original) => MustEnd(new SentMail { Original = original }, "x@b.test");

    [Fact]
    public void EnvelopeIdWithControlBytes_EndsTheChannel() => MustEnd(new SentMail { EnvelopeId = "1\nX: y" }, "x@b.test");

    [Fact]
    public void OneUser_CannotTakeAllConnections()
    {
        using var rig = new QueueRig();
        var ends = new List<SubmitterEnd>();
        for (var i = 0; i < 70; i++)
        {
            Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
            var end = new SubmitterEnd();
            end.Channel = new Channel(rig.Loop, ours!, end);
            rig.Parts.Welcome(theirs!, administration: false);
            ends.Add(end);
        }

        rig.Turn();
        Assert.Equal([.. Enumerable.Repeat(false, 64), .. Enumerable.Repeat(true, 6)], ends.Select(end => end.Closed));

        // One goes, one may come.
        ends[0].Channel.Dispose();
        rig.Turn();
        Assert.False(Socket.OpenPair(packets: false, out var last, out var lastTheirs).Failed);
        var late = new SubmitterEnd();
        late.Channel = new Channel(rig.Loop, last!, late);
        rig.Parts.Welcome(lastTheirs!, administration: false);
        rig.Turn();
        Assert.False(late.Closed);
    }

    [Fact]
    public void AllUsersTogether_CannotTakeAllConnections()
    {
        using var rig = new QueueRig();
        var ends = new List<SubmitterEnd>();
        for (uint i = 0; i < 520; i++)
        {
            Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
            var end = new SubmitterEnd();
            end.Channel = new Channel(rig.Loop, ours!, end);
            rig.Parts.Welcome(theirs!, 1000 + i);
            ends.Add(end);
        }

        rig.Turn();
        Assert.Equal([.. Enumerable.Repeat(false, 512), .. Enumerable.Repeat(true, 8)], ends.Select(end => end.Closed));
        // What other programs hand in has room.
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.Turn();
        Assert.NotEmpty(rig.Smtpd.Answers);
        ends.ForEach(end => end.Channel.Dispose());
    }

    private static void MustEnd(SentMail mail, string recipient)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(mail, recipient);
        rig.Turn();
        Assert.True(rig.Smtpd.Closed);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        Assert.Contains("submitter-refused", rig.Lines, StringComparison.Ordinal);
    }
}
