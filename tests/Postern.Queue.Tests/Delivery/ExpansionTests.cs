using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Aliases on their way through the queue (RFC 3461 §5.2.7), crashes included.</summary>
public sealed class ExpansionTests
{
    private const NotifyOn All = NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay;

    [Fact]
    public void ExpandedList_IsOwedToItsSenderByTheCommitThatExpandsIt()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success }, "team@a.test");
        before.Turn();
        Expand(before, list: true, "u@a.test", "x@b.test");
        var commits = before.Storage.Commits;
        while (before.Storage.Commits == commits)
        {
            before.Loop.RunTurn(wait: false);
        }

        using var after = before.Crash();
        Assert.Equal([(NoticeAction.Expanded, "team@a.test")], Assert.Single(after.Bounce.Notices).Recipients);
        Assert.DoesNotContain(after.Local.Attempts, attempt => attempt.Recipients[0].Address == "team@a.test");
    }

    // What an administrator keeps while it is being looked up is kept: what takes its place goes nowhere, after a restart neither.
    [Fact]
    public void AliasThatIsHeldMeanwhile_GivesWayToTargetsThatAreHeld()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit(new SentMail(), "team@a.test");
        before.Turn();
        Assert.Equal(1, QueueRig.ActOnAll(before.Parts.Core, Ipc.Administration.QueueAct.Hold));
        Expand(before, list: true, "u@a.test", "x@b.test");
        before.Turn();
        Assert.Empty(before.Remote.Attempts);
        using var after = before.Crash();
        Assert.Empty(after.Remote.Attempts);
        Assert.Empty(after.Local.Attempts);
        Assert.Equal(2, QueueRig.ActOnAll(after.Parts.Core, Ipc.Administration.QueueAct.Release));
        after.Parts.Dispatcher.Run();
        after.Turn();
        Assert.Single(after.Remote.Attempts);
        Assert.Single(after.Local.Attempts);
    }

    [Theory]
    // One address for another: the request goes along.
    [InlineData(false, All, All, "")]
    [InlineData(false, NotifyOn.Never, NotifyOn.Never, "")]
    [InlineData(false, NotifyOn.Unspecified, NotifyOn.Unspecified, "")]
    // A list: success is reported for it, and only failures of its members are.
    [InlineData(true, All, NotifyOn.Failure, "Expanded")]
    [InlineData(true, NotifyOn.Failure, NotifyOn.Failure, "")]
    [InlineData(true, NotifyOn.Unspecified, NotifyOn.Failure, "")]
    [InlineData(true, NotifyOn.Never, NotifyOn.Never, "")]
    public void Request_GoesAlongOrEndsAtTheList(bool list, NotifyOn asked, NotifyOn passedOn, string told)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Notify = asked, Original = "rfc822;first@c.test" }, "team@a.test");
        rig.Turn();
        Expand(rig, list, list ? ["x@b.test", "y@b.test"] : ["x@b.test"]);
        rig.Turn();
        Assert.All(rig.Remote.Single.Requests, request => Assert.Equal((passedOn, "rfc822;first@c.test"), request));
        Assert.Equal(told, string.Join(' ', rig.Bounce.Notices.Select(notice => notice.Recipients.Single().Action)));
    }

    [Theory]
    [InlineData("team@a.test", "rfc822;team@a.test")]
    // In xtext (RFC 3461 §4).
    [InlineData("team+x=y@a.test", "rfc822;team+2Bx+3Dy@a.test")]
    public void TargetOfASenderWithoutOrcpt_RemembersTheAlias(string alias, string original)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), alias);
        rig.Turn();
        Expand(rig, list: false, "x@b.test");
        rig.Turn();
        Assert.Equal(original, rig.Remote.Single.Requests.Single().Original);
    }

    [Fact]
    public void LongListWithALongOrcpt_FitsItsRecordWithoutIt()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Original = "rfc822;" + new string('o', 490) }, "team@a.test");
        rig.Turn();
        Expand(rig, list: true, [.. Enumerable.Range(0, 5000).Select(i => $"x{i}@b.test")]);
        rig.Turn();
        Assert.Null(rig.EndCode);
        Assert.Equal(5000, rig.Parts.Core.Table.Recipients.Count);
        Assert.All(rig.Remote.Attempts[0].Requests, request => Assert.Equal(string.Empty, request.Original));
    }

    [Fact]
    public void ListThatFitsNoRecord_Fails()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "team@a.test");
        rig.Turn();
        var local = new string('l', 60);
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + ".test";
        Expand(rig, list: true, [.. Enumerable.Range(0, 9999).Select(i => $"{local}{i}@{domain}")]);
        rig.Turn();
        Assert.Null(rig.EndCode);
        Assert.Equal([(NoticeAction.Failed, "team@a.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void AliasForWhichThereIsNoRoom_IsDeferredInTheLogAndExpandedLater()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "team@a.test");
        rig.Turn();
        rig.Storage.FillUp();
        Expand(rig, list: false, "x@b.test");
        rig.Turn();
        Assert.Contains(rig.Lines.Split('\n'), line => line.Contains(" deferred ", StringComparison.Ordinal)
            && line.Contains("rcpt=\"team@a.test\"", StringComparison.Ordinal) && line.Contains("no room to expand the alias", StringComparison.Ordinal));
        rig.Local.Attempts.Clear();
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(10));
        Expand(rig, list: false, "x@b.test");
        rig.Turn();
        Assert.Equal("x@b.test", Assert.Single(rig.Remote.Single.Recipients).Address);
    }

    private static void Expand(QueueRig rig, bool list, params string[] targets)
    {
        var attempt = rig.Local.Single;
        foreach (var target in targets)
        {
            rig.Local.Target(attempt, 0, target, list);
        }

        rig.Local.Answer(attempt, DeliveryOutcome.Expanded);
    }
}
