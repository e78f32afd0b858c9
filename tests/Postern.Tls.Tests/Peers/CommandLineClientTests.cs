using System.Text;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Tls.Harness;
using Postern.Tls.Sessions;

namespace Postern.Tls.Peers;

/// <summary>What OpenSSL's own client says of our end.</summary>
public sealed class CommandLineClientTests
{
    private static readonly Paper Shown = Papers.Elliptic("mx.example");

    [Theory]
    [InlineData("-tls1_3", "TLSv1.3")]
    [InlineData("-tls1_2", "TLSv1.2")]
    public void ASession_IsWhatBothSay(string option, string version)
    {
        using var service = Services.Of(null, Shown);
        using var server = new EchoServer(service);
        var said = Client(server, option, "-servername", "mx.example");
        Assert.Contains("hello\n", said.Output, StringComparison.Ordinal);
        var facts = Assert.Single(server.Facts);
        Assert.Equal((version, "mx.example"), (facts.Version, Encoding.ASCII.GetString(facts.ServerName)));
        Assert.Contains($"New, {version}, Cipher is", said.Output, StringComparison.Ordinal);
        Assert.Contains("Compression: NONE", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheExporter_IsTheClients()
    {
        using var service = Services.Of(null, Shown);
        using var server = new EchoServer(service);
        var said = Client(server, "-tls1_3", "-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32");
        Assert.Contains($"Keying material: {Convert.ToHexString(server.Facts.Single().Exporter)}", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCertificate_VerifiesWhereItIsTrusted()
    {
        using var folder = new Scratch();
        using var service = Services.Of(null, Shown);
        using var server = new EchoServer(service);
        var said = Client(server, "-CAfile", folder.Write("ca.pem", Shown.Chain), "-verify_hostname", "mx.example", "-verify_return_error");
        Assert.Contains("Verify return code: 0 (ok)", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_1")]
    [InlineData("-tls1")]
    public void OldVersions_GetTheAlert(string option)
    {
        using var service = Services.Of(null, Shown);
        using var server = new EchoServer(service);
        var said = Client(server, option, "-cipher", "ALL:@SECLEVEL=0");
        Assert.Contains("alert protocol version", said.Error, StringComparison.Ordinal);
        Assert.Empty(server.Facts);
    }

    [Fact]
    public void AnotherProtocol_GetsTheAlert()
    {
        using var service = Services.Of(new TlsPolicy { Service = "smtp", Protocols = ["smtp"u8.ToArray()] }, Shown);
        using var server = new EchoServer(service);
        Assert.Contains("alert no application protocol", Client(server, "-alpn", "http/1.1").Error, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: smtp", Client(server, "-alpn", "smtp").Output, StringComparison.Ordinal);
    }

    private static ToolResult Client(EchoServer server, params string[] options) => Tool.Run(
        Requirement.Peer("openssl"),
        ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-ign_eof", .. options],
        Encoding.ASCII.GetBytes("hello\n"));
}
