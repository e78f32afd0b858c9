using Postern.Ipc.Delivery;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Remote.Tests.Session;

/// <summary>What happens to a connection between its beginning and the moment when a delivery has it as a session.</summary>
public sealed class OpeningTests
{
    private const string Begin = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n< STARTTLS\n> 220 go\n";
    private const string Take = "< EHLO\n> 250 within\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";

    [Fact]
    public void BugWhileASessionIsBegun_ClosesItsConnection()
    {
        using var remote = new RemoteUnderTest(rules: []);
        using var server = new ScriptedServer(remote.Loop, Begin + "*");
        var tls = remote.Runner.Tls;
        remote.Runner.Tls = null;
        Assert.Equal("internal error", remote.Deliver(HopOf(server), "x\r\n", "a@example.net").Single().Text);
        // What is read to its end has one.
        remote.TurnUntil(() => server.Contents.Count == 1);
        Assert.Equal(0, remote.Pool.Open);
        remote.Runner.Tls = tls;
    }

    [Fact]
    public async Task BugWhileTlsIsBegun_ClosesTheStream()
    {
        // The web servers have no root of their own: reports and policies ask for a stream, and get it or an exception.
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "*");
        var opening = Connection.OpenAsync(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, server.Port), TimeSpan.FromSeconds(1)).AsTask();
        remote.TurnUntil(() => opening.IsCompleted);
        var stream = new ServerStream((await opening).Connection!);
        await Assert.ThrowsAsync<NullReferenceException>(
            async () => await stream.BeginTlsAsync(null!, new TlsExpectation { ServerName = null }, TimeSpan.FromSeconds(1)));
        Assert.True(stream.IsClosed);
        remote.TurnUntil(() => server.Contents.Count == 1);
    }

    [Fact]
    public void BugInWhatCountsSessions_ClosesTheConnection()
    {
        using var remote = new RemoteUnderTest(
            new TableResolver("example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1"), new AddressPolicy(true, new HashSet<IpAddress>()), []);
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< EHLO\n> 250 there\n*");
        remote.Runner.Counts = new BrokenCounts();
        Assert.Equal("internal error", remote.Deliver(new Hop(HopKind.Exchangers, "example.net", server.Port), "x\r\n", "a@example.net").Single().Text);
        remote.TurnUntil(() => server.Contents.Count == 1);
        Assert.Equal(0, remote.Pool.Open);
    }

    [Fact]
    public void ReloadWhileASessionIsBegun_LeavesItsTlsWhole()
    {
        using var remote = new RemoteUnderTest(rules: []);
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< EHLO\n~\n~\n" + Begin[(Begin.IndexOf("EHLO\n", StringComparison.Ordinal) + 5)..] + "TLS\n" + Take + "< QUIT\n") { Tls = Service() };
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Lines.Count == 1);
        remote.Reload();
        Assert.Equal(DeliveryOutcome.Delivered, remote.Results(number).Single().Outcome);
        Assert.Single(server.Agreed);
        // It began before the reload: no other message follows on it.
        Assert.Equal((0, 0), (remote.Pool.Open, remote.Pool.Idle));
    }

    [Fact]
    public void DeliveryThatIsCancelledWhileItsSessionIsBegun_IsNotSent()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "~\n~\n~\n~\n> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n*");
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Count == 1);
        remote.Cancel(number);
        remote.TurnUntil(() => remote.Pool.Open == 0 && server.Contents.Count == 1);
        Assert.DoesNotContain("MAIL", server.Contents.Single(), StringComparison.Ordinal);
    }

    private static TlsServer Service()
    {
        var paper = Papers.Issued("mx.example.org");
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
    }

    private static Hop HopOf(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);

    /// <summary>Counts nothing, and fails.</summary>
    private sealed class BrokenCounts : ISessionCounts
    {
        public void Count(string domain, AppliedPolicy policy, SessionFailure? failure) => throw new InvalidOperationException("a bug");
    }
}
