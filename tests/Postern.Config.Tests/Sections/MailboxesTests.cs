namespace Postern.Config.Tests.Sections;

/// <summary>[mailboxes].</summary>
public class MailboxesTests
{
    private static string User(string address) => $"[mailboxes]\nusers = [\"{address.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"]\n";

    [Theory]
    [InlineData("alice@example.org", "alice@example.org")]
    // One folder for every way to write the name: capitals of ASCII do not count.
    [InlineData("Alice.O'Hara@EXAMPLE.org", "alice.o'hara@example.org")]
    [InlineData("bob@mx.example.org", "bob@mx.example.org")]
    [InlineData("bob+list@example.org", "bob+list@example.org")]
    public void AnAddress_IsAMailbox(string written, string kept) => Assert.Equal([kept], Reading.Good(User(written)).Mailboxes.Addresses);

    [Theory]
    [InlineData("alice")]
    [InlineData("@example.org")]
    [InlineData("alice@")]
    [InlineData("alice @example.org")]
    [InlineData("alice..a@example.org")]
    [InlineData(".alice@example.org")]
    [InlineData("..@example.org")]
    [InlineData("../x@example.org")]
    [InlineData("u\\0x@example.org")]
    [InlineData("alice@[192.0.2.1]")]
    [InlineData("<alice@example.org>")]
    [InlineData("alice@example.org,bob@example.org")]
    public void WhatIsNoAddress_IsAnError(string written) =>
        Assert.Equal([$"4: \"{written}\" is not an address such as \"alice@example.org\""], Reading.After(User(written)).Errors);

    [Theory]
    // Attack F1: legal in an address, harmful in a path.
    [InlineData("a/b@example.org", "a mailbox name may not hold spaces, quotes or slashes: it becomes the name of a folder")]
    [InlineData("/etc/passwd@example.org", "a mailbox name may not hold spaces, quotes or slashes: it becomes the name of a folder")]
    [InlineData("\"..\"@example.org", "a mailbox name may not begin with \".\", \"-\" or \"~\": it becomes the name of a folder")]
    [InlineData("\".qmail\"@example.org", "a mailbox name may not begin with \".\", \"-\" or \"~\": it becomes the name of a folder")]
    [InlineData("\"a b\"@example.org", "a mailbox name may not hold spaces, quotes or slashes: it becomes the name of a folder")]
    [InlineData("\"a\\\\b\"@example.org", "a mailbox name may not hold spaces, quotes or slashes: it becomes the name of a folder")]
    [InlineData("-default@example.org", "a mailbox name may not begin with \".\", \"-\" or \"~\": it becomes the name of a folder")]
    [InlineData("~root@example.org", "a mailbox name may not begin with \".\", \"-\" or \"~\": it becomes the name of a folder")]
    public void ANameThatIsNoFolder_IsAnError(string written, string error) =>
        Assert.Equal([$"4: \"{written}\": {error}"], Reading.After(User(written)).Errors);

    [Fact]
    public void ANameInAnotherScript_IsAnError() => Assert.Equal(
        ["4: \"b\\u{FC}cher@example.org\": a mailbox name must be ASCII; give an alias to the other spelling"],
        Reading.After(User("bücher@example.org")).Errors);

    [Fact]
    public void AForeignDomain_IsAnErrorOnItsOwnLine() => Assert.Equal(
        ["6: \"bob@example.net\": example.net is not one of our domains; add it to domains"],
        Reading.After("[mailboxes]\nusers = [\n  \"alice@example.org\",\n  \"bob@example.net\",\n]\n").Errors);

    [Fact]
    public void TheSameMailboxTwice_IsAnError() => Assert.Equal(
        ["4: \"ALICE@example.org\" stands here again"],
        Reading.After("[mailboxes]\nusers = [\"alice@example.org\", \"ALICE@example.org\"]\n").Errors);

    [Theory]
    [InlineData("root = \"mail\"", "root must be an absolute path")]
    [InlineData("root = \"/srv//mail\"", "root must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    // What the other programs keep there is not the mailbox owner's to see.
    [InlineData("root = \"/var/lib/postern\"", "root must not hold, or lie in, the folders that the server itself uses below \"/var/lib/postern\"")]
    [InlineData("root = \"/var/lib\"", "root must not hold, or lie in, the folders that the server itself uses below \"/var/lib/postern\"")]
    [InlineData("root = \"/var/lib/postern/queue\"", "root must not hold, or lie in, the folders that the server itself uses below \"/var/lib/postern\"")]
    [InlineData("root = \"/var/lib/postern/run/x\"", "root must not hold, or lie in, the folders that the server itself uses below \"/var/lib/postern\"")]
    [InlineData("user = \"root\"", "user must not be root: mail is never written as root")]
    [InlineData("user = \"\"", "user must be the name of a system user, not \"\"")]
    [InlineData("user = \"0\"", "user must be the name of a system user, not \"0\"")]
    [InlineData("user = \"a:b\"", "user must be the name of a system user, not \"a:b\"")]
    [InlineData("user = \"abcdefghijklmnopqrstuvwxyz0123456\"", "user must be the name of a system user, not \"abcdefghijklmnopqrstuvwxyz0123456\"")]
    [InlineData("system = \"yes\"", "system must be true or false, without quotes, and this is a text")]
    [InlineData("system = 1", "system must be true or false, without quotes, and this is a number")]
    public void AWrongKey_IsAnError(string line, string error) => Assert.Equal(["4: " + error], Reading.After("[mailboxes]\n" + line).Errors);

    [Theory]
    [InlineData("/var/lib/postern/mail")]
    [InlineData("/var/lib/postern/queues")]
    [InlineData("/var/lib/postern2")]
    [InlineData("/srv/mail")]
    public void ARootApart_IsTaken(string root) => Assert.Equal(root, Reading.Good($"[mailboxes]\nroot = \"{root}\"").Mailboxes.Root);

    [Fact]
    public void SystemUsers_AreTaken() => Assert.True(Reading.Good("[mailboxes]\nsystem = true").Mailboxes.System);
}
