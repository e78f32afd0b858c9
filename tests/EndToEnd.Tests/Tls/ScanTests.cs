using System.Text.Json;
using Postern.TestKit;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>What public scanners say of a server with an ECDSA certificate; that nobody vouches for it is the test's own doing.</summary>
public sealed class ScanTests(TlsFixture fixture) : IClassFixture<TlsFixture>
{
    private TlsSite Site => fixture.Site;

    [Theory]
    [InlineData("smtp")]
    [InlineData("submission")]
    [InlineData("submissions")]
    public void SslScan_SeesWhatIsMeantAndNothingElse(string service)
    {
        var port = service switch { "smtp" => Site.Port, "submission" => Site.Submission, _ => Site.Submissions };
        var said = Tool.Run(
            Requirement.Peer("sslscan"), ["--no-colour", .. service == "submissions" ? (string[])[] : ["--starttls-smtp"], $"127.0.0.1:{port}"]).MustSucceed().Output;
        foreach (var version in new[] { "SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1" })
        {
            Assert.Matches($"\n{version} +disabled", said);
        }

        Assert.Matches("\nTLSv1.2 +enabled", said);
        Assert.Matches("\nTLSv1.3 +enabled", said);
        Assert.Contains("Session renegotiation not supported", said, StringComparison.Ordinal);
        Assert.Contains("TLSv1.2 not vulnerable to heartbleed", said, StringComparison.Ordinal);
        string[] suites = [.. said.Split('\n').Where(line => line.StartsWith("Preferred", StringComparison.Ordinal) || line.StartsWith("Accepted", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
            suites);
    }

    [Fact]
    public void TestSsl_FindsNothingWrongWithVersionsAndSuites() => Scan(["-p", "-f"], Site.Submissions);

    [Theory]
    [InlineData("smtp")]
    [InlineData("submissions")]
    public void TestSsl_FindsNothingWrongAtAll(string service)
    {
        if (!LongForm.IsAsked)
        {
            Requirement.Skip("takes minutes: ./test --long");
        }

        // In parts, none of which takes as long as something that hangs.
        foreach (var part in new string[][] { ["-p", "-s", "-f"], ["-p", "-S", "-P"], ["-p", "-U"] })
        {
            Scan([.. part, .. service == "smtp" ? (string[])["-t", "smtp"] : []], service == "smtp" ? Site.Port : Site.Submissions);
        }
    }

    private void Scan(string[] checks, int port)
    {
        var file = Site[$"scan-{Guid.NewGuid():N}.json"];
        var result = Tool.Run(
            Requirement.Peer("testssl"),
            ["--quiet", "--color", "0", "--warnings", "batch", "--openssl=/usr/bin/openssl", .. checks, "--jsonfile", file, $"127.0.0.1:{port}"]);
        using var findings = JsonDocument.Parse(File.ReadAllText(file));
        var all = findings.RootElement.EnumerateArray()
            .Select(one => (Id: one.GetProperty("id").GetString()!, Severity: one.GetProperty("severity").GetString()!, Finding: one.GetProperty("finding").GetString()!))
            .ToArray();
        // It ran: an empty list would find nothing wrong either.
        Assert.Contains(all, one => one is { Id: "TLS1_3", Severity: "OK" });
        Assert.True(all.Length > 10, result.ToString());
        Assert.DoesNotContain(all, one => one.Severity is not ("OK" or "INFO" or "DEBUG") && !CanNotBeHelped(one.Id));
    }

    /// <summary>What says something of the scanner or of the certificate that the test made, and nothing of the server.</summary>
    private static bool CanNotBeHelped(string id) => id.StartsWith("cert_", StringComparison.Ordinal) || id is "engine_problem" or "OCSP_stapling" or "DNS_CAArecord";
}
