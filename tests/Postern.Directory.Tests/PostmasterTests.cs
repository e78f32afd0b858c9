using System.Text;
using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

public sealed class PostmasterTests
{
    [Theory]
    [InlineData("postmaster@a.test")]
    [InlineData("Postmaster@mx.a.test")]
    [InlineData("postmaster")]
    [InlineData("postmaster+x@a.test", false)]
    public void PostmasterWithoutAlias_IsTheFirstUser(string address, bool known = true)
    {
        var meaning = Expansion.Of(Books.Ordinary, Books.Latin(address), final: false);
        Assert.Equal(known ? MeaningOutcome.Found : MeaningOutcome.Unknown, meaning.Outcome);
        Assert.Equal(known ? "a.test/u" : null, meaning.Mailbox is { } mailbox ? Encoding.ASCII.GetString(mailbox.Folder) : null);
    }

    [Fact]
    public void PostmasterWithoutAnybody_HasAFolderOfItsOwn()
    {
        var book = Books.Read(slice => slice.Domain("a.test"));
        Assert.Equal(MailboxKind.Postmaster, Expansion.Of(book, "postmaster@a.test"u8, final: false).Mailbox!.Kind);
        Assert.Equal(MailboxKind.Postmaster, Expansion.Of(book, "postmaster"u8, final: true).Mailbox!.Kind);
    }

