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

    [Fact]
    public void PostmasterThatIsItsOwnAlias_StillReachesSomebody()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Alias("postmaster", "postmaster"));
        var target = Assert.Single(Expansion.Of(book, "postmaster@a.test"u8, final: false).Targets);
        Assert.Equal(MailboxKind.Postmaster, Expansion.Of(book, target.Text, final: true).Mailbox!.Kind);
    }
}
