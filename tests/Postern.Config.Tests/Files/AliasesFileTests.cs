namespace Postern.Config.Tests.Files;

/// <summary>The usual format of aliases.</summary>
public class AliasesFileTests
{
    private const string Path = "/etc/aliases";

    private static Reading Read(string content) => Reading.After("[aliases]\nfile = \"/etc/aliases\"\n", new FakeFiles().With(Path, content));

    [Theory]
    [InlineData("", "")]
    [InlineData("postmaster: root\n", "postmaster = root")]
    [InlineData("postmaster:root", "postmaster = root")]
    [InlineData("postmaster :\troot\r\n", "postmaster = root")]
    [InlineData("MAILER-DAEMON: postmaster\npostmaster: root\n", "mailer-daemon = postmaster; postmaster = root")]
    [InlineData("team: alice, bob@example.net ,carol\n", "team = alice, bob@example.net, carol")]
    // Comments and empty lines, between and within.
    [InlineData("# aliases\n\n   # more\nroot: alice\n", "root = alice")]
    [InlineData("team: alice,\n  # was: bob\n\n  carol\n", "team = alice, carol")]
    // Continued lines, with and without commas.
    [InlineData("team:\n\talice,\n\tbob\nroot: carol\n", "team = alice, bob; root = carol")]
    [InlineData("team: alice\n bob\n", "team = alice, bob")]
    // Trailing and doubled commas mean nothing.
    [InlineData("team: alice,,bob,\n", "team = alice, bob")]
    // Quotes around the whole, and those that belong to a local part.
    [InlineData("\"team\": \"alice\"\n", "team = alice")]
    [InlineData("root: \"a,b\"@example.net\n", "root = \"a,b\"@example.net")]
    [InlineData("\"a:b\"@example.org: alice\n", "\"a:b\"@example.org = alice")]
    // Addresses that begin as files, programs and comments do.
    [InlineData("\"#a\": \"/b\"@example.net, \"|c\"@example.net, \"#d\"\n", "#a = /b@example.net, |c@example.net, #d")]
    // Whole addresses of ours and catch-alls work here, too.
    [InlineData("info@example.org: alice\n@example.org: bob\n", "info@example.org = alice; @example.org = bob")]
    public void Aliases_AreTaken(string content, string expected)
    {
        var reading = Read(content);
        Assert.Empty(reading.Errors);
        Assert.Equal(expected, string.Join("; ", reading.Configuration!.Aliases.Select(alias => $"{alias.Key} = {string.Join(", ", alias.Targets)}")));
    }

    [Theory]
    [InlineData("root: alice\nlist: :include:/etc/list\n", "/etc/aliases:2: \":include:/etc/list\": an alias can't include a file; list the addresses here")]
    [InlineData("x: |/bin/prog\n", "/etc/aliases:1: \"|/bin/prog\": an alias can't start a program")]
    [InlineData("x: \"|/bin/prog -a, b\"\n", "/etc/aliases:1: \"|/bin/prog -a, b\": an alias can't start a program")]
    [InlineData("x: alice,\n /dev/null\n", "/etc/aliases:2: \"/dev/null\": an alias can't write to a file; give the address a mailbox")]
    [InlineData("x: \\alice\n", "/etc/aliases:1: \"\\alice\": a backslash means nothing here; write the name alone")]
    [InlineData("x: alice # the boss\n", "/etc/aliases:1: \"alice # the boss\" is not an address or a local part")]
    [InlineData("x:\n", "/etc/aliases:1: \"x\" must have from 1 to 10000 targets")]
    [InlineData("x: a\n\ny: b\nX: c\n", "/etc/aliases:4: \"X\" stands here again; it was on line 1 of /etc/aliases before")]
    [InlineData("no colon here\n", "/etc/aliases:1: an alias is written \"name: target, target\"")]
    [InlineData("\"unclosed: alice\n", "/etc/aliases:1: an alias is written \"name: target, target\"")]
    [InlineData("  alice\n", "/etc/aliases:1: a line that begins with a space continues an alias, and there is none above it")]
    [InlineData(": alice\n", "/etc/aliases:1: \"\" must be \"user@domain\", \"@domain\" or \"user\"")]
    [InlineData("x@example.net: alice\n", "/etc/aliases:1: \"x@example.net\": example.net is not one of our domains; add it to domains")]
    public void AWrongLine_IsAnErrorOfThatFile(string content, string error) => Assert.Equal([error], Read(content).Errors);

    [Fact]
    public void AnAliasOfBothFiles_IsAnError() => Assert.Equal(
        ["/etc/aliases:2: \"root\" stands here again; it was on line 5 of postern.toml before"],
        Reading.After("[aliases]\nfile = \"/etc/aliases\"\nroot = \"alice\"\n", new FakeFiles().With(Path, "# system\nroot: bob\n")).Errors);

    [Fact]
    public void InvalidUtf8_IsAnErrorOfItsLine()
    {
        var files = new RawFile([.. "root: alice\nx: "u8, 0xff, (byte)'\n']);
        Assert.Equal(["/etc/aliases:2: this line is not valid UTF-8"], Reading.After("[aliases]\nfile = \"/etc/aliases\"\n", files).Errors);
    }

    [Fact]
    public void ErrorsOfTheFile_ComeAfterThoseOfTheConfiguration()
    {
        var errors = Reading.After("[aliases]\nfile = \"/etc/aliases\"\n[limits]\nrecipients = 0\n", new FakeFiles().With(Path, "x: |y\n")).Errors;
        Assert.Equal(["6: recipients must be from 1 to 10000", "/etc/aliases:1: \"|y\": an alias can't start a program"], errors);
    }

    private sealed class RawFile(byte[] bytes) : Config.Files.IFileSource
    {
        public string? Read(string path, int maximum, out byte[] content)
        {
            content = bytes;
            return null;
        }
    }
}
