using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Session;

/// <summary>Messages that can do without TLS (TLS-Required: No, RFC 8689 §4.2.2): past what a domain publishes, never past what the administrator asks.</summary>
public sealed class TlsOptionalTests : IDisposable
{
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Within = Offer + "< STARTTLS\n> 220 go\nTLS\n< EHLO\n> 250 within\n" + Take;
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;
    private const string Broken = Offer + "< STARTTLS\n> 220 go\n!";
    private const string DeniedInTheClear = "> 220 hi\n< EHLO\n> 250 there\n< QUIT\n";

    private static readonly QueuedMail _optional = new() { Handling = Handling.TlsOptional };

    private readonly ushort _port = (ushort)LoopbackPort.Free();
    private readonly string _authorities = Path.GetTempFileName();

    // None of them vouches for the servers here.
    public TlsOptionalTests() => File.WriteAllText(_authorities, Papers.Issued("elsewhere.example.org").Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    // Each would stop another message: a policy that the host does not meet, or is not in; keys that it does not have, or that nobody can tell.
    [Theory]
    [InlineData("policy", new[] { Clear })]
    [InlineData("policy", new[] { Within })]
    [InlineData("policy", new[] { Broken, Broken, Clear })]
    [InlineData("other", new[] { Clear })]
    [InlineData("keys", new[] { Within })]
    [InlineData("keys", new[] { Clear })]
    [InlineData("untold", new[] { Clear })]
    [InlineData("seen", new[] { Clear })]
    [InlineData("seen, and tested", new[] { Clear })]
    [InlineData("seen, and tested", new[] { Broken, Broken, Clear })]
    public void WhatADomainPublishes_DoesNotStopIt(string published, string[] scripts)
    {
        using var remote = Remote(published);
        using var server = Server(remote, scripts);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _optional).Outcome);
        using var next = Remote(published);
        server.Dispose();
        using var other = Server(next, [.. scripts.Select(script => script == Within ? Offer + "< STARTTLS\n> 220 go\nTLS\n*" : script == Clear ? DeniedInTheClear : script)]);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(next, new QueuedMail()).Outcome);
    }

    [Theory]
    [InlineData("example.net Required", DeniedInTheClear)]
    [InlineData("example.net Verified", DeniedInTheClear)]
    public void WhatTheAdministratorAsksFor_Stays(string rule, string script)
    {
        using var remote = new RemoteUnderTest(Names("policy"), new AddressPolicy(true, new HashSet<IpAddress>()), [rule], _authorities);
        using var server = Server(remote, script);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(remote, _optional).Outcome);
    }

    [Fact]
    public void AdministratorWhoDoesNotFollowIt_HasItWaitAsOthersDo()
    {
        using var remote = Remote("policy", follows: false);
        using var server = Server(remote, DeniedInTheClear);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(remote, _optional).Outcome);
    }

    // Whoever can have a message sent could else have it forgotten that there was TLS, and then take the TLS of all others away. C6.
    [Fact]
    public void SessionInTheClear_IsNeitherRememberedNorUsedForOthers()
    {
        using var remote = Remote("seen");
        using var server = Server(remote, Clear + "< QUIT\n", DeniedInTheClear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _optional).Outcome);
        Assert.Null(Assert.Single(remote.Memory.Traces).Lost);
        var result = Deliver(remote, new QueuedMail());
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_004u), (result.Outcome, result.Status));
        Assert.Equal(2, server.Count);
    }

    private Said Deliver(RemoteUnderTest remote, QueuedMail mail) =>
        remote.Deliver(new Hop(HopKind.Exchangers, "example.net", _port), mail, "a@example.net").Single();

    private RemoteUnderTest Remote(string published, bool follows = true)
    {
        var remote = new RemoteUnderTest(Names(published), new AddressPolicy(true, new HashSet<IpAddress>()), [], _authorities) { FollowsTlsOptional = follows };
        remote.Fetch["example.net"] = TablePolicies.Policy(
            published == "seen, and tested" ? "testing" : "enforce", published == "other" ? "other.example.org" : "mx.example.org");
        if (published.StartsWith("seen", StringComparison.Ordinal))
        {
            remote.Memory.HasTls(new Hop(HopKind.Exchangers, "example.net", _port));
        }

        return remote;
    }

    private TableResolver Names(string published)
    {
        string[] rows = published switch
        {
            "policy" or "other" or "seen, and tested" => ["_mta-sts.example.net TXT v=STSv1;_id=1;"],
            "keys" => [$"_{_port}._tcp.mx.example.org TLSA 3 1 1 {new string('0', 64)}"],
            "untold" => [$"_{_port}._tcp.mx.example.org TLSA SERVFAIL"],
            _ => [],
        };
        return new TableResolver(["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", .. rows]) { Unsigned = published is "keys" or "untold" ? [] : null };
    }

    private ScriptedServer Server(RemoteUnderTest remote, params string[] scripts)
    {
        var paper = Papers.Elliptic("mx.example.org");
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, _port), scripts)
        {
            Tls = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]),
        };
    }
}
