using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>Whoever sent what can't be delivered hears of it, and of nothing else (RFC 3464).</summary>
public sealed class NotificationTests
{
    private readonly string _mark = Samples.Mark();

    [Fact]
    public void ARefusedRecipient_IsReportedAndTheOtherDelivered()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, _) =>
            happened.Contains("<gone@bad.example>", StringComparison.Ordinal) ? "550 5.1.1 nobody of that name" : null);
        rig.Send(Samples.Message(_mark), "gone@bad.example", "there@bad.example");
        Assert.Equal(["there@bad.example"], DestinationRig.AwaitIn(bad, _mark).To);

        var notice = rig.Server.Mailbox("alice").Await(_mark);
        Assert.StartsWith("Return-Path: <>\n", notice.Text, StringComparison.Ordinal);
        Assert.True(notice.Contains("\nFinal-Recipient: rfc822; gone@bad.example\n"), notice.Text);
        Assert.True(notice.Contains("\nAction: failed\n"), notice.Text);
        Assert.True(notice.Contains("\nStatus: 5.1.1\n"), notice.Text);
        Assert.True(notice.Contains("nobody of that name"), notice.Text);
        Assert.False(notice.Contains("Final-Recipient: rfc822; there@bad.example"), notice.Text);
        rig.AwaitEmptyQueue();
        Assert.Equal(1, rig.Server.Mailbox("alice").Count);
        Assert.Single(bad.Messages);
    }

    [Fact]
    public void RefusedContent_IsReportedForEveryRecipient()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, _) => happened == "CONTENT" ? "554 5.6.0 not like this" : null);
        rig.Send(Samples.Message(_mark), "a@bad.example", "b@bad.example");
        rig.AwaitEmptyQueue();
        var notices = rig.Server.Mailbox("alice").Await(1);
        Assert.Equal(1, notices.Count(one => one.Contains("Final-Recipient: rfc822; a@bad.example")));
        Assert.Equal(1, notices.Count(one => one.Contains("Final-Recipient: rfc822; b@bad.example")));
    }

    [Fact]
    public void AFailedNotification_GoesToPostmasterOnce()
    {
        using var rig = new DestinationRig();
        using var bad = rig.OpenBad((happened, _) => happened.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null);
        // The null reverse path: what comes back of it must not go back to it (RFC 5321 §4.5.5, §6.1).
        rig.Send("", Samples.Message(_mark), "a@bad.example");
        rig.AwaitEmptyQueue();
        var notice = Assert.Single(rig.Server.Mailbox("alice").Await(1));
        Assert.StartsWith("Return-Path: <>\n", notice.Text, StringComparison.Ordinal);
        Assert.True(notice.Contains("\nTo: <postmaster@mx.example.org>\n"), notice.Text);
        Assert.True(notice.Contains("\nFinal-Recipient: rfc822; a@bad.example\n"), notice.Text);
        Assert.Equal(1, bad.CountOf("RCPT"));
        Assert.Equal(0, rig.Server.Mailbox("bob").Count);
    }

    [Fact]
    public void ANotificationToPostmasterThatFails_IsTheLast()
    {
        using var rig = new DestinationRig("retry_first = \"1s\"", "\"postmaster@mx.example.org\" = \"boss@bad.example\"");
        using var bad = rig.OpenBad((happened, _) => happened.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null);
        rig.Send("", Samples.Message(_mark), "a@bad.example");
        rig.AwaitEmptyQueue();
        Patience.Until(() => bad.CountOf("RCPT") == 2, () => $"{bad.CountOf("RCPT")} recipients were offered");
        rig.AwaitEmptyQueue();
        Assert.Equal(2, bad.CountOf("RCPT"));
        Assert.Empty(bad.Messages);
        Assert.Equal((0, 0), (rig.Server.Mailbox("alice").Count, rig.Server.Mailbox("bob").Count));
    }

    [Fact]
    public void AMessageThatIsLate_IsAnnouncedOnceAndGoesOn()
    {
        using var rig = new DestinationRig("retry_first = \"1s\"\nretry_max = \"1s\"\nwarn_after = \"1s\"");
        rig.Send(Samples.Message(_mark), "x@bad.example");
        var notice = rig.Server.Mailbox("alice").Await(_mark);
        Assert.True(notice.Contains("\nAction: delayed\n"), notice.Text);
        using var bad = rig.OpenBad((_, _) => null);
        DestinationRig.AwaitIn(bad, _mark);
        rig.AwaitEmptyQueue();
        Assert.Equal(1, rig.Server.Mailbox("alice").Count);
    }
}
