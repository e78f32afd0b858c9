using Postern.Deliver.Maildir;
using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Deliver.Tests;

public sealed class MaildirTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Mailboxes _mailboxes = new();

    public void Dispose() => _mailboxes.Dispose();

    [Fact]
    public void Message_StandsInNewWithTheFieldsOnTop()
    {
        var work = _mailboxes.Deliver(Mailboxes.Virtual, "Received: x\nSubject: t\n\nbody\n");
        Assert.Equal(DeliveryOutcome.Delivered, work.Result!.Outcome);
        var name = Assert.Single(_mailboxes.Files("root/a.test/u/new"));
        Assert.Equal($"{Predicted.Name(1)},S=76", name);
        var path = _mailboxes.At("root/a.test/u/new/" + name);
        Assert.Equal("Return-Path: <s@f.test>\nDelivered-To: u@a.test\nReceived: x\nSubject: t\n\nbody\n", File.ReadAllText(path));
        Assert.Equal(76, new FileInfo(path).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Empty(_mailboxes.Files("root/a.test/u/tmp"));
    }

    [Fact]
    public void MissingFolders_AreMadeForTheirOwnerAlone()
    {
        _mailboxes.Deliver(Mailboxes.Virtual);
        foreach (var folder in new[] { "a.test", "a.test/u", "a.test/u/tmp", "a.test/u/new", "a.test/u/cur" })
        {
            Assert.Equal(Private, File.GetUnixFileMode(_mailboxes.At("root/" + folder)));
        }
    }

    [Fact]
    public void PartOfAMaildir_IsCompleted()
    {
        Directory.CreateDirectory(_mailboxes.At("root/a.test/u/new"));
        Assert.True(_mailboxes.Deliver(Mailboxes.Virtual).Result!.IsSuccess);
        Assert.Single(_mailboxes.Files("root/a.test/u/new"));
    }

    [Fact]
    public void OtherKinds_HaveTheirOwnPlaces()
    {
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.Postmaster, "")).Result!.IsSuccess);
        Assert.Single(_mailboxes.Files("home/Maildir/new"));
        Assert.Single(_mailboxes.Files("postmaster/new"));
    }

    [Fact]
    public void HomeThatIsALink_IsTheAdministratorsChoice()
    {
        Directory.Move(_mailboxes.At("home"), _mailboxes.At("elsewhere"));
        Directory.CreateSymbolicLink(_mailboxes.At("home"), _mailboxes.At("elsewhere"));
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.Single(_mailboxes.Files("elsewhere/Maildir/new"));
    }

    [Fact]
    public void MissingHome_IsNotMade()
    {
        Directory.Delete(_mailboxes.At("home"));
        var result = _mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!;
        Assert.Equal((DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 5)), (result.Outcome, result.Status));
        Assert.False(Directory.Exists(_mailboxes.At("home")));
    }

    [Fact]
    public void RoundOfWorks_DeliversEachToItsOwn()
    {
        var other = Mailboxes.Place(MailboxKind.Virtual, "a.test/v");
        var works = new[] { Mailboxes.Work(Mailboxes.Virtual), Mailboxes.Work(other), Mailboxes.Work(Mailboxes.Virtual) };
        _mailboxes.Run(works);
        Assert.All(works, work => Assert.True(work.Result!.IsSuccess));
        Assert.Equal(2, _mailboxes.Files("root/a.test/u/new").Length);
        Assert.Single(_mailboxes.Files("root/a.test/v/new"));
    }

    [Fact]
    public void Leftovers_AreRemovedWhenTheyAreOldAndOurs()
    {
        _mailboxes.MakeMaildir("root/a.test/u");
        var now = new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);
        foreach (var (name, age) in new[]
        {
            ("1.M1P1Q1.h", 37), ("2.M1P1Q1.h", 35), ("1795464000.12345.host", 1000), ("notes", 1000), ("3.M1P1Q1.h", 1000),
        })
        {
            File.WriteAllText(_mailboxes.At("root/a.test/u/tmp/" + name), "x");
            File.SetLastWriteTimeUtc(_mailboxes.At("root/a.test/u/tmp/" + name), (now - TimeSpan.FromHours(age)).UtcDateTime);
        }

        // Neither a link nor a folder of such a name is a delivery of ours.
        File.CreateSymbolicLink(_mailboxes.At("root/a.test/u/tmp/4.M1P1Q1.h"), _mailboxes.At("root/a.test/u/tmp/notes"));
        Directory.CreateDirectory(_mailboxes.At("root/a.test/u/tmp/5.M1P1Q1.h"));
        Assert.True(MaildirFolder.Open(_mailboxes.Access.Calls, _mailboxes.Access.Bases, Mailboxes.Virtual, out var folder).Ok);
        using (folder)
        {
            Assert.Equal(2, Leftovers.Remove(folder!, now));
        }

        Assert.Equal(
            ["1795464000.12345.host", "2.M1P1Q1.h", "4.M1P1Q1.h", "5.M1P1Q1.h", "notes"], _mailboxes.Files("root/a.test/u/tmp"));
    }
}
