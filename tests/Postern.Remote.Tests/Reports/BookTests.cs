using System.Text;
using Postern.Remote.Reports.Counts;

namespace Postern.Remote.Tests.Reports;

/// <summary>What is counted: how much of it at most, and how it comes over a restart.</summary>
public sealed class BookTests
{
    private static readonly SessionFailure _expired = new(FailureType.CertificateExpired, "mx.example.net", "192.0.2.1", "");

    [Fact]
    public void Sessions_AreCountedByPolicyAndFailure()
    {
        var book = Book();
        var counts = book.Domains["example.net"];
        Assert.Equal([PolicyType.Sts, PolicyType.NoPolicyFound], counts.Policies.Select(each => each.Policy.Type));
        Assert.Equal((2, 3), (counts.Policies[0].Successes, counts.Policies[0].Failed));
        Assert.Equal(3, counts.Policies[0].Failures.Single().Value);
    }

    [Fact]
    public void ManyFailures_AreToldApartToALimit_AndAllAreCounted()
    {
        var book = new ReportBook();
        for (var each = 0; each < 100; each++)
        {
            book.Count("example.net", AppliedPolicy.None, _expired with { Host = $"mx{each}.example.net" });
        }

        var counts = book.Domains["example.net"].Policies.Single();
        Assert.Equal((PolicyCounts.MaxKinds + 1, 100), (counts.Failures.Count, counts.Failed));
        Assert.Equal(100 - PolicyCounts.MaxKinds, counts.Failures.Single(each => each.Key.Host.Length == 0).Value);
    }

    [Fact]
    public void TooManyDomainsOrPolicies_AreCountedAsSuch()
    {
        var book = new ReportBook();
        for (var each = 0; each < ReportBook.MaxDomains + 5; each++)
        {
            book.Count($"d{each}.example", AppliedPolicy.None, null);
        }

        for (var each = 0; each < DomainCounts.MaxPolicies + 3; each++)
        {
            book.Count("d0.example", new AppliedPolicy(PolicyType.Tlsa, [$"3 1 1 {each}"], []), null);
        }

        Assert.Equal((ReportBook.MaxDomains, 5 + 4), (book.Domains.Count, book.Uncounted));
    }

    [Fact]
    public void LongPolicies_TakeALimitedAmountOfMemory_WhichIsGivenBack()
    {
        var book = new ReportBook();
        var policy = new AppliedPolicy(PolicyType.Sts, Enumerable.Repeat(new string('x', 1000), 60), []);
        Assert.Equal(4, policy.Strings.Count);
        for (var each = 0; each < 3000; each++)
        {
            book.Count($"d{each}.example", policy, null);
        }

        Assert.InRange(book.Octets, ReportBook.MaxOctets - 5000, ReportBook.MaxOctets);
        Assert.True(book.Uncounted > 0);
        book.EndDay(new DateOnly(2026, 11, 29), _ => DateTimeOffset.UnixEpoch);
        foreach (var report in book.Pending.ToArray())
        {
            book.Forget(report);
        }

        Assert.Equal(0, book.Octets);
    }