    [Fact]
    public void PostmasterWithAnAlias_IsTheAlias()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test").Alias("postmaster@a.test", "v"));
        Assert.Equal("v@a.test", Assert.Single(Expansion.Of(book, "POSTMASTER@a.test"u8, final: false).Targets).ToString());
    }

    [Fact]
    public void PostmasterOfTheHost_IsWhomTheFirstDomainNames()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Domain("b.test").Mailbox("u@a.test").Mailbox("v@a.test")
            .Alias("postmaster@a.test", "v"));
        Assert.Equal("v@a.test", Assert.Single(Expansion.Of(book, "postmaster"u8, final: false).Targets).ToString());
        Assert.Equal("a.test/u", Encoding.ASCII.GetString(Expansion.Of(book, "postmaster@b.test"u8, final: false).Mailbox!.Folder));
    }

    [Fact]
    public void CatchAll_DoesNotSwallowPostmaster()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test").Alias("@a.test", "v"));
        Assert.Equal("a.test/u", Encoding.ASCII.GetString(Expansion.Of(book, "postmaster@a.test"u8, final: false).Mailbox!.Folder));
    }

    [Theory]
    // Debian's own /etc/aliases, on a host where nobody is root.
    [InlineData("postmaster", "root")]
    // An address that nobody has, and one of another domain of ours.
    [InlineData("postmaster@a.test", "gone@a.test")]
    [InlineData("postmaster", "gone@b.test", "root")]
    // Round in circles: by itself, by way of another, and by way of the postmaster next door.
    [InlineData("postmaster", "postmaster")]
    [InlineData("postmaster", "round")]
    [InlineData("postmaster", "postmaster@a.test", "postmaster@b.test", "postmaster@mx.a.test")]
    // More aliases in a row, and more targets, than are followed.
    [InlineData("postmaster", "step1")]
    [InlineData("postmaster", "crowd")]
    public void PostmasterWhoseAliasReachesNobody_HasAFolderOfItsOwn(string key, params string[] targets)
    {
        var book = Books.Read(slice => DeadEnds(slice).Alias(key, targets));
        foreach (var address in new[] { "postmaster@a.test", "PostMaster@mx.a.test", "postmaster" })
        {
            Assert.Equal(MailboxKind.Postmaster, EndOf(book, address));
        }
    }

    [Theory]
    [InlineData("u")]
    [InlineData("root", "u@a.test")]
    [InlineData("round", "root", "list")]
    // A catch-all is somebody, too.
    [InlineData("anything@c.test")]
    // Elsewhere: whether it arrives there, nobody knows here.
    [InlineData("boss@f.test")]
    [InlineData("boss@r.test")]
    public void PostmasterWhoseAliasReachesSomebody_IsTheAlias(params string[] targets)
    {
        var book = Books.Read(slice => DeadEnds(slice).Domain("c.test").Alias("@c.test", "u@a.test").Relayed("r.test").Alias("list", "v", "u")
            .Alias("postmaster", targets));
        var meaning = Expansion.Of(book, "postmaster@a.test"u8, final: false);
        Assert.Null(meaning.Mailbox);
        Assert.NotEmpty(meaning.Targets);
    }

    [Fact]
    public void AliasOfAPostmasterWhoseOwnReachesNobody_GoesToPostmastersFolder()
    {
        var book = Books.Read(slice => DeadEnds(slice).Alias("postmaster", "root").Alias("mailer-daemon", "postmaster").Alias("abuse", "postmaster", "u"));
        Assert.Equal(MailboxKind.Postmaster, EndOf(book, "mailer-daemon@a.test"));
        var targets = Expansion.Of(book, "abuse@a.test"u8, final: false).Targets;
        Assert.Equal(["postmaster@a.test", "u@a.test"], targets.Select(target => target.ToString()));
        Assert.Equal(MailboxKind.Postmaster, EndOf(book, "postmaster@a.test", final: true));
        // Without an alias of its own it is still the first user's.
        book = Books.Read(slice => DeadEnds(slice).Alias("abuse", "postmaster"));
        Assert.Equal("a.test/u", Encoding.ASCII.GetString(Expansion.Of(book, "postmaster@a.test"u8, final: true).Mailbox!.Folder));
    }

    [Fact]
    public void PostmasterWithAMailboxOfItsName_GetsIntoThatWhenTheAliasReachesNobody()
    {
        var book = Books.Read(slice => DeadEnds(slice).Mailbox("postmaster@a.test").Alias("postmaster@a.test", "root"));
        Assert.Equal("a.test/postmaster", Encoding.ASCII.GetString(Expansion.Of(book, "postmaster@a.test"u8, final: false).Mailbox!.Folder));
    }

    [Fact]
    public void TargetOfPostmasterThatDoesNotFitItsDomain_LeavesTheFolder()
    {
        // Long names keep others' mail waiting until somebody corrects the table; postmaster's may be the report of that.
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 63), 3)) + ".test";
        var book = Books.Read(slice => slice.Domain(domain).Mailbox("v@" + domain).Alias("postmaster", "v", new string('u', 64)));
        Assert.Equal(MailboxKind.Postmaster, EndOf(book, "postmaster@" + domain));
    }

    [Fact]
    public void PostmasterWithUnreadableUsers_Waits()
    {
        var book = Books.Read(slice => DeadEnds(slice).Alias("postmaster", "root"), systemUsers: true);
        Assert.Equal(MeaningOutcome.Unavailable, Expansion.Of(book, "postmaster@a.test"u8, final: false).Outcome);
        book = Books.Read(slice => DeadEnds(slice).Alias("postmaster", "step1"), systemUsers: true);
        Assert.Equal(MeaningOutcome.Unavailable, Expansion.Of(book, "postmaster@a.test"u8, final: false).Outcome);
        // Once they are there, root is among them and takes no mail.
        book = Books.ReadWithUsers("root:x:0:0::/root:/bin/sh\n", slice => DeadEnds(slice).Alias("postmaster", "root"));
        Assert.Equal(MailboxKind.Postmaster, EndOf(book, "postmaster@a.test"));
    }

    /// <summary>Two domains with users, and several ways to lead nowhere.</summary>
    private static Slice DeadEnds(Slice slice)
    {
        slice.Domain("a.test").Domain("b.test").Mailbox("u@a.test").Mailbox("v@a.test");
        slice.Alias("round", "trip").Alias("trip", "round");
        for (var i = 1; i <= Expansion.MaxDepth; i++)
        {
            slice.Alias($"step{i}", $"step{i + 1}");
        }

        return slice.Alias("crowd", [.. Enumerable.Range(0, Expansion.MaxTargets + 1).Select(i => $"x{i}@f.test")]);
    }

    /// <summary>Where mail ends up: what local and queue do with the answers.</summary>
    private static MailboxKind? EndOf(AddressBook book, string address, bool final = false)
    {
        var meaning = Expansion.Of(book, Books.Latin(address), final);
        Assert.Equal(MeaningOutcome.Found, meaning.Outcome);
        return meaning.Mailbox?.Kind ?? EndOf(book, Assert.Single(meaning.Targets).ToString(), final: true);
    }
}
