using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Deliver.Tests;

/// <summary>Attack F3: the owner of a mailbox prepares it so that mail lands, or something is overwritten, elsewhere.</summary>
public sealed class AttackTests : IDisposable
{
    private static readonly EnhancedStatus _incorrect = new(4, 3, 5);

    private readonly Mailboxes _mailboxes = new();

    public void Dispose() => _mailboxes.Dispose();

    [Theory]
    [InlineData("home/Maildir/new")]
    [InlineData("home/Maildir/tmp")]
    [InlineData("home/Maildir")]
    public void LinkInPlaceOfAFolder_IsNotFollowed(string path)
    {
        _mailboxes.MakeMaildir("outside");
        _mailboxes.MakeMaildir("home/Maildir");
        Directory.Delete(_mailboxes.At(path), recursive: true);
        Directory.CreateSymbolicLink(_mailboxes.At(path), _mailboxes.At("outside"));
        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
        Assert.Empty(_mailboxes.Files("outside/new"));
        Assert.Empty(_mailboxes.Files("outside/tmp"));
    }

    [Fact]
    public void MaildirThatIsTheRootOfAll_IsNotFollowed()
    {
        Directory.CreateSymbolicLink(_mailboxes.At("home/Maildir"), "/");
        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
    }

    [Fact]
    public void RelativeLinkThatStaysBeneath_IsNotFollowedEither()
    {
        // It would stay in the home, yet links are the means of every trick with time of check and time of use.
        _mailboxes.MakeMaildir("home/Other");
        Directory.CreateSymbolicLink(_mailboxes.At("home/Maildir"), "Other");
        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
    }

    [Fact]
    public void LinkOnTheWayToAVirtualMailbox_IsNotFollowed()
    {
        _mailboxes.MakeMaildir("outside/u");
        Directory.CreateSymbolicLink(_mailboxes.At("root/a.test"), _mailboxes.At("outside"));
        AssertRefused(Mailboxes.Virtual);
        Assert.Empty(_mailboxes.Files("outside/u/new"));
    }

    [Theory]
    [InlineData("tmp")]
    [InlineData("new")]
    public void PipeInPlaceOfAFolder_IsRefusedWithoutWaiting(string name)
    {
        _mailboxes.MakeMaildir("home/Maildir");
        Directory.Delete(_mailboxes.At("home/Maildir/" + name));
        _mailboxes.MakePipe("home/Maildir/" + name);
        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
    }

    [Fact]
    public void FileInPlaceOfTheMaildir_IsRefused()
    {
        File.WriteAllText(_mailboxes.At("home/Maildir"), "x");
        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
        Assert.Equal("x", File.ReadAllText(_mailboxes.At("home/Maildir")));
    }

    [Fact]
    public void PredictedNameThatIsTaken_IsLeftAlone()
    {
        _mailboxes.MakeMaildir("home/Maildir");
        var victim = _mailboxes.At("outside/victim");
        File.WriteAllText(victim, "precious");
        // A link to a file and a link to nothing; below a pipe that nobody reads, and a second name of the file.
        File.CreateSymbolicLink(_mailboxes.At("home/Maildir/tmp/" + Predicted.Name(1)), victim);
        File.CreateSymbolicLink(_mailboxes.At("home/Maildir/tmp/" + Predicted.Name(2)), _mailboxes.At("outside/made"));
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.False(File.Exists(_mailboxes.At("outside/made")));
        Assert.StartsWith(Predicted.Name(3), Assert.Single(_mailboxes.Files("home/Maildir/new")), StringComparison.Ordinal);

        _mailboxes.MakePipe("home/Maildir/tmp/" + Predicted.Name(4));
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.Equal(2, _mailboxes.Files("home/Maildir/new").Length);

        _mailboxes.Link(victim, "home/Maildir/tmp/" + Predicted.Name(6));
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Equal(3, _mailboxes.Files("home/Maildir/new").Length);
    }

    [Fact]
    public void AllNamesTaken_IsForLater()
    {
        _mailboxes.MakeMaildir("home/Maildir");
        for (var number = 1; number <= 3; number++)
        {
            File.WriteAllText(_mailboxes.At("home/Maildir/tmp/" + Predicted.Name(number)), "x");
        }

        AssertRefused(Mailboxes.Place(MailboxKind.System, ""));
        Assert.Equal(3, _mailboxes.Files("home/Maildir/tmp").Length);
    }

    [Fact]
    public void NameThatIsTakenInNew_IsNotReplaced()
    {
        _mailboxes.MakeMaildir("home/Maildir");
        var taken = _mailboxes.At($"home/Maildir/new/{Predicted.Name(1)},S=64");
        File.WriteAllText(taken, "mine");
        Assert.True(_mailboxes.Deliver(Mailboxes.Place(MailboxKind.System, "")).Result!.IsSuccess);
        Assert.Equal("mine", File.ReadAllText(taken));
        Assert.Equal(2, _mailboxes.Files("home/Maildir/new").Length);
        Assert.Empty(_mailboxes.Files("home/Maildir/tmp"));
    }

    private void AssertRefused(Maildir.MailboxPlace place)
    {
        var result = _mailboxes.Deliver(place).Result!;
        // Never for good: the owner may have made a mistake, and it is the sender who would be told (attack F6).
        Assert.Equal((DeliveryOutcome.Temporary, _incorrect, FaultOf.Peer), (result.Outcome, result.Status, result.FaultOf));
    }
}
