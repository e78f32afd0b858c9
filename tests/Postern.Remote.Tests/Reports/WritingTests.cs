using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Postern.Mail;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Writing;
using Postern.Smtp;

namespace Postern.Remote.Tests.Reports;

/// <summary>Reports as they are read elsewhere: the JSON, and the message around it.</summary>
public sealed class WritingTests
{
    private static readonly DateOnly _day = new(2016, 4, 1);

    /// <summary>The example of RFC 8460's appendix B, as far as it is about what is counted here.</summary>
    [Fact]
    public void Report_HasTheFormOfTheExample()
    {
        var book = new ReportBook();
        var counts = new DomainCounts();
        var policy = new AppliedPolicy(
            PolicyType.Sts, ["version: STSv1", "mode: testing", "mx: *.mail.company-y.example", "max_age: 86400"], ["*.mail.company-y.example"]);
        Assert.True(book.TryCount(counts, policy, null, 5326));
        Assert.True(book.TryCount(counts, policy, new(FailureType.CertificateExpired, "mx1.mail.company-y.example", "2001:db8:abcd:0012::1", ""), 100));
        Assert.True(book.TryCount(counts, policy, new(FailureType.StartTlsNotSupported, "mx2.mail.company-y.example", "203.0.113.56", ""), 200));
        Assert.True(book.TryCount(counts, policy, new(FailureType.ValidationFailure, "mx-backup.mail.company-y.example", "203.0.113.58", "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"), 3));
        var submitter = Submitter("mail.sender.example") with { Organization = "Company-X", Contact = "sts-reporting@company-x.example" };
        var title = new ReportTitle(submitter, new PendingReport("company-y.example", _day, counts));
        var expected = """
            {"organization-name":"Company-X",
            "date-range":{"start-datetime":"2016-04-01T00:00:00Z","end-datetime":"2016-04-01T23:59:59Z"},
            "contact-info":"sts-reporting@company-x.example",
            "report-id":"ID",
            "policies":[{
            "policy":{"policy-type":"sts",
            "policy-string":["version: STSv1","mode: testing","mx: *.mail.company-y.example","max_age: 86400"],
            "policy-domain":"company-y.example","mx-host":["*.mail.company-y.example"]},
            "summary":{"total-successful-session-count":5326,"total-failure-session-count":303},
            "failure-details":[
            {"result-type":"certificate-expired","receiving-mx-hostname":"mx1.mail.company-y.example","receiving-ip":"2001:db8:abcd:0012::1","failed-session-count":100},
            {"result-type":"starttls-not-supported","receiving-mx-hostname":"mx2.mail.company-y.example","receiving-ip":"203.0.113.56","failed-session-count":200},
            {"result-type":"validation-failure","receiving-mx-hostname":"mx-backup.mail.company-y.example","receiving-ip":"203.0.113.58","failed-session-count":3,"failure-reason-code":"X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"}
            ]}]}
            """.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("ID", title.Id, StringComparison.Ordinal);
        var written = ReportBody.Write(submitter, title, counts);
        Assert.Equal(expected, Encoding.UTF8.GetString(written));
        Assert.Equal(written, Unpack(ReportBody.Compress(written)));
    }

    // Policies come from strangers, and organizations from people.
    [Fact]
    public void WhateverAPolicyHolds_IsAStringOfJson()
    {
        var counts = new DomainCounts();
        var policy = new AppliedPolicy(PolicyType.Sts, ["a\"},{\"b\\\t\0\r\n\u2028", "\ud800 half", "ü 😀"], []);
        Assert.True(new ReportBook().TryCount(counts, policy, null, 1));
        var submitter = Submitter("mx.example.org") with { Organization = "Bäckerei \"Ü\" <x>" };
        var bytes = ReportBody.Write(submitter, new ReportTitle(submitter, new PendingReport("example.net", _day, counts)), counts);
        using var json = JsonDocument.Parse(bytes);
        Assert.Equal("Bäckerei \"Ü\" <x>", json.RootElement.GetProperty("organization-name").GetString());
        var strings = json.RootElement.GetProperty("policies")[0].GetProperty("policy").GetProperty("policy-string");
        Assert.Equal(["a\"},{\"b\\    \u2028", "\ufffd half", "ü 😀"], strings.EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public void PolicyThatDoesNotExist_HasNeitherStringsNorHosts()
    {
        var counts = new DomainCounts();
        Assert.True(new ReportBook().TryCount(counts, AppliedPolicy.None, null, 7));
        var submitter = Submitter("mx.example.org");
        var text = Encoding.UTF8.GetString(ReportBody.Write(submitter, new ReportTitle(submitter, new PendingReport("example.net", _day, counts)), counts));
        Assert.Contains(
            "{\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"example.net\"},\"summary\":{\"total-successful-session-count\":7,\"total-failure-session-count\":0}}",
            text, StringComparison.Ordinal);
    }

    /// <summary>RFC 8460 §5.1 (the file's name) and §5.3 (the message).</summary>
    [Fact]
    public void Message_HasTheFieldsThatReadersSortBy()
    {
        var submitter = Submitter("mail.sender.example.com");
        var title = new ReportTitle(submitter, new PendingReport("example.net", _day, new DomainCounts()));
        Assert.True(Mailbox.TryParse("mts-sts-tlsrpt@example.net", out var to));
        var body = new byte[200];
        var message = ReportMessage.Write(submitter, title, to, new DateTimeOffset(2016, 4, 2, 1, 2, 3, TimeSpan.Zero), body);
        var lines = Encoding.ASCII.GetString(message).Split("\r\n");
        foreach (var line in new[]
        {
            "Date: Sat, 02 Apr 2016 01:02:03 +0000",
            "From: <postmaster@mail.sender.example.com>",
            "To: <mts-sts-tlsrpt@example.net>",
            "Subject: Report Domain: example.net",
            " Submitter: mail.sender.example.com",
            "TLS-Report-Domain: example.net",
            "TLS-Report-Submitter: mail.sender.example.com",
            "TLS-Required: No",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=\"tlsrpt\";",
            "Content-Type: application/tlsrpt+gzip",
            $" filename=\"mail.sender.example.com!example.net!1459468800!1459555199!{title.Unique}.json.gz\"",
        })
        {
            Assert.Single(lines, line);
        }

        Assert.Equal(body, Convert.FromBase64String(string.Concat(lines.SkipWhile(line => !line.StartsWith(" filename=", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line[0] != '-'))));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 998));
        var checker = new ContentChecker();
        Assert.True(checker.Check(message) && checker.Complete() && checker.EndsLine);
    }

    [Fact]
    public void Title_IsTheSameWhenItIsSentAgain_AndNoOthers()
    {
        string Unique(string host, string domain, DateOnly day) => new ReportTitle(Submitter(host), new PendingReport(domain, day, new DomainCounts())).Unique;
        Assert.Equal(Unique("a.example", "b.example", _day), Unique("a.example", "b.example", _day));
        Assert.Equal(4, new[]
        {
            Unique("a.example", "b.example", _day), Unique("b.example", "b.example", _day),
            Unique("a.example", "c.example", _day), Unique("a.example", "b.example", _day.AddDays(1)),
        }.Distinct().Count());
    }

    internal static ReportSubmitter Submitter(string host)
    {
        Assert.True(Mailbox.TryParse($"postmaster@{host}", out var from));
        return new ReportSubmitter(host, host, $"postmaster@{host}", from);
    }

    internal static byte[] Unpack(byte[] bytes)
    {
        using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var output = new MemoryStream();
        packed.CopyTo(output);
        return output.ToArray();
    }
}
