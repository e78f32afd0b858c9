namespace Postern.Config.Tests.Sections;

/// <summary>[queue].</summary>
public class QueueTests
{
    [Theory]
    [InlineData("retry_first = \"1s\"", 1, 14_400, 432_000, 14_400)]
    [InlineData("warn_after = \"never\"", 300, 14_400, 432_000, 0)]
    [InlineData("retry_first = \"90s\"\nretry_max = \"2h\"\nexpire = \"1d\"\nwarn_after = \"30m\"", 90, 7200, 86_400, 1800)]
    // A default gives way to what was written.
    [InlineData("expire = \"1h\"", 300, 3600, 3600, 3600)]
    [InlineData("expire = \"10s\"", 10, 10, 10, 10)]
    [InlineData("retry_max = \"1m\"", 60, 60, 432_000, 14_400)]
    [InlineData("retry_first = \"6h\"", 21_600, 21_600, 432_000, 14_400)]
    [InlineData("retry_max = \"10d\"", 300, 864_000, 864_000, 14_400)]
    public void Times_AreTaken(string lines, uint first, uint longest, uint expire, uint warn) =>
        Assert.Equal(new QueueTimes(first, longest, expire, warn), Reading.Good("[queue]\n" + lines).Queue);

    [Theory]
    [InlineData("retry_first = \"5\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"5\"")]
    [InlineData("retry_first = \"5 m\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"5 m\"")]
    [InlineData("retry_first = \"5M\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"5M\"")]
    [InlineData("retry_first = \"-5m\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"-5m\"")]
    [InlineData("retry_first = \"m\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"m\"")]
    [InlineData("retry_first = \"\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"\"")]
    [InlineData("retry_first = \"\u0665m\"", "4: retry_first must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"\\u{665}m\"")]
    [InlineData("retry_first = 5", "4: retry_first must be a text in quotes, and this is a number")]
    [InlineData("retry_first = \"0s\"", "4: retry_first must be from 1s to 1d")]
    [InlineData("retry_first = \"25h\"", "4: retry_first must be from 1s to 1d")]
    [InlineData("expire = \"31d\"", "4: expire must be from 1s to 30d")]
    [InlineData("expire = \"999999999d\"", "4: expire must be from 1s to 30d")]
    [InlineData("expire = \"9999999999d\"", "4: expire must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"9999999999d\"")]
    [InlineData("expire = \"never\"", "4: expire must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"never\"")]
    public void ADurationThatIsNone_IsAnError(string line, string error) => Assert.Equal([error], Reading.After("[queue]\n" + line).Errors);

    [Theory]
    [InlineData("retry_first = \"10m\"\nretry_max = \"5m\"", "4: retry_first must not be longer than retry_max, 5m")]
    [InlineData("retry_max = \"6d\"\nexpire = \"5d\"", "4: retry_max must not be longer than expire, 5d")]
    [InlineData("retry_first = \"2h\"\nexpire = \"1h\"", "4: retry_first must not be longer than expire, 1h")]
    [InlineData("expire = \"1h\"\nwarn_after = \"2h\"", "5: warn_after must not be longer than expire, 1h; \"never\" sends no notice")]
    public void TimesThatDoNotFit_AreAnError(string lines, string error) => Assert.Equal([error], Reading.After("[queue]\n" + lines).Errors);
}