    [Fact]
    public void Text_SaysTheSame()
    {
        var book = Book();
        book.EndDay(new DateOnly(2026, 11, 29), _ => DateTimeOffset.FromUnixTimeSeconds(1_796_000_000));
        book.Pending[0].Tries = 2;
        book.Pending[0].Settle("mailto:a@b.example");
        book.Count("later.example", AppliedPolicy.Unknown, new SessionFailure(FailureType.StsPolicyFetchError, "", "", "x"));
        var text = ReportsText.Write(book);
        Assert.True(ReportsText.TryRead(text, out var read));
        Assert.Equal(text, ReportsText.Write(read));
        Assert.Equal((book.Day, book.Octets), (read.Day, read.Octets));
        Assert.Equal(("example.net", 2, "mailto:a@b.example"), (read.Pending[0].Domain, read.Pending[0].Tries, read.Pending[0].Done.Single()));
        Assert.Contains("line\tversion: STSv1\n", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    // Half of the counts would be a report that is wrong.
    [Fact]
    public void TextThatIsCutOrChanged_IsNone()
    {
        var text = ReportsText.Write(Book());
        for (var at = 0; at < text.Length; at++)
        {
            Assert.False(ReportsText.TryRead(text.AsSpan(0, at), out _));
            var changed = text.ToArray();
            changed[at] ^= 1;
            Assert.False(ReportsText.TryRead(changed, out _));
        }
    }

    [Theory]
    [InlineData("domain\texample.net\n")]
    [InlineData("day\t2026-11-28\t0\nday\t2026-11-28\t0\n")]
    [InlineData("day\t2026-11-31\t0\n")]
    [InlineData("day\t2026-11-28\t-1\n")]
    [InlineData("day\t2026-11-28\t00\n")]
    [InlineData("day\t2026-11-28\t0\nline\tx\n")]
    [InlineData("day\t2026-11-28\t0\npolicy\tsts\t1\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\tExample.net\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\t../x\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\texample.net\npolicy\tother\t1\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\texample.net\npolicy\tsts\t1\nfailure\tother\t\t\t\t1\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\texample.net\npolicy\tsts\t1\npolicy\tsts\t1\n")]
    [InlineData("day\t2026-11-28\t0\nreport\texample.net\t2026-11-27\t99999999999999999\t0\n")]
    [InlineData("day\t2026-11-28\t0\nother\n")]
    // Days that have no next one, and sums that are no numbers any more: a remote that was taken over could leave them behind.
    [InlineData("day\t9999-12-31\t0\n")]
    [InlineData("day\t9999-01-01\t0\n")]
    [InlineData("day\t2026-11-28\t0\nreport\texample.net\t9999-12-31\t1796000000\t0\n")]
    [InlineData("day\t2026-11-28\t1000000000000\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\texample.net\npolicy\tsts\t1000000000000\n")]
    [InlineData("day\t2026-11-28\t0\ndomain\texample.net\npolicy\tsts\t1\nfailure\tvalidation-failure\t\t\t\t1000000000000\n")]
    [InlineData("")]
    public void TextWithTheRightChecksum_IsJudgedAllTheSame(string lines)
    {
        var text = Encoding.UTF8.GetBytes("postern-tls-reports 1\n" + lines);
        Assert.False(ReportsText.TryRead([.. text, .. "end\t"u8, .. ReportsText.SumOf(text)], out _));
    }

    // Each line is good, and none is written so: the same policy and failure again and again.
    [Theory]
    [InlineData("999999999999")]
    [InlineData("999999999999999999")]
    public void SumsOfManyLines_StayNumbers(string sessions)
    {
        var lines = new StringBuilder("postern-tls-reports 1\nday\t2026-11-28\t0\ndomain\texample.net\n");
        for (var each = 0; each < 1000; each++)
        {
            lines.Append("policy\tno-policy-found\t").Append(sessions).Append("\nfailure\tvalidation-failure\t\t\t\t").Append(sessions).Append('\n');
        }

        var text = Encoding.UTF8.GetBytes(lines.ToString());
        Assert.False(ReportsText.TryRead([.. text, .. "end\t"u8, .. ReportsText.SumOf(text)], out _));
    }

    [Fact]
    public void GreatestNumbersThatAreRead_CanBeSummedUp()
    {
        const long Most = 999_999_999_999;
        var book = new ReportBook();
        book.Begin(new DateOnly(9998, 12, 31), Most);
        for (var each = 0; each < PolicyCounts.MaxKinds; each++)
        {
            book.Count("example.net", AppliedPolicy.None, _expired with { Host = $"mx{each}.example.net" }, Most);
        }

        Assert.True(ReportsText.TryRead(ReportsText.Write(book), out var read));
        Assert.Equal(PolicyCounts.MaxKinds * Most, read.Domains["example.net"].Policies.Single().Failed);
    }

    private static ReportBook Book()
    {
        var book = new ReportBook();
        book.Begin(new DateOnly(2026, 11, 28));
        var policy = new AppliedPolicy(PolicyType.Sts, ["version: STSv1", "mode: testing"], ["*.example.net"]);
        book.Count("example.net", policy, null, 2);
        book.Count("example.net", policy, _expired, 3);
        book.Count("example.net", AppliedPolicy.None, null);
        return book;
    }
}
