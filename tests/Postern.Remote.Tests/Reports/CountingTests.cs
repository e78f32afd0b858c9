using System.Security.Cryptography;
using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Reports;

/// <summary>What a session counts for: by what its host publishes, and by how far it came.</summary>
public sealed class CountingTests : IDisposable
{
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n";
    private const string Begin = Offer + "< STARTTLS\n> 220 go\nTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;
    private const string Whole = Begin + "< EHLO\n> 250 within\n" + Take;
    private const string Lost = Offer + "< STARTTLS\n> 220 go\n!";
    private const string Record = "_mta-sts.example.net TXT v=STSv1;_id=1;";
    private const string Where = " mx.example.org [127.0.0.1]";

    private static readonly string[] _names = ["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1"];

    private readonly Paper _paper = Papers.Issued("mx.example.org");
    private readonly string _authorities = Path.GetTempFileName();

    public CountingTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    [Theory]
    [InlineData(Whole, "example.net no-policy-found: well")]
    [InlineData(Clear, "example.net no-policy-found: starttls-not-supported" + Where)]
    [InlineData(Offer + "< STARTTLS\n> 454 not now\n" + Take, "example.net no-policy-found: starttls-not-supported" + Where)]
    [InlineData(Offer + "< STARTTLS\n> 502 what\n" + Take, "example.net no-policy-found: starttls-not-supported" + Where)]
    [InlineData(Lost, "example.net no-policy-found: validation-failure" + Where + " handshake-failed")]
    // A host that does not get as far says nothing of TLS.
    [InlineData("> 554 no\n", "")]
    [InlineData("!", "")]
    public void WithoutAPolicy_ItIsWhetherTlsStood(string script, string counted)
    {
        using var remote = Remote();
        using var server = Server(remote, _paper, script, Clear);
        Deliver(remote, server);
        Assert.Equal(counted, string.Join('|', remote.Counts.Lines));
    }

    [Theory]
    [InlineData("enforce", "mx.example.org", "mx.example.org", "well")]
    [InlineData("enforce", "other.example.org", "mx.example.org", "validation-failure" + Where + " host-not-in-policy")]
    [InlineData("enforce", "mx.example.org", "other.example.org", "certificate-host-mismatch" + Where)]
    [InlineData("testing", "mx.example.org", "mx.example.org", "well")]
    [InlineData("testing", "other.example.org", "mx.example.org", "validation-failure" + Where + " host-not-in-policy")]
    [InlineData("testing", "mx.example.org", "other.example.org", "certificate-host-mismatch" + Where)]
    public void PolicyOfADomain_IsWhatCounts(string mode, string exchanger, string certificate, string counted)
    {
        using var remote = Remote(Record);
        remote.Fetch["example.net"] = TablePolicies.Policy(mode, exchanger);
        using var server = Server(remote, Papers.Issued(certificate), mode == "testing" || counted == "well" ? Whole : Begin + "< QUIT\n");
        var said = Deliver(remote, server);
        // A policy that is only tested keeps no mail back (RFC 8461 §5).
        Assert.Equal(mode == "testing" || counted == "well" ? DeliveryOutcome.Delivered : DeliveryOutcome.Temporary, said.Outcome);
        Assert.Equal([$"example.net sts: {counted}"], remote.Counts.Lines);
        var policy = remote.Counts.Policies.Single();
        Assert.Equal(["version: STSv1", $"mode: {mode}", $"mx: {exchanger}", "max_age: 604800"], policy.Strings);
        Assert.Equal([exchanger], policy.Hosts);
    }

