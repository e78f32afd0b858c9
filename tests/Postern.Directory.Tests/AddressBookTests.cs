using System.Text;
using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

public sealed class AddressBookTests
{
    [Theory]
    [InlineData("u@a.test")]
    [InlineData("v@a.test")]
    // A domain and a local part compare without ASCII case (E22, E33).
    [InlineData("u@A.TEST")]
    [InlineData("U@a.test")]
    // Quotes and backslashes that change nothing (E27).
    [InlineData("\"u\"@a.test")]
    [InlineData("\"\\u\"@a.test")]
    // The host's own name is ours, and the bare postmaster its (E26).
    [InlineData("postmaster@mx.a.test")]
    [InlineData("postmaster")]
    [InlineData("POSTMASTER")]
    [InlineData("PostMaster@a.test")]
    public void ListedAddress_IsLocal(string address) =>
        Assert.Equal(AddressVerdict.Local, Books.Ordinary.Judge(Books.Latin(address)));

    [Theory]
    // Somebody else's domain, however it is dressed up (E1, E14, E24).
    [InlineData("x@f.test")]
    [InlineData("u@f.test")]
    [InlineData("u@b.a.test")]
    [InlineData("u@a.test.f.test")]
    [InlineData("x@[192.0.2.1]")]
    [InlineData("x@[IPv6:::1]")]
    public void AddressOfAnotherDomain_IsForeign(string address) =>
        Assert.Equal(AddressVerdict.Foreign, Books.Ordinary.Judge(Books.Latin(address)));

