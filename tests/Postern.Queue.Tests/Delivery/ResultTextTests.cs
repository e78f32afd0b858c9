using CsCheck;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Queue.Records;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Attack I2: what a server said is a field of fixed extent in the queue's records, whatever it said.</summary>
public sealed class ResultTextTests
{
    [Fact]
    public void AnyReply_LeavesTheFieldsAroundItAlone()
    {
        Gen.Select(Gen.Byte.Array[0, DeliveryLimits.MaxText], Gen.Byte.Array[0, DeliveryLimits.MaxHost]).Sample(
            (text, host) =>
            {
                using var before = new QueueRig();
                before.Bounce.Answers = false;
                before.Smtpd.Submit(new SentMail(), "x@b.test", "y@b.test");
                before.Turn();
                var attempt = before.Remote.Single;
                before.Remote.Channel.Send(new RecipientResultFrame
                {
                    Delivery = attempt.Delivery,
                    Recipient = 0,
                    Outcome = DeliveryOutcome.Permanent,
                    Fault = FaultOf.Peer,
                    Status = 5_001_001,
                    Host = host,
                    Text = text,
                });
                before.Remote.Answer(attempt, 1, DeliveryOutcome.Temporary);
                before.Remote.End(attempt);
                before.Turn();

                var owed = Assert.Single(before.Parts.Notices.OwedOf(0));
                Assert.True(before.Parts.Core.Log.TryReadResult(owed.Position, out var record));
                Assert.Equal((0u, 5_001_001u, true, RecipientState.Owed), (record.Recipient, record.Status, record.Owes, record.Standing.State));
                Assert.Equal(text, record.Text);
                Assert.Equal(host, record.Host);
                Assert.All(before.Lines.Split('\n'), line => Assert.All(line, letter => Assert.InRange(letter, ' ', '~')));

                using var after = before.Crash();
                Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(after.Bounce.Notices).Recipients);
                after.Pass(TimeSpan.FromMinutes(6));
                Assert.Equal([(1u, "y@b.test", false)], after.Remote.Single.Recipients);
            },
            iter: 200);
    }

    [Theory]
    // The reply that became lines of a queue file elsewhere.
    [InlineData("553\ndispatcher: local_mail\ntype: mda\nmda-exec: id")]
    [InlineData("\0\r\n\r\nx")]
    public void LineEndInAReply_StaysWithinItsField(string text)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        rig.Remote.Channel.Send(new RecipientResultFrame
        {
            Delivery = attempt.Delivery,
            Recipient = 0,
            Outcome = DeliveryOutcome.Temporary,
            Fault = FaultOf.Peer,
            Status = 4_002_000,
            Host = [],
            Text = System.Text.Encoding.Latin1.GetBytes(text),
        });
        rig.Remote.End(attempt);
        rig.Turn();
        Assert.Single(rig.Lines.Split('\n'), line => line.Contains("deferred", StringComparison.Ordinal));
        Assert.DoesNotContain("\ndispatcher", rig.Lines, StringComparison.Ordinal);
        using var after = rig.Crash();
        Assert.Equal(1, after.Parts.Core.Table.Messages.Count);
    }
}
