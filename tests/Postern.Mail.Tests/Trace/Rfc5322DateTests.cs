using System.Globalization;
using CsCheck;

namespace Postern.Mail.Tests.Trace;

/// <summary>Dates in header fields.</summary>
public class Rfc5322DateTests
{
    [Theory]
    [InlineData("2026-11-23T20:01:02.999+00:00", "Mon, 23 Nov 2026 20:01:02 +0000")]
    [InlineData("2024-02-29T23:59:59+00:00", "Thu, 29 Feb 2024 23:59:59 +0000")]
    [InlineData("2026-01-04T00:00:00+05:30", "Sun, 04 Jan 2026 00:00:00 +0530")]
    [InlineData("2026-06-06T12:00:00-09:30", "Sat, 06 Jun 2026 12:00:00 -0930")]
    [InlineData("2026-06-06T12:00:00-00:30", "Sat, 06 Jun 2026 12:00:00 -0030")]
    [InlineData("0001-01-01T00:00:00+00:00", "Mon, 01 Jan 0001 00:00:00 +0000")]
    [InlineData("9999-12-31T23:59:59+00:00", "Fri, 31 Dec 9999 23:59:59 +0000")]
    public void Dates_AreWritten(string time, string expected) =>
        Assert.Equal(expected, Rfc5322Date.ToString(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Fact]
    public void EveryDate_IsReadAsItself() => Gen.Int[0, int.MaxValue].Sample(seconds =>
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return DateTimeOffset.TryParseExact(Rfc5322Date.ToString(time), "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var again) && again == time;
    });
}