    [Theory]
    [InlineData("nouser@a.test")]
    // Ways to name another host inside a local part (E4, E6, E7, E12, E13): here they are only local parts of nobody.
    [InlineData("x%f.test@a.test")]
    [InlineData("\"x@f.test\"@a.test")]
    [InlineData("\"u@a.test\"@a.test")]
    [InlineData("f.test!x@a.test")]
    // No address at all (E8, E17, E18, E19, E30).
    [InlineData("x@f.test@a.test")]
    [InlineData("x%f.test")]
    [InlineData("u")]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("u@")]
    [InlineData("@a.test")]
    [InlineData("u@a..test")]
    [InlineData(".u@a.test")]
    [InlineData("u..v@a.test")]
    [InlineData("x@a.test\0.f.test")]
    [InlineData("u\0x@a.test")]
    [InlineData("u@a.test\r\n")]
    // Names that would lead somewhere as a path or a command (E29, F1).
    [InlineData("..@a.test")]
    [InlineData("../u@a.test")]
    [InlineData("\"..\"@a.test")]
    [InlineData("\"../u\"@a.test")]
    [InlineData("u/../../etc/cron.d/x@a.test")]
    [InlineData("\"a/b\"@a.test")]
    [InlineData("/etc/passwd@a.test")]
    [InlineData(".qmail@a.test")]
    [InlineData("-default@a.test")]
    [InlineData("+u@a.test")]
    [InlineData("~root@a.test")]
    [InlineData("\"u:2,S\"@a.test")]
    [InlineData("|id@a.test")]
    [InlineData("$(id)@a.test")]
    [InlineData("root@a.test")]
    // The Kelvin sign is not a k, the fullwidth u no u (E33).
    [InlineData("\u00e2\u0084\u00aa@a.test")]
    public void AddressOfNobody_IsUnknown(string address) =>
        Assert.Equal(AddressVerdict.Unknown, Books.Ordinary.Judge(Books.Latin(address)));

    [Fact]
    public void TrailingDotOfADomain_NeverMakesItAnotherDomainOfOurs() =>
        Assert.NotEqual(AddressVerdict.Local, Books.Ordinary.Judge("x@f.test."u8));

    [Fact]
    public void DomainInItsOwnScript_IsTheSameDomain()
    {
        // E23: an A-label and its U-label are one name.
        var book = Books.Read(slice => slice.Domain("xn--bcher-kva.test").Mailbox("u@xn--bcher-kva.test"));
        Assert.Equal(AddressVerdict.Local, book.Judge(Encoding.UTF8.GetBytes("u@bücher.test")));
    }

    [Theory]
    [InlineData("u+ext@a.test", "a.test/u")]
    [InlineData("u-ext@a.test", "a.test/u")]
    [InlineData("u+@a.test", "a.test/u")]
    [InlineData("u++x@a.test", "a.test/u")]
    [InlineData("u-a+b-c@a.test", "a.test/u")]
    [InlineData("U+EXT@A.TEST", "a.test/u")]
    // An extension never becomes part of a path (E34).
    [InlineData("\"u+../../x\"@a.test", "a.test/u")]
    [InlineData("u-x@a.test", "a.test/u-x")]
    [InlineData("u-x+y@a.test", "a.test/u-x")]
    [InlineData("u-x-y@a.test", "a.test/u-x")]
    // Not an extension: the separator is missing.
    [InlineData("u-xy@a.test", "a.test/u")]
    public void Extension_GoesToTheLongestMatch(string address, string folder)
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("u-x@a.test"));
        var meaning = Expansion.Of(book, Books.Latin(address), final: false);
        Assert.Equal(folder, Encoding.ASCII.GetString(meaning.Mailbox!.Folder));
        Assert.Equal(AddressVerdict.Local, book.Judge(Books.Latin(address)));
    }

    [Theory]
    // F11: each extension would be another copy for every member, at the price of one RCPT.
    [InlineData("list+1@a.test")]
    [InlineData("list-1@a.test")]
    [InlineData("LIST+1@a.test")]
    [InlineData("list-1+2@a.test")]
    [InlineData("everywhere+1@a.test")]
    // An alias that leads to a list is one, however many steps it takes, and with an extension on the way.
    [InlineData("step+1@a.test")]
    [InlineData("step2+1@a.test")]
    [InlineData("detour+1@a.test")]
    public void Extension_ReachesNoList(string address)
    {
        var book = Lists();
        Assert.Equal(AddressVerdict.Unknown, book.Judge(Books.Latin(address)));
        Assert.Equal(MeaningOutcome.Unknown, Expansion.Of(book, Books.Latin(address), final: false).Outcome);
    }

    [Theory]
    [InlineData("list@a.test", "u@a.test v@a.test")]
    [InlineData("everywhere@a.test", "u@a.test v@a.test")]
    [InlineData("step@a.test", "u@a.test v@a.test")]
    // An alias that stands for one address, here or elsewhere, in however many steps.
    [InlineData("one+x@a.test", "u@a.test")]
    [InlineData("one2-x+y@a.test", "u@a.test")]
    [InlineData("away+x@a.test", "x@f.test")]
    // Aliases that lead back to themselves: nothing grows, and following them ends.
    [InlineData("self+x@a.test", "self@a.test")]
    [InlineData("ring+x@a.test", "")]
    [InlineData("ring2+x@a.test", "")]
    public void AliasForOneAddress_TakesExtensionsAndAListItsOwnName(string address, string targets)
    {
        var book = Lists();
        Assert.Equal(AddressVerdict.Local, book.Judge(Books.Latin(address)));
        Assert.Equal(targets, string.Join(' ', Targets(book, address)));
    }

    [Fact]
    public void ExtensionOfAListThatIsAMailboxToo_GoesIntoTheMailbox()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test").Alias("u@a.test", "u", "v"));
        Assert.Equal(["u@a.test", "v@a.test"], Targets(book, "u@a.test"));
        Assert.Equal("a.test/u", Encoding.ASCII.GetString(Expansion.Of(book, "u+x@a.test"u8, false).Mailbox!.Folder));
    }

    [Fact]
    public void ExtensionOfAList_IsNothingElseAndGoesToTheCatchAll()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test")
            .Alias("list@a.test", "u", "v").Alias("@a.test", "v"));
        Assert.Equal(["v@a.test"], Targets(book, "list+x@a.test"));
    }

    [Fact]
    public void FolderOfAMailbox_IsTheTablesAndNotTheAddress()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("Alice@A.Test"));
        var meaning = Expansion.Of(book, "aLICE+x@a.tEST"u8, final: false);
        Assert.Equal("a.test/Alice", Encoding.ASCII.GetString(meaning.Mailbox!.Folder));
    }

    [Fact]
    public void Unlisted_GoesToTheCatchAll_AndExtensionsDoNot()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Domain("b.test")
            .Mailbox("u@a.test").Mailbox("bob@a.test").Alias("@a.test", "bob@a.test"));
        Assert.Equal(["bob@a.test"], Targets(book, "anything@a.test"));
        Assert.Equal("a.test/u", Encoding.ASCII.GetString(Expansion.Of(book, "u+x@a.test"u8, false).Mailbox!.Folder));
        Assert.Equal(AddressVerdict.Unknown, book.Judge("anything@b.test"u8));
        Assert.Equal(AddressVerdict.Local, book.Judge("anything@a.test"u8));
    }

    [Fact]
    public void AliasOfTheDomain_GoesBeforeOneForAll_AndBothBeforeTheMailbox()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Domain("b.test")
            .Mailbox("info@a.test").Mailbox("u@a.test").Mailbox("v@a.test")
            .Alias("info", "u@a.test").Alias("info@b.test", "v@a.test"));
        Assert.Equal(["u@a.test"], Targets(book, "info@a.test"));
        Assert.Equal(["v@a.test"], Targets(book, "INFO@b.test"));
        Assert.Equal(["u@a.test"], Targets(book, "info+x@mx.a.test"));
    }

    [Fact]
    public void BareTarget_IsOfTheDomainThatWasAskedFor()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Domain("b.test")
            .Mailbox("u@a.test").Mailbox("u@b.test").Alias("info", "u").Alias("x@b.test", "u"));
        Assert.Equal(["u@a.test"], Targets(book, "info@a.test"));
        Assert.Equal(["u@b.test"], Targets(book, "info@b.test"));
        Assert.Equal(["u@b.test"], Targets(book, "x@b.test"));
    }

    [Fact]
    public void AliasForAll_IsNotFoundUnderAQuotedAddress()
    {
        // "u@a.test"@b.test has the local part u@a.test, which must not reach the alias of that spelling.
        var book = Books.Read(slice => slice.Domain("a.test").Domain("b.test").Mailbox("v@a.test").Alias("u@a.test", "v@a.test"));
        Assert.Equal(AddressVerdict.Unknown, book.Judge("\"u@a.test\"@b.test"u8));
    }

    [Fact]
    public void RelayedDomain_TakesTheListedOnly()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Relayed("r.test")
            .Mailbox("u@a.test").Mailbox("u@r.test").Alias("team@r.test", "u@r.test"));
        Assert.Equal(AddressVerdict.Local, book.Judge("u@r.test"u8));
        Assert.Equal(AddressVerdict.Local, book.Judge("team@r.test"u8));
        Assert.Equal(AddressVerdict.Local, book.Judge("postmaster@r.test"u8));
        Assert.Equal(AddressVerdict.Unknown, book.Judge("x@r.test"u8));
    }

    [Fact]
    public void RelayedDomainWithoutMailboxes_TakesAll()
    {
        var book = Books.Read(slice => slice.Domain("r.test").Relayed("r.test").Alias("team@r.test", "u@f.test"));
        Assert.Equal(AddressVerdict.Local, book.Judge("x@r.test"u8));
        Assert.Equal(AddressVerdict.Unknown, book.Judge("not an address@r.test"u8));
    }

    [Fact]
    public void MailboxOfAForeignDomain_DoesNotMakeTheDomainOurs()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@f.test"));
        Assert.Equal(AddressVerdict.Foreign, book.Judge("u@f.test"u8));
    }

    [Fact]
    public void TenThousandMailboxesAndAliases_AreEachFound()
    {
        var book = Books.Read(slice =>
        {
            slice.Domain("a.test");
            for (var i = 0; i < 10_000; i++)
            {
                slice.Mailbox($"user{i}@a.test").Alias($"alias{i}@a.test", $"user{i}");
            }
        });
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(AddressVerdict.Local, book.Judge(Books.Latin($"user{i}@a.test")));
            Assert.Equal($"user{i}@a.test", Assert.Single(Targets(book, $"alias{i}@a.test")));
        }

        Assert.Equal(AddressVerdict.Unknown, book.Judge("user10000@a.test"u8));
    }

    private static AddressBook Lists() => Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Mailbox("v@a.test").Mailbox("self@a.test")
        .Alias("list@a.test", "u", "v").Alias("everywhere", "u", "v").Alias("step@a.test", "list").Alias("step2@a.test", "step@a.test")
        .Alias("detour@a.test", "step+x").Alias("one@a.test", "u").Alias("one2@a.test", "one+x").Alias("away@a.test", "x@f.test")
        .Alias("self@a.test", "self").Alias("ring@a.test", "ring2+y").Alias("ring2@a.test", "ring+z"));

    private static string[] Targets(AddressBook book, string address) =>
        [.. Expansion.Of(book, Books.Latin(address), final: false).Targets.Select(target => target.ToString())];
}
