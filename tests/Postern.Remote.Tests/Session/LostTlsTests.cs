using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Session;

/// <summary>Servers that had TLS and have none any more: their mail waits a while, and not for ever. C6.</summary>
public sealed class LostTlsTests : IDisposable
{
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;
    private const string Within = Offer + "< STARTTLS\n> 220 go\nTLS\n< EHLO\n> 250 within\n" + Take + "< QUIT\n";
    private const string Stripped = "> 220 hi\n< EHLO\n> 250 there\n< QUIT\n";

    private readonly Paper _paper = Papers.Elliptic("mx.example.org");
    private readonly string _authorities = Path.GetTempFileName();

    // None of them vouches for the servers here.
    public LostTlsTests() => File.WriteAllText(_authorities, Papers.Issued("elsewhere.example.org").Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    [Theory]
    [InlineData(Stripped, 4_007_004u, "does not offer STARTTLS, and example.net had it before")]
    [InlineData(Offer + "< STARTTLS\n> 454 not now\n< QUIT\n", 4_007_004u, "refuses STARTTLS, and example.net had it before")]
    [InlineData(Offer + "< STARTTLS\n> 220 go\n!", 4_007_005u, "example.net had it before")]
    public void ServerThatHadTls_GetsNothingWithoutForAWhile(string script, uint status, string reason)
    {
        using var remote = Remote();
        using var server = Server(remote, Within, script, script, Clear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(1, remote.MemoryChanged);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, status), (result.Outcome, result.Fault, result.Status));
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        Assert.Contains("mail waits for it until 1970-01-03 00:00 UTC", result.Text, StringComparison.Ordinal);
        remote.Clock.Pass(TimeSpan.FromHours(23));
        Assert.Equal(status, Deliver(remote, server).Status);
        remote.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        remote.Settle();
        foreach (var happened in new[] { "tls-lost", "tls-forgotten" })
        {
            Assert.Single(remote.Logged.ToString().Split('\n'), line => line.Contains($" remote {happened} destination=\"example.net\"", StringComparison.Ordinal));
        }
    }

    // A policy that is only tested takes nothing away that holds without it; what it says of the server's name stops nothing.
    [Theory]
    [InlineData("mx.example.org", Stripped, 4_007_004u, 1)]
    [InlineData("mx.example.org", Offer + "< STARTTLS\n> 454 not now\n< QUIT\n", 4_007_004u, 1)]
    [InlineData("mx.example.org", Offer + "< STARTTLS\n> 220 go\n!", 4_007_005u, 2)]
    [InlineData("other.example.org", Stripped, 4_007_004u, 1)]
    [InlineData("other.example.org", Offer + "< STARTTLS\n> 220 go\n!", 4_007_005u, 1)]
    public void ServerThatHadTls_HasToHaveItUnderATestedPolicy(string exchanger, string script, uint status, int tries)
    {
        using var remote = Tested(exchanger);
        using var server = Server(remote, [Within, .. Enumerable.Repeat(script, tries), Clear]);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, status, 1 + tries), (result.Outcome, result.Status, server.Count));
        Assert.Contains("example.net had it before; mail waits for it until 1970-01-03 00:00 UTC", result.Text, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(remote.Memory.Traces).Lost);
        remote.Clock.Pass(TimeSpan.FromDays(1));
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Empty(remote.Memory.Traces);
    }

    // Nobody vouches for it.
    [Theory]
    [InlineData("mx.example.org")]
    [InlineData("other.example.org")]
    public void WrongCertificate_StopsNothingUnderATestedPolicy(string exchanger)
    {
        using var remote = Tested(exchanger);
        using var server = Server(remote, Within, Within);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal((2, 2), (server.Count, server.Agreed.Count));
    }

    [Fact]
    public void ServerWhoseTlsComesBack_GetsItsMail()
    {
        using var remote = Remote();
        using var server = Server(remote, Within, Stripped, Within);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(remote, server).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Null(remote.Memory.Traces.Single().Lost);
    }

    // Whoever takes TLS from one host of a domain can take it from the next.
    [Fact]
    public void OtherHostOfTheDomain_GetsNothingWithoutEither()
    {
        var port = (ushort)TestKit.Servers.LoopbackPort.Free();
        using var remote = Remote("example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", "example.net MX 20 second.example.org", "second.example.org A 127.0.0.2");
        Assert.True(IpAddress.TryParse("127.0.0.2", out var address));
        using var first = Server(remote, port, Within, Stripped);
        using var second = new ScriptedServer(remote.Loop, SocketAddress.Inet(address, port), Stripped, Clear);
        var hop = new Hop(HopKind.Exchangers, "example.net", port);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(hop, new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Equal(DeliveryOutcome.Temporary, remote.Deliver(hop, new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Equal((2, 1), (first.Count, second.Count));
        Assert.Empty(second.Contents);
    }

    // What somebody demands anyway is not remembered as lost, and what the administrator forbids is not demanded.
    [Theory]
    [InlineData("example.net Required", DeliveryOutcome.Temporary, 1)]
    [InlineData("example.net None", DeliveryOutcome.Delivered, 0)]
    public void RuleOfTheAdministrator_StandsAboveWhatIsRemembered(string rule, DeliveryOutcome outcome, int remembered)
    {
        using var remote = new RemoteUnderTest(Names(), new AddressPolicy(true, new HashSet<IpAddress>()), [rule]);
        using var server = Server(remote, outcome == DeliveryOutcome.Delivered ? Clear : Stripped);
        remote.Memory.HasTls(new Hop(HopKind.Exchangers, "example.net", server.Port));
        Assert.Equal(outcome, Deliver(remote, server).Outcome);
        Assert.Equal(remembered, remote.Memory.Traces.Count(trace => trace.Lost is null));
    }

    [Fact]
    public void ServerThatNeverHadTls_GetsItsMail()
    {
        using var remote = Remote();
        using var server = Server(remote, Clear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(0, remote.MemoryChanged);
    }

    private static TableResolver Names(params string[] names) => new(names.Length > 0 ? names : ["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1"]);

    // Idle connections are not kept: each message is a session.
    private RemoteUnderTest Remote(params string[] names)
    {
        var remote = new RemoteUnderTest(Names(names), new AddressPolicy(true, new HashSet<IpAddress>()), [], _authorities);
        remote.Pool.IdleTime = TimeSpan.Zero;
        return remote;
    }

    private RemoteUnderTest Tested(string exchanger)
    {
        var remote = Remote("example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", "_mta-sts.example.net TXT v=STSv1;_id=1;");
        remote.Fetch["example.net"] = TablePolicies.Policy("testing", exchanger);
        return remote;
    }

    private ScriptedServer Server(RemoteUnderTest remote, params string[] scripts) => Server(remote, 0, scripts);

    private ScriptedServer Server(RemoteUnderTest remote, ushort port, params string[] scripts)
    {
        Assert.True(CertificateReader.TryRead(_paper.ChainBytes, _paper.KeyBytes, out var certificate, out var problem), problem);
        return new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, port), scripts) { Tls = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]) };
    }

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server) =>
        remote.Deliver(new Hop(HopKind.Exchangers, "example.net", server.Port), new QueuedMail(), "a@example.net").Single();
}
