namespace Postern.Config.Tests.Sections;

/// <summary>What aliases lead to in the end.</summary>
public class AliasEndsTests
{
    private const string Mailboxes = "[mailboxes]\nusers = [\"alice@example.org\", \"bob@mx.example.org\"]\n";

    private static IReadOnlyList<string> Warnings(string lines, string before = Mailboxes)
    {
        // Three lines come first, and [aliases] is a fourth.
        var reading = Reading.After(before + "[aliases]\n" + lines + "\n");
        Assert.Empty(reading.Errors);
        return reading.Warnings;
    }

    [Theory]
    [InlineData("\"info@example.org\" = \"alice\"")]
    [InlineData("\"info@example.org\" = \"Alice+news@example.org\"")]
    [InlineData("\"info@example.org\" = \"somebody@example.net\"")]
    [InlineData("\"info@example.org\" = \"office@example.org\"\n\"office@example.org\" = \"alice\"")]
    [InlineData("\"info@example.org\" = \"any@example.org\"\n\"@example.org\" = \"alice@example.org\"")]
    // A copy stays in the mailbox of the one who forwards.
    [InlineData("\"alice@example.org\" = [\"alice@example.org\", \"x@example.net\"]")]
    [InlineData("\"alice@example.org\" = \"alice\"")]
    // One way out is enough for both.
    [InlineData("\"a@example.org\" = \"b\"\n\"b@example.org\" = [\"a\", \"alice\"]")]
    // Postmaster always has somewhere to go.
    [InlineData("\"info@example.org\" = \"postmaster\"")]
    public void WhatReachesSomebody_IsGood(string lines) => Assert.Empty(Warnings(lines));

    [Theory]
    [InlineData("\"info@example.org\" = \"alcie\"", "6: \"alcie\" leads to alcie@example.org, and nobody has that address")]
    [InlineData("\"info@example.org\" = [\n\"alice\",\n\"alcie@example.org\"]", "8: \"alcie@example.org\" leads to alcie@example.org, and nobody has that address")]
    // Told once, where it is wrong, not at each alias that leads there.
    [InlineData("\"info@example.org\" = \"office\"\n\"office@example.org\" = \"x\"", "7: \"x\" leads to x@example.org, and nobody has that address")]
    // A bare name holds in every domain, and alice is in one.
    [InlineData("abuse = \"alice\"", "6: \"alice\" leads to alice@mx.example.org, and nobody has that address")]
    [InlineData("\"@example.org\" = \"x@mx.example.org\"", "6: \"x@mx.example.org\" leads to x@mx.example.org, and nobody has that address")]
    public void ATargetThatNobodyHas_IsToldWithItsLine(string lines, string warning) => Assert.Equal([warning], Warnings(lines));

    [Theory]
    [InlineData("loop = \"loop\"", "6: \"loop\": its aliases lead back to themselves, and to nobody")]
    [InlineData("\"a@example.org\" = \"a+x@example.org\"", "6: \"a@example.org\": its aliases lead back to themselves, and to nobody")]
    [InlineData("\"@example.org\" = \"x@example.org\"", "6: \"@example.org\": its aliases lead back to themselves, and to nobody")]
    public void ALoop_IsToldWithItsLine(string lines, string warning) => Assert.Equal([warning], Warnings(lines));

    [Fact]
    public void EveryAliasThatLeadsIntoALoop_IsTold() => Assert.Equal(
        ["\"a@example.org\"", "\"b@example.org\"", "\"c@example.org\""],
        Warnings("\"a@example.org\" = \"b\"\n\"b@example.org\" = \"a\"\n\"c@example.org\" = \"a\"").Select(line => line[3..line.LastIndexOf(':')]));

    // What Debian installs: nothing here is a reason not to start.
    [Fact]
    public void APostmasterWhoReachesNobody_IsTold()
    {
        var files = new FakeFiles().With("/etc/aliases", "mailer-daemon: postmaster\npostmaster: root\n");
        var reading = Reading.After(Mailboxes + "[aliases]\nfile = \"/etc/aliases\"", files);
        Assert.Empty(reading.Errors);
        Assert.Equal(
            [
                "/etc/aliases:2: \"postmaster\" reaches nobody, and every domain needs a postmaster who reads (RFC 5321 4.5.1)",
                "/etc/aliases:2: \"root\" leads to root@example.org, and nobody has that address",
            ],
            reading.Warnings);
    }

    [Theory]
    // Accounts of this host are looked up when mail comes, and the users of a relayed domain are known elsewhere.
    [InlineData("[mailboxes]\nsystem = true\n", "info = \"carol\"\nbob = \"bob\"")]
    [InlineData("[routes]\n\"example.org\" = \"10.0.0.1\"\n\"mx.example.org\" = \"10.0.0.1\"\n", "\"info@example.org\" = \"x\"\nloop = \"loop\"")]
    public void WhatCanNotBeTold_IsNotTold(string before, string lines) => Assert.Empty(Warnings(lines, before));
}