    [Fact]
    public void PolicyThatIsOnlyTested_CostsNoTls()
    {
        using var remote = Remote(Record);
        remote.Fetch["example.net"] = TablePolicies.Policy("testing", "mx.example.org");
        using var server = Server(remote, _paper, Lost, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Single(server.Agreed);
        Assert.Equal(["example.net sts: validation-failure" + Where + " handshake-failed"], remote.Counts.Lines);
    }

    [Theory]
    [InlineData(FetchFault.NotGiven, "sts-policy-fetch-error")]
    [InlineData(FetchFault.Untrusted, "sts-webpki-invalid")]
    [InlineData(FetchFault.NoPolicy, "sts-policy-invalid")]
    public void PolicyThatCantBeGot_IsAFailureOfEachSession(object fault, string counted)
    {
        using var remote = Remote(Record);
        remote.Fetch.Fault = (FetchFault)fault;
        using var server = Server(remote, _paper, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal([$"example.net sts: {counted}" + Where], remote.Counts.Lines);
    }

    [Fact]
    public void RecordsOfAHost_AreWhatCounts()
    {
        var own = Convert.ToHexStringLower(SHA256.HashData(_paper.Leaf.PublicKey.ExportSubjectPublicKeyInfo()));
        var others = new string('0', 64);
        Assert.Equal((DeliveryOutcome.Delivered, "example.net tlsa: well", $"3 1 1 {own}"), Associated(own, Whole));
        Assert.Equal((DeliveryOutcome.Temporary, "example.net tlsa: tlsa-invalid" + Where, $"3 1 1 {others}"), Associated(others, Begin + "< QUIT\n"));
        Assert.Equal((DeliveryOutcome.Temporary, "example.net tlsa: starttls-not-supported" + Where, $"3 1 1 {own}"), Associated(own, "> 220 hi\n< EHLO\n> 250 there\n< QUIT\n"));
    }

    [Fact]
    public void RecordsThatNobodyCanTell_AreAFailure()
    {
        var port = (ushort)LoopbackPort.Free();
        using var remote = Signed("SERVFAIL", port);
        using var server = Server(remote, _paper, port);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(remote, server).Outcome);
        Assert.Equal(["example.net no-policy-found: dnssec-invalid" + Where], remote.Counts.Lines);
    }

    // Nobody who gets reports knows of our routes.
    [Fact]
    public void HostOfARoute_IsNotCounted()
    {
        using var remote = Remote();
        using var server = Server(remote, _paper, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Empty(remote.Counts.Lines);
    }

    [Fact]
    public void SessionThatIsUsedAgain_IsOneSession()
    {
        using var remote = Remote();
        using var server = Server(remote, _paper, Whole + Take);
        Deliver(remote, server);
        Deliver(remote, server);
        Assert.Equal((2, 1), (server.Contents.Count, remote.Counts.Lines.Count));
    }

    private (DeliveryOutcome Outcome, string Counted, string Shown) Associated(string data, string script)
    {
        var port = (ushort)LoopbackPort.Free();
        using var remote = Signed($"3 1 1 {data}", port);
        using var server = Server(remote, _paper, port, script);
        var outcome = Deliver(remote, server).Outcome;
        return (outcome, remote.Counts.Lines.Single(), remote.Counts.Policies.Single().Strings.Single());
    }

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server) =>
        remote.Deliver(new Hop(HopKind.Exchangers, "example.net", server.Port), new QueuedMail(), "a@example.net").Single();

    private RemoteUnderTest Remote(params string[] rows) =>
        new(new TableResolver([.. _names, .. rows]), new AddressPolicy(true, new HashSet<IpAddress>()), [], _authorities);

    private RemoteUnderTest Signed(string data, ushort port) => new(
        new TableResolver([.. _names, $"_{port}._tcp.mx.example.org TLSA {data}"]) { Unsigned = [] },
        new AddressPolicy(true, new HashSet<IpAddress>()), [], _authorities);

    private static ScriptedServer Server(RemoteUnderTest remote, Paper paper, params string[] scripts) => Server(remote, paper, (ushort)0, scripts);

    private static ScriptedServer Server(RemoteUnderTest remote, Paper paper, ushort port, params string[] scripts)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, port), scripts) { Tls = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]) };
    }
}
