using Postern.Directory.Tables;
using Postern.Ipc.Directory;

namespace Postern.Directory.Tests;

/// <summary>Attack F1: local parts that mean something to a path are names like others: looked up, and never built into one.</summary>
public sealed class PathTests
{
    private const string Passwd = "alice:x:1000:1000::/home/alice:/bin/sh\nu:x:1001:1001::/home/u:/bin/sh\n";

    public static TheoryData<string> Locals =>
    [
        // Upwards, absolute, encoded, hidden.
        "\"..\"", "\".\"", "\"../v\"", "\"../../etc/passwd\"", "..%2fv", "\"..%2fv\"", "\"..%c0%afv\"", "v/../../etc/cron.d/x", "/etc/passwd", "\"/etc/passwd\"", "a/b",
        "v/", "/v", "\"a\\\\b\"", "\"v\\0\"x", "\".qmail\"", "\".forward\"", "-default", "~root", "~alice", "~", "CON", "nul", "\"v:2,S\"", "\"v\\\nx\"",
        "\"v\"/x", "*", "v*", "[v]", "$HOME", "`v`", "|v", "\"|/bin/sh\"", "v ", "\"v \"", "\" v\"", "\"v\\\"",
        // As long as a name in a folder may be, and longer.
        new string('v', 64), new string('v', 255),
    ];

    [Theory]
    [MemberData(nameof(Locals))]
    public void LocalPartThatMeansSomethingToAPath_IsNobody(string local)
    {
        var book = Books.ReadWithUsers(Passwd, slice => slice.Domain("a.test").Mailbox("v@a.test"));
        Assert.NotEqual(AddressVerdict.Local, book.Judge(Books.Latin(local + "@a.test")));
        var meaning = Expansion.Of(book, Books.Latin(local + "@a.test"), final: false);
        Assert.Null(meaning.Mailbox);
        Assert.Empty(meaning.Targets);
    }

    [Theory]
    // What stands behind the mark is the user's own affair and in no name.
    [InlineData("v+../../x")]
    [InlineData("v+/etc/passwd")]
    [InlineData("v-../x")]
    [InlineData("v+")]
    [InlineData("v++x")]
    [InlineData("v-ext")]
    [InlineData("\"v+../x\"")]
    [InlineData("alice+../../x")]
    public void Extension_IsNoPartOfTheFolder(string local)
    {
        var book = Books.ReadWithUsers(Passwd, slice => slice.Domain("a.test").Mailbox("v@a.test"));
        // A dotted extension outside quotes is no address at all.
        var mailbox = Expansion.Of(book, Books.Latin(local + "@a.test"), final: false).Mailbox;
        var isAddress = Postern.Mail.Mailbox.TryParse(Books.Latin(local + "@a.test"), allowUtf8: true, out _);
        Assert.Equal(isAddress, mailbox is not null);
        if (mailbox is not null)
        {
            Assert.Contains((mailbox.Kind, mailbox.User, System.Text.Encoding.Latin1.GetString(mailbox.Folder)),
                new[] { (MailboxKind.Virtual, "", "a.test/v"), (MailboxKind.System, "alice", "") });
        }
    }

    [Theory]
    [MemberData(nameof(Locals))]
    public void CatchAll_LeadsToItsTargetAndNowhereElse(string local)
    {
        var book = Books.Read(slice => slice.Domain("a.test").Mailbox("v@a.test").Alias("@a.test", "v@a.test"));
        var meaning = Expansion.Of(book, Books.Latin(local + "@a.test"), final: false);
        Assert.Null(meaning.Mailbox);
        Assert.All(meaning.Targets, target => Assert.Equal("v@a.test", target.ToString()));
    }
}
