using Postern.Deliver.Disk;
using Postern.Ipc.Directory;
using Postern.Mail;
using Postern.Posix;

namespace Postern.Deliver.Tests;

/// <summary>Attack F6: each step of a delivery is refused once, with each error that matters.</summary>
public sealed class FailureSweepTests
{
    public static TheoryData<int> Errors => [5, Errno.NoSpace, Errno.QuotaExceeded, Errno.TooManyOpen, Errno.ReadOnlyFileSystem, Errno.AccessDenied, 18, 116];

    [Theory]
    [MemberData(nameof(Errors))]
    public void OneFailingStep_LeavesNothingAndIsForLater(int error)
    {
        var failed = 0;
        for (var at = 1; ; at++)
        {
            var calls = new FailingCalls(error, (number, _) => number == at);
            using var mailboxes = new Mailboxes(calls);
            var result = mailboxes.Deliver(Mailboxes.Virtual).Result!;
            if (calls.Steps.Count < at)
            {
                Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
                break;
            }

            failed++;
            Assert.Equal((DeliveryOutcome.Temporary, 4), (result.Outcome, result.Status.Class));
            Assert.Empty(mailboxes.Files("root/a.test/u/tmp"));
            Assert.Empty(mailboxes.Files("root/a.test/u/new"));
        }

        // Two folders on the way, three in the mailbox, each made and synced; opening; the file's own steps.
        Assert.True(failed >= 18, $"only {failed} steps");
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void EverythingFailsFromAStepOn_IsNeverSuccess(int error)
    {
        for (var at = 1; ; at++)
        {
            var calls = new FailingCalls(error, (number, _) => number >= at);
            using var mailboxes = new Mailboxes(calls);
            var result = mailboxes.Deliver(Mailboxes.Virtual).Result!;
            if (calls.Steps.Count < at)
            {
                Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
                break;
            }

            Assert.Equal(DeliveryOutcome.Temporary, result.Outcome);
        }
    }

    [Theory]
    // A quota is the mailbox's own; a full disk is everybody's (the queue rests only for the latter).
    [InlineData(Errno.QuotaExceeded, "4.2.2", FaultOf.Peer)]
    [InlineData(Errno.NoSpace, "4.3.1", FaultOf.World)]
    [InlineData(27, "4.3.1", FaultOf.World)]
    [InlineData(Errno.AccessDenied, "4.3.5", FaultOf.Peer)]
    [InlineData(Errno.Loop, "4.3.5", FaultOf.Peer)]
    [InlineData(Errno.NotDirectory, "4.3.5", FaultOf.Peer)]
    [InlineData(18, "4.3.5", FaultOf.Peer)]
    [InlineData(Errno.InputOutput, "4.3.0", FaultOf.World)]
    [InlineData(Errno.TooManyOpen, "4.3.0", FaultOf.World)]
    [InlineData(Errno.ReadOnlyFileSystem, "4.3.0", FaultOf.World)]
    public void Error_HasItsStatus(int error, string status, FaultOf fault)
    {
        var calls = new FailingCalls(error, (_, step) => step == "Rename");
        using var mailboxes = new Mailboxes(calls);
        var result = mailboxes.Deliver(Mailboxes.Virtual).Result!;
        Assert.Equal((status, fault), (result.Status.ToString(), result.FaultOf));
    }

    [Fact]
    public void FailedSync_IsNotAskedAgain()
    {
        foreach (var step in new[] { "Sync", "SyncFolder" })
        {
            var calls = new FailingCalls(Errno.InputOutput, (_, name) => name == step);
            using var mailboxes = new Mailboxes(calls);
            mailboxes.MakeMaildir("root/a.test/u");
            Assert.Equal(DeliveryOutcome.Temporary, mailboxes.Deliver(Mailboxes.Virtual).Result!.Outcome);
            Assert.Single(calls.Steps, step);
        }
    }

    [Fact]
    public void SuccessIsTold_OnlyAfterFileAndFolderWereSynced()
    {
        var calls = new FailingCalls(0, (_, _) => false);
        using var mailboxes = new Mailboxes(calls);
        mailboxes.MakeMaildir("root/a.test/u");
        mailboxes.Deliver(Mailboxes.Virtual);
        Assert.Equal(["OpenFolder", "OpenFolder", "Create", "Write", "Write", "Sync", "Close", "Rename", "SyncFolder"], calls.Steps);
    }

    [Fact]
    public void OneSyncOfAFolder_CoversTheMessagesOfARound()
    {
        var calls = new FailingCalls(0, (_, _) => false);
        using var mailboxes = new Mailboxes(calls);
        mailboxes.MakeMaildir("root/a.test/u");
        mailboxes.Run(Mailboxes.Work(Mailboxes.Virtual), Mailboxes.Work(Mailboxes.Virtual), Mailboxes.Work(Mailboxes.Virtual));
        Assert.Single(calls.Steps, "SyncFolder");
        Assert.True(calls.Steps.LastIndexOf("Rename") < calls.Steps.IndexOf("SyncFolder"));
        Assert.Equal(3, mailboxes.Files("root/a.test/u/new").Length);
    }

    [Fact]
    public void FailedSyncOfAFolder_FailsEveryMessageOfTheRound()
    {
        var calls = new FailingCalls(Errno.InputOutput, (_, step) => step == "SyncFolder");
        using var mailboxes = new Mailboxes(calls);
        mailboxes.MakeMaildir("root/a.test/u");
        DeliverWork[] works = [Mailboxes.Work(Mailboxes.Virtual), Mailboxes.Work(Mailboxes.Virtual)];
        mailboxes.Run(works);
        Assert.All(works, work => Assert.Equal(DeliveryOutcome.Temporary, work.Result!.Outcome));
        Assert.Single(calls.Steps, "SyncFolder");
        Assert.Empty(mailboxes.Files("root/a.test/u/new"));
    }

    [Fact]
    public void FailureOfOneMailbox_LeavesTheOthersOfTheRoundAlone()
    {
        using var mailboxes = new Mailboxes();
        File.WriteAllText(mailboxes.At("root/a.test"), "not a folder");
        DeliverWork[] works =
        [
            Mailboxes.Work(Mailboxes.Virtual), Mailboxes.Work(Mailboxes.Place(MailboxKind.Virtual, "b.test/v")),
            Mailboxes.Work(Mailboxes.Place(MailboxKind.System, "")),
        ];
        mailboxes.Run(works);
        Assert.Equal([false, true, true], works.Select(work => work.Result!.IsSuccess));
    }
}
