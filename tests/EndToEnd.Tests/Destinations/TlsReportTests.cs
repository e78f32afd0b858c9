using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Postern.EndToEnd.Tls;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>
/// A report about TLS (RFC 8460), from the session that it is about to the mailbox of who asked for it: two whole servers, and a zone that is
/// really signed.
/// </summary>
public sealed class TlsReportTests : IDisposable
{
    private const string MailHost = "192.0.2.25";

    private readonly Scratch _keys = new();
    private readonly Scratch _farPlace = new();
    private readonly Scratch _nearPlace = new();
    private readonly string _mark = Samples.Mark();

    public void Dispose()
    {
        _nearPlace.Dispose();
        _farPlace.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public void DomainThatAsks_GetsTheCountsOfADayThatIsOver()
    {
        using var network = new OwnNetwork(MailHost, SignedZone.Address);
        var key = MakeCertificate();
        using var zone = SignedZone.Serve(
            network,
            $"@ 60 IN MX 10 mx.example.net.\nmx 60 IN A {MailHost}\n_25._tcp.mx 60 IN TLSA 3 1 1 {key}\n"
            + "_smtp._tls 60 IN TXT \"v=TLSRPTv1; rua=mailto:\" \"reports@example.net\"\n");
        using var far = Start(network, _farPlace, new PosternConfiguration
        {
            Domain = "example.net",
            Port = 2525,
            Users = ["bob@example.net", "reports@example.net"],
            More = $"[[listen]]\naddress = \"{MailHost}:25\"\n[[certificate]]\nchain = \"{_keys["own.pem"]}\"\n",
        });
        using var near = Start(network, _nearPlace, new PosternConfiguration
        {
            Port = 2526,
            More = "[dns]\nresolvers = [\"127.0.0.1\"]\n[remote]\nallow_private = true\n[tls_reports]\norganization = \"Company-X\"\n",
        });
        near.Command("sendmail", ["-i", "-f", "alice@example.org", "bob@example.net"], Encoding.Latin1.GetString(Samples.Message(_mark))).MustSucceed();
        Assert.Contains("with ESMTPS\n", far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        Assert.Equal(0, near.Stop());
        var day = SetBack(Path.Join(near.State, "remote", "tls-reports"));
        near.Restart();
        Judge(far.Mailbox("reports").Await("TLS-Report-Domain: example.net").Text, day, key);
        near.AwaitLog(line => line.Contains(" remote tls-report-sent domain=\"example.net\" to=\"mailto:reports@example.net\"", StringComparison.Ordinal), "sent");
        Assert.Equal((0, 0), (near.Stop(), far.Stop()));
        // Nothing is owed any more.
        Assert.DoesNotContain("report\t", File.ReadAllText(Path.Join(near.State, "remote", "tls-reports")), StringComparison.Ordinal);
    }

    private static void Judge(string message, string day, string key)
    {
        var lines = message.Split('\n');
        Assert.Contains("with ESMTPS\n", message, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            "Return-Path: <postmaster@mx.example.org>", "From: <postmaster@mx.example.org>", "TLS-Report-Submitter: mx.example.org", "TLS-Required: No",
            "Content-Type: multipart/report; report-type=\"tlsrpt\";",
        })
        {
            Assert.Single(lines, line);
        }

        var body = string.Concat(lines.SkipWhile(line => !line.StartsWith(" filename=\"mx.example.org!example.net!", StringComparison.Ordinal)).Skip(2).TakeWhile(line => !line.StartsWith("--", StringComparison.Ordinal)));
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(body)), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(packed);
        var report = json.RootElement;
        Assert.Equal("Company-X", report.GetProperty("organization-name").GetString());
        Assert.Equal("postmaster@mx.example.org", report.GetProperty("contact-info").GetString());
        Assert.Equal($"{day}T00:00:00Z", report.GetProperty("date-range").GetProperty("start-datetime").GetString());
        Assert.Equal($"{day}T23:59:59Z", report.GetProperty("date-range").GetProperty("end-datetime").GetString());
        var only = report.GetProperty("policies").EnumerateArray().Single();
        Assert.Equal("tlsa", only.GetProperty("policy").GetProperty("policy-type").GetString());
        Assert.Equal("example.net", only.GetProperty("policy").GetProperty("policy-domain").GetString());
        Assert.Equal($"3 1 1 {key}", only.GetProperty("policy").GetProperty("policy-string").EnumerateArray().Single().GetString());
        Assert.Equal(1, only.GetProperty("summary").GetProperty("total-successful-session-count").GetInt32());
        Assert.Equal(0, only.GetProperty("summary").GetProperty("total-failure-session-count").GetInt32());
    }

    /// <summary>Makes the day that was counted one that has been over for a day: what the clock can't do here, the file can.</summary>
    private static string SetBack(string file)
    {
        var text = File.ReadAllText(file);
        var counted = text.Split('\n')[1].Split('\t')[1];
        var day = DateOnly.Parse(counted).AddDays(-2).ToString("yyyy-MM-dd");
        var body = text[..text.LastIndexOf("end\t", StringComparison.Ordinal)].Replace($"day\t{counted}", $"day\t{day}", StringComparison.Ordinal);
        var sum = uint.MaxValue;
        foreach (var value in Encoding.UTF8.GetBytes(body))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        // In its place, so that it stays whose it is.
        File.WriteAllText(file, $"{body}end\t{~sum:x8}\n");
        return day;
    }

    private static PosternServer Start(OwnNetwork network, Scratch folder, PosternConfiguration configuration) =>
        PosternServer.Start(configuration, new ServerPlace(folder.Folder, network.Inside, path => path));

    /// <summary>Makes a certificate that only its owner vouches for; returns what a TLSA record says of its key (RFC 7671 §5.1).</summary>
    private string MakeCertificate()
    {
        var (chain, key, both) = (_keys["own.crt"], _keys["own.key"], _keys["own.pem"]);
        TlsSite.OpenSsl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=nobody",
            "-keyout", key, "-out", chain]).MustSucceed();
        File.WriteAllText(both, File.ReadAllText(chain) + File.ReadAllText(key));
        File.SetUnixFileMode(both, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", both]).MustSucceed();
        }

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(chain);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }
}
