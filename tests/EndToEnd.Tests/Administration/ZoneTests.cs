using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary><c>postern dns</c>: what it prints is put into the zones of a real name server, and found there by its check.</summary>
public sealed class ZoneTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _configuration;

    public ZoneTests()
    {
        MakeCertificate();
        _configuration = _scratch.Write("postern.toml", $"""
            hostname = "mx.example.org"
            domains = ["example.org"]
            state = "{_scratch["state"]}"
            [[listen]]
            address = "192.0.2.1:25"
            [[listen]]
            address = "[2001:db8::1]:25"
            [[listen]]
            address = "192.0.2.1:465"
            service = "submissions"
            [[listen]]
            address = "192.0.2.1:587"
            service = "submission"
            [[certificate]]
            chain = "{_scratch["mx.crt"]}"
            key = "{_scratch["mx.key"]}"

            """);
    }

    [Fact]
    public void WhatIsPrinted_IsRightOnceItIsSet()
    {
        var printed = Dns("example.org").MustSucceed().Output;
        using var server = Serve(printed);
        var check = Check(server);
        Assert.True(check.Code == 0, check.ToString());
        var lines = check.Output.Split('\n');
        // A heading, 13 sets and no remark but one: nsd says nothing of signatures.
        Assert.Equal(13, lines.Count(line => line.StartsWith("right ", StringComparison.Ordinal)));
        Assert.Equal(
            ["_25._tcp.mx.example.org. TLSA: the zone is not signed, and without that nobody heeds it"],
            lines.SkipWhile(line => line.Length > 0).Where(line => line.Length > 0));
    }

    [Fact]
    public void CertificateWithANewKey_IsAnErrorUntilItsRecordIsThere()
    {
        using var server = Serve(Dns("example.org").MustSucceed().Output);
        MakeCertificate();
        var check = Check(server);
        Assert.True(check.Code == 65, check.ToString());
        Assert.Contains("_25._tcp.mx.example.org. TLSA: no configured certificate matches: senders that heed DANE do not deliver\n", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordsThatAreLeftOut_AreMissing()
    {
        var printed = Dns("example.org").MustSucceed().Output;
        using var server = Serve(string.Join('\n', printed.Split('\n').Where(line => !line.Contains(" MX ", StringComparison.Ordinal) && !line.Contains("  SRV  ", StringComparison.Ordinal))));
        var check = Check(server);
        Assert.True(check.Code == 65, check.ToString());
        Assert.Equal(["MX", "SRV", "SRV"], check.Output.Split('\n').Where(line => line.StartsWith("missing ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
    }

    [Fact]
    public void ServerThatIsDown_IsATemporaryFailure()
    {
        var check = Dns("example.org", "--check", "--server", $"127.0.0.1:{LoopbackPort.Free()}");
        Assert.True(check.Code == 75, check.ToString());
        Assert.Contains("example.org. MX: no resolver can be reached\n", check.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static NsdPeer Serve(string printed)
    {
        // Those of the addresses stand in comments, as they belong to other zones.
        string[] pointers = [.. printed.Split('\n').Where(line => line.Contains("  PTR  ", StringComparison.Ordinal)).Select(line => line.TrimStart(';', ' '))];
        return new NsdPeer(new Dictionary<string, string>
        {
            ["example.org"] = printed,
            ["2.0.192.in-addr.arpa"] = pointers.Single(line => line.Contains("in-addr", StringComparison.Ordinal)),
            ["8.b.d.0.1.0.0.2.ip6.arpa"] = pointers.Single(line => line.Contains("ip6", StringComparison.Ordinal)),
        });
    }

    private ToolResult Check(NsdPeer server) => Dns("example.org", "--check", "--server", $"127.0.0.1:{server.Port}");

    private ToolResult Dns(params string[] arguments) => Tool.Run(PosternPrograms.Of("postern"), ["--config", _configuration, "dns", .. arguments]);

    private void MakeCertificate() => Tool.Run(
        Requirement.Peer("openssl"),
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mx.example.org",
            "-addext", "subjectAltName=DNS:mx.example.org", "-keyout", _scratch["mx.key"], "-out", _scratch["mx.crt"],
        ]).MustSucceed();
}
