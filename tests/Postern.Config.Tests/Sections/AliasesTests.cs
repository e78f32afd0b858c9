namespace Postern.Config.Tests.Sections;

/// <summary>[aliases].</summary>
public class AliasesTests
{
    private static string Section(string line) => "[aliases]\n" + line + "\n";

    private static string Written(Configuration read) =>
        string.Join("; ", read.Aliases.Select(alias => $"{alias.Key} = {string.Join(", ", alias.Targets)}"));

    [Theory]
    [InlineData("\"postmaster@example.org\" = [\"alice@example.org\"]", "postmaster@example.org = alice@example.org")]
    // One target needs no list.
    [InlineData("\"info@example.org\" = \"alice@example.org\"", "info@example.org = alice@example.org")]
    [InlineData("\"@example.org\" = [\"bob@example.org\"]", "@example.org = bob@example.org")]
    // A bare local part holds in every own domain.
    [InlineData("abuse = \"alice@example.org\"", "abuse = alice@example.org")]
    [InlineData("abuse = \"alice\"", "abuse = alice")]
    // Ours is folded; a foreign local part is its receiver's to read.
    [InlineData("\"Info@Example.ORG\" = [\"Alice@Example.NET\", \"Bob\"]", "info@example.org = Alice@example.net, Bob")]
    [InlineData("\"info@example.org\" = [\"a@example.net\", \"b@example.net\"]", "info@example.org = a@example.net, b@example.net")]
    [InlineData("\"info@mx.example.org\" = \"alice@example.org\"", "info@mx.example.org = alice@example.org")]
    [InlineData("'\"a b\"@example.org' = \"alice@example.org\"", "\"a b\"@example.org = alice@example.org")]
    [InlineData("\"bücher@example.org\" = \"alice@example.org\"", "bücher@example.org = alice@example.org")]
    public void AnAlias_IsTaken(string line, string expected) => Assert.Equal(expected, Written(Reading.Good(Section(line))));

    [Theory]
    [InlineData("\"info@example.net\" = \"alice@example.org\"", "\"info@example.net\": example.net is not one of our domains; add it to domains")]
    [InlineData("\"@example.net\" = \"alice@example.org\"", "\"@example.net\": example.net is not one of our domains; add it to domains")]
    [InlineData("\"a b\" = \"alice@example.org\"", "\"a b\" must be \"user@domain\", \"@domain\" or \"user\"")]
    [InlineData("\"@\" = \"alice@example.org\"", "\"@\" must be \"user@domain\", \"@domain\" or \"user\"")]
    [InlineData("\"\" = \"alice@example.org\"", "\"\" must be \"user@domain\", \"@domain\" or \"user\"")]
    [InlineData("\"a@@example.org\" = \"alice@example.org\"", "\"a@@example.org\" must be \"user@domain\", \"@domain\" or \"user\"")]
    [InlineData("\"info@[192.0.2.1]\" = \"alice@example.org\"", "\"info@[192.0.2.1]\" must be \"user@domain\", \"@domain\" or \"user\"")]
    public void AWrongKey_IsAnError(string line, string error) => Assert.Equal(["4: " + error], Reading.After(Section(line)).Errors);

    [Theory]
    [InlineData("info = \"alice@\"", "\"alice@\" is not an address or a local part")]
    [InlineData("info = \"@example.org\"", "\"@example.org\" is not an address or a local part")]
    [InlineData("info = \"\"", "\"\" is not an address or a local part")]
    [InlineData("info = \"Alice <alice@example.org>\"", "\"Alice <alice@example.org>\" is not an address or a local part")]
    [InlineData("info = \"alice@example.org, bob@example.org\"", "\"alice@example.org, bob@example.org\" is not an address or a local part")]
    [InlineData("info = []", "\"info\" must have from 1 to 10000 targets")]
    [InlineData("info = 5", "\"info\" must have an address in quotes or a list of them, and this is a number")]
    [InlineData("info = [\"alice\", 5]", "\"info\" must have an address in quotes or a list of them, and this is a list")]
    [InlineData("info = {a = 1}", "\"info\" must have an address in quotes or a list of them, and this is a section")]
    // What started programs and wrote files elsewhere.
    [InlineData("info = \"|/bin/sh\"", "\"|/bin/sh\": an alias can't start a program")]
    [InlineData("info = \"/var/mail/info\"", "\"/var/mail/info\": an alias can't write to a file; give the address a mailbox")]
    [InlineData("info = \":include:/etc/list\"", "\":include:/etc/list\": an alias can't include a file; list the addresses here")]
    [InlineData("info = '\\alice'", "\"\\alice\": a backslash means nothing here; write the name alone")]
    public void AWrongTarget_IsAnError(string line, string error) => Assert.Equal(["4: " + error], Reading.After(Section(line)).Errors);

    [Fact]
    public void AnUnquotedAddress_IsExplained() => Assert.Equal(
        ["4: a key with a dot or \"@\" must stand in quotes: \"alice...\" = [...]"],
        Reading.After(Section("alice.smith = \"alice@example.org\"")).Errors);

    [Fact]
    public void TheSameKeyTwice_IsAnErrorThatNamesTheFirst() => Assert.Equal(
        ["5: \"INFO@example.org\" stands here again; it was on line 4 of postern.toml before"],
        Reading.After(Section("\"info@example.org\" = \"a\"\n\"INFO@example.org\" = \"b\"")).Errors);

    [Fact]
    public void EveryWrongTargetOfAList_IsAnErrorOnItsLine() => Assert.Equal(
        ["5: \"a b\" is not an address or a local part", "7: \"|x\": an alias can't start a program"],
        Reading.After(Section("info = [\n\"a b\",\n\"alice\",\n\"|x\"]")).Errors);

    [Fact]
    public void TooManyTargets_AreAnError() => Assert.Equal(
        ["4: \"info\" must have from 1 to 10000 targets"],
        Reading.After(Section($"info = [{string.Join(',', Enumerable.Range(0, 10_001).Select(n => $"\"u{n}\""))}]")).Errors);

    [Theory]
    [InlineData("file = \"aliases\"", "file must be an absolute path; for an alias of the name file, write \"file@\" and the domain")]
    [InlineData("file = [\"alice@example.org\"]", "file must be a text in quotes, and this is a list")]
    [InlineData("file = \"/etc/none\"", "\"/etc/none\" can't be read: no such file or directory")]
    public void AFileThatCannotBeRead_IsAnError(string line, string error) => Assert.Equal(["4: " + error], Reading.After(Section(line)).Errors);
}
