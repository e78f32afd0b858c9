using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Session;

/// <summary>Domains that say by a policy how their mail has to be protected (MTA-STS, RFC 8461).</summary>
public sealed class StsTests : IDisposable
{
    private const string Begin = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n< STARTTLS\n> 220 go\nTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;
    private const string Whole = Begin + "< EHLO\n> 250 within\n" + Take;
    private const string Denied = Begin + "< QUIT\n";
    private const string DeniedInTheClear = "> 220 hi\n< EHLO\n> 250 there\n< QUIT\n";

    private static readonly string[] _names = ["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1"];

    private readonly Paper _paper = Papers.Issued("mx.example.org");
    private readonly string _authorities = Path.GetTempFileName();

    public StsTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    [Theory]
    [InlineData("enforce", "mx.example.org", Whole, DeliveryOutcome.Delivered, "")]
    [InlineData("enforce", "*.example.org", Whole, DeliveryOutcome.Delivered, "")]
    [InlineData("enforce", "other.example.org", Whole, DeliveryOutcome.Temporary, "does not have mx.example.org among its hosts")]
    [InlineData("enforce", "mx.example.org", DeniedInTheClear, DeliveryOutcome.Temporary, "does not offer STARTTLS")]
    [InlineData("testing", "other.example.org", Clear, DeliveryOutcome.Delivered, "")]
    [InlineData("none", "other.example.org", Clear, DeliveryOutcome.Delivered, "")]
    public void Policy_IsFollowedWhereItIsEnforced(string mode, string exchanger, string script, DeliveryOutcome outcome, string reason)
    {
        using var remote = Remote("_mta-sts.example.net TXT v=STSv1;_id=1;");
        remote.Fetch["example.net"] = TablePolicies.Policy(mode, exchanger);
        using var server = Server(remote, _paper, script);
        var result = Deliver(remote, server);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void HostWithoutACertificateForItsName_GetsNothing()
    {
        using var remote = Remote("_mta-sts.example.net TXT v=STSv1;_id=1;");
        remote.Fetch["example.net"] = TablePolicies.Policy("enforce", "mx.example.org");
        using var server = Server(remote, Papers.Issued("other.example.org"), Denied);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_005u), (result.Outcome, result.Status));
    }

    // Nobody vouches for anybody where the file of authorities can't be read: what is only tested does not hold mail back for that.
    [Theory]
    [InlineData("enforce", DeliveryOutcome.Temporary, 1)]
    [InlineData("testing", DeliveryOutcome.Delivered, 2)]
    public void PolicyThatCantBeTested_HoldsNothingBack(string mode, DeliveryOutcome outcome, int connections)
    {
        File.Delete(_authorities);
        using var remote = Remote("_mta-sts.example.net TXT v=STSv1;_id=1;");
        remote.Fetch["example.net"] = TablePolicies.Policy(mode, "mx.example.org");
        using var server = Server(remote, _paper, "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n< STARTTLS\n> 220 go\n*", Whole);
        Assert.Equal(outcome, Deliver(remote, server).Outcome);
        Assert.Equal((connections, connections - 1), (server.Count, server.Agreed.Count));
    }

    [Fact]
    public void DomainWithoutARecord_IsNotAsked()
    {
        using var remote = Remote();
        remote.Fetch["example.net"] = TablePolicies.Policy("enforce", "other.example.org");
        using var server = Server(remote, _paper, Clear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Empty(remote.Fetch.Asked);
    }

    [Fact]
    public async Task PolicyThatCantBeGot_IsNone_AndIsNotAskedForAgainAtOnce()
    {
        using var remote = Remote("_mta-sts.example.net TXT v=STSv1;_id=1;");
        using var server = Server(remote, _paper, Clear + "< QUIT\n");
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        remote.Pool.CloseIdle();
        using var next = Server(remote, _paper, Clear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, next).Outcome);
        Assert.Single(remote.Fetch.Asked);
        remote.Clock.Pass(TimeSpan.FromMinutes(6));
        await remote.Policies.FindAsync("example.net");
        Assert.Equal(2, remote.Fetch.Asked.Count);
    }

    private Said Deliver(RemoteUnderTest remote, ScriptedServer server) =>
        remote.Deliver(new Hop(HopKind.Exchangers, "example.net", server.Port), new QueuedMail(), "a@example.net").Single();

    private RemoteUnderTest Remote(params string[] rows) =>
        new(new TableResolver([.. _names, .. rows]), new AddressPolicy(true, new HashSet<IpAddress>()), [], _authorities);

    private static ScriptedServer Server(RemoteUnderTest remote, Paper paper, params string[] scripts)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new(remote.Loop, scripts) { Tls = new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]) };
    }
}
