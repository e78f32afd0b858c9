namespace Postern.Config.Tests.Toml;

/// <summary>What is TOML, what stands twice, and where an error is.</summary>
public class TomlReaderTests
{
    [Theory]
    // The parser's own words, each at the line of the fault.
    [InlineData("state = \n", 3)]
    [InlineData("\n\nstate = /var/lib\n", 5)]
    [InlineData("state = \"/var/lib\n", 3)]
    [InlineData("state \"/var/lib\"\n", 3)]
    [InlineData("[queue\nexpire = \"5d\"\n", 3)]
    [InlineData("[queue]\nexpire = \"5d\" warn_after = \"4h\"\n", 4)]
    [InlineData("trusted = [\"::1\"\n", 4)]
    [InlineData("state = \"\\q\"\n", 3)]
    [InlineData("state = \"\\uD800\"\n", 3)]
    [InlineData("state = \"\0\"\n", 3)]
    [InlineData("# \u0001\n", 3)]
    [InlineData("\0\n", 3)]
    [InlineData("state = \"/a\"\rstate = \"/b\"\n", 3)]
    [InlineData("recipients = 99999999999999999999\n", 3)]
    [InlineData("= 5\n", 3)]
    // The file ends too early; within an escape the package's lexer threw.
    [InlineData("\ntrusted = [\"::1\",", 5)]
    [InlineData("\nstate = \"\\", 4)]
    [InlineData("\nstate = \"\\u00", 4)]
    [InlineData("\n\"\\", 4)]
    [InlineData("\nstate = \"\"\"\\", 4)]
    [InlineData("\n[queue", 4)]
    [InlineData("\nstate.", 4)]
    public void WhatIsNotToml_IsAnErrorWithItsLine(string text, int line)
    {
        var reading = Reading.After(text);
        Assert.Null(reading.Configuration);
        Assert.StartsWith($"{line}: not TOML: ", reading.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void EveryBrokenLine_IsReportedOnce()
    {
        var errors = Reading.After("= = =\nstate = = \"\"\n[queue]\nexpire 5 5 5\n").Errors;
        Assert.Equal(["3", "4", "6"], errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("state = \"/a\"\nstate = \"/b\"", "4: \"state\" stands here again; it was on line 3 before")]
    [InlineData("hostname = \"a.example\"", "3: \"hostname\" stands here again; it was on line 1 before")]
    [InlineData("[queue]\n[limits]\n[queue]", "5: \"queue\" stands here again; it was on line 3 before")]
    [InlineData("[queue]\nexpire = \"1d\"\nexpire = \"2d\"", "5: \"expire\" stands here again; it was on line 4 before")]
    // Other ways to write the same section.
    [InlineData("queue = {expire = \"1d\"}\n[queue]\nwarn_after = \"1h\"", "4: \"queue\" stands here again; it was on line 3 before")]
    [InlineData("queue.expire = \"1d\"\n[queue]\nwarn_after = \"1h\"", "4: \"queue\" stands here again; it was on line 3 before")]
    [InlineData("queue = {expire = \"1d\", expire = \"2d\"}", "3: \"expire\" stands here again; it was on line 3 before")]
    [InlineData("listen = []\n[[listen]]\naddress = \"[::]:25\"", "4: \"listen\" stands here again; it was on line 3 before")]
    [InlineData("listen = [{address = \"[::]:25\"}]\n[[listen]]\naddress = \"[::]:26\"", "4: \"listen\" stands here again; it was on line 3 before")]
    [InlineData("state = \"/a\"\nstate.b = \"/b\"", "4: \"state\" stands here again; it was on line 3 before")]
    [InlineData("queue = {expire = \"1d\"}\nqueue.warn_after = \"1h\"", "4: \"queue\" stands here again; it was on line 3 before")]
    [InlineData("queue = {expire = \"1d\"}\n[queue.x]\na = 1", "4: \"queue\" stands here again; it was on line 3 before")]
    [InlineData("state = \"/a\"\n[state.b]", "4: \"state\" stands here again; it was on line 3 before")]
    public void WhatStandsTwice_IsAnErrorThatNamesTheFirst(string text, string error) => Assert.Equal([error], Reading.After(text).Errors);

    [Theory]
    // The same section in every form that TOML has.
    [InlineData("[queue]\nexpire = \"2d\"\n")]
    [InlineData("  [ queue ]  # times\r\n  expire = '2d'\r\n")]
    [InlineData("queue.expire = \"2d\"\n")]
    [InlineData("\"queue\".'expire' = \"2d\"\n")]
    [InlineData("queue = {expire = \"2d\"}\n")]
    [InlineData("queue = {\n  expire = \"\"\"2d\"\"\",\n}\n")]
    [InlineData("[queue]\nexpire = \"\\u0032d\"")]
    public void EveryFormOfASection_MeansTheSame(string text) => Assert.Equal(172_800u, Reading.Good(text).Queue.Expire);

    [Fact]
    public void AByteOrderMark_IsPassedOver() => Assert.Empty(Reading.Of("\ufeff" + Reading.Required).Errors);

    [Fact]
    public void AHeaderBelowAList_BelongsToItsLastTable() => Assert.Equal(
        ["5: unknown key \"tls\" in [[listen]]"],
        Reading.After("[[listen]]\naddress = \"[::]:25\"\n[listen.tls]\nkey = 1\n").Errors);

    [Fact]
    public void AHeaderMayFollowOneBelowIt() => Assert.Equal(
        ["3: unknown key \"x\" in [queue]"],
        Reading.After("[queue.x]\na = 1\n[queue]\nexpire = \"2d\"\n").Errors);
}
