using System.Text;
using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

public sealed class SystemUserTests
{
    private const string Passwd = """
        root:x:0:0:root:/root:/bin/bash
        daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
        postern-dir:x:990:990::/nonexistent:/usr/sbin/nologin
        alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash
        Bob-2:x:1001:1001::/home/bob:/bin/sh
        below:x:999:1000::/home/below:/bin/sh
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        rootgroup:x:1002:0::/home/rootgroup:/bin/sh
        ../up:x:1003:1003::/home/up:/bin/sh
        a/b:x:1004:1004::/home/ab:/bin/sh
        -dash:x:1005:1005::/home/dash:/bin/sh
        .hidden:x:1006:1006::/home/hidden:/bin/sh
        averyveryveryveryveryverylongnameindeed:x:1007:1007::/home/long:/bin/sh
        broken:x:1008
        hex:x:0x3e8:1000::/home/hex:/bin/sh
        """;

    [Theory]
    [InlineData("alice", AddressVerdict.Local)]
    [InlineData("ALICE", AddressVerdict.Local)]
    [InlineData("alice+x", AddressVerdict.Local)]
    [InlineData("bob-2", AddressVerdict.Local)]
    // Root and the accounts of the system get no mail of their own (F7); the limits are 1000 and "nobody".
    [InlineData("root", AddressVerdict.Unknown)]
    [InlineData("daemon", AddressVerdict.Unknown)]
    [InlineData("below", AddressVerdict.Unknown)]
    [InlineData("nobody", AddressVerdict.Unknown)]
    // posternd starts nothing with the group of root.
    [InlineData("rootgroup", AddressVerdict.Unknown)]
    // Names that mean something to a path, to an option, or that no frame holds.
    [InlineData("../up", AddressVerdict.Unknown)]
    [InlineData("a/b", AddressVerdict.Unknown)]
    [InlineData("-dash", AddressVerdict.Unknown)]
    [InlineData("averyveryveryveryveryverylongnameindeed", AddressVerdict.Unknown)]
    // Lines that are not as they should be.
    [InlineData("broken", AddressVerdict.Unknown)]
    [InlineData("hex", AddressVerdict.Unknown)]
    public void Account_IsAMailboxWhenItIsAPersons(string name, AddressVerdict verdict)
    {
        var book = Books.ReadWithUsers(Passwd, slice => slice.Domain("a.test"));
        Assert.Equal(verdict, book.Judge(Books.Latin(name + "@a.test")));
    }

    [Fact]
    public void Meaning_NamesTheUserAsTheFileDoes()
    {
        var mailbox = Expansion.Of(Books.ReadWithUsers(Passwd, slice => slice.Domain("a.test")), "BOB-2+x@a.test"u8, false).Mailbox!;
        Assert.Equal((MailboxKind.System, "Bob-2", 0), (mailbox.Kind, mailbox.User, mailbox.Folder.Length));
    }

    [Fact]
    public void VirtualMailboxAndAlias_GoBeforeTheAccount()
    {
        var book = Books.ReadWithUsers(Passwd, slice => slice.Domain("a.test").Domain("b.test").Mailbox("alice@a.test").Alias("bob-2", "alice"));
        Assert.Equal(MailboxKind.Virtual, Expansion.Of(book, "alice@a.test"u8, false).Mailbox!.Kind);
        Assert.Equal(MailboxKind.System, Expansion.Of(book, "alice@b.test"u8, false).Mailbox!.Kind);
        Assert.Equal("alice@a.test", Assert.Single(Expansion.Of(book, "bob-2@a.test"u8, false).Targets).ToString());
    }

    [Fact]
    public void WithoutRoot_OnlyTheCallerIsAMailbox()
    {
        var users = SystemUserSet.Read(Encoding.ASCII.GetBytes(Passwd), own: 1000);
        Assert.True(users.TryFind("alice"u8, out _));
        Assert.Equal(1, users.Count);
    }

    [Fact]
    public void ProgramUserAmongPeople_IsNotTheCaller()
    {
        // Some system gave the program's own account a number above 1000.
        var users = SystemUserSet.Read("postern-dir:x:1000:1000::/:/\nalice:x:1001:1001::/home/alice:/bin/sh"u8, own: 1000);
        Assert.True(users.TryFind("alice"u8, out _));
    }

    [Fact]
    public void AccountsThatCannotBeRead_AreNotNobody()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test"), systemUsers: true);
        Assert.Equal(AddressVerdict.Unavailable, book.Judge("alice@a.test"u8));
        Assert.Equal(AddressVerdict.Local, book.Judge("u@a.test"u8));
        Assert.Equal(MeaningOutcome.Unavailable, Expansion.Of(book, "alice@a.test"u8, false).Outcome);
    }

    [Fact]
    public void AliasToAnAccountThatCannotBeRead_Waits()
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("u@a.test").Alias("all", "u", "alice").Alias("p", "p"), systemUsers: true);
        Assert.Equal(MeaningOutcome.Unavailable, Expansion.Of(book, "all@a.test"u8, false).Outcome);
        Assert.Equal(MeaningOutcome.Unavailable, Expansion.Of(book, "p@a.test"u8, false).Outcome);
    }
}
