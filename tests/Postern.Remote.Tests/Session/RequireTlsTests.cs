using System.Security.Cryptography;
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

/// <summary>Messages that require TLS (RFC 8689 §4.2.1): where they go, where they don't, and that nothing of them is said before that is known.</summary>
public sealed class RequireTlsTests : IDisposable
{
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250-REQUIRETLS\n> 250 STARTTLS\n";
    private const string Begin = Offer + "< STARTTLS\n> 220 go\nTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Whole = Begin + "< EHLO\n> 250-within\n> 250 REQUIRETLS\n" + Take;
    private const string Lacking = Begin + "< EHLO\n> 250 within\n< QUIT\n";
    private const string Denied = Begin + "< QUIT\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250-there\n> 250 REQUIRETLS\n" + Take;
    private const string DeniedInTheClear = "> 220 hi\n< EHLO\n> 250-there\n> 250 REQUIRETLS\n< QUIT\n";

    private static readonly QueuedMail _mail = new() { Handling = Handling.RequireTls };

    private readonly Paper _paper = Papers.Issued("mx.example.org");
    private readonly string _authorities = Path.GetTempFileName();
    private readonly ushort _port = (ushort)LoopbackPort.Free();

    public RequireTlsTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    // Who says that this is a server of the domain: signed records, a policy (in testing, too), the domain's own name; else nobody does.
    [Theory]
    [InlineData("signed", Whole, DeliveryOutcome.Delivered, 0u, "")]
    [InlineData("enforce", Whole, DeliveryOutcome.Delivered, 0u, "")]
    [InlineData("testing", Whole, DeliveryOutcome.Delivered, 0u, "")]
    [InlineData("none", DeniedInTheClear, DeliveryOutcome.Permanent, 5_007_010u, "neither DNSSEC nor a policy (MTA-STS) says that mx.example.org is a server of example.net")]
    [InlineData("", DeniedInTheClear, DeliveryOutcome.Permanent, 5_007_010u, "neither DNSSEC nor a policy (MTA-STS) says that mx.example.org is a server of example.net")]
    // What the server lacks.
    [InlineData("signed", DeniedInTheClear, DeliveryOutcome.Permanent, 5_007_010u, "does not offer STARTTLS, and the message requires it (REQUIRETLS)")]
    [InlineData("signed", Lacking, DeliveryOutcome.Permanent, 5_007_030u, "does not offer REQUIRETLS")]
    [InlineData("enforce", Lacking, DeliveryOutcome.Permanent, 5_007_030u, "does not offer REQUIRETLS")]
    [InlineData("signed", Offer + "< STARTTLS\n> 502 what\n< QUIT\n", DeliveryOutcome.Permanent, 5_007_010u, "refuses STARTTLS, and the message requires it (REQUIRETLS)")]
    // What may be an accident is tried again.
    [InlineData("signed", Offer + "< STARTTLS\n> 454 not now\n< QUIT\n", DeliveryOutcome.Temporary, 4_007_004u, "refuses STARTTLS, and the message requires it (REQUIRETLS)")]
    [InlineData("signed", Offer + "< STARTTLS\n> 220 go\n!", DeliveryOutcome.Temporary, 4_007_005u, "TLS with")]
    public void Message_GoesToAServerThatIsKnownAndAsksTheSameOfTheNext(string vouching, string script, DeliveryOutcome outcome, uint status, string reason)
    {
        using var remote = Remote(vouching);
        using var server = Server(remote, _paper, script);
        var result = Deliver(remote, _mail);
        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        Assert.Equal(outcome == DeliveryOutcome.Delivered ? 1 : 0, server.Contents.Count);
        if (outcome == DeliveryOutcome.Delivered)
        {
            Assert.Contains(server.Lines, line => line.StartsWith("MAIL FROM:<from@example.org>", StringComparison.Ordinal) && line.EndsWith(" REQUIRETLS", StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(status, result.Status);
            Assert.DoesNotContain(server.Lines, line => line.StartsWith("MAIL", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void CertificateForAnotherName_IsNone()
    {
        var other = Vouched("other.example.org");
        using var remote = Remote("signed");
        using var server = Server(remote, other, Denied);
        var result = Deliver(remote, _mail);
        Assert.Equal((DeliveryOutcome.Permanent, 5_007_010u), (result.Outcome, result.Status));
        Assert.Empty(server.Contents);
    }

    [Fact]
    public void PublishedKey_IsAsGoodAsACertificateFromAnAuthority()
    {
        var own = Papers.Elliptic("whoever.example.org");
        var key = Convert.ToHexString(SHA256.HashData(own.Leaf.PublicKey.ExportSubjectPublicKeyInfo()));
        using var remote = Remote("signed", $"_{_port}._tcp.mx.example.org TLSA 3 1 1 {key}");
        using var server = Server(remote, own, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _mail).Outcome);
    }

    [Fact]
    public void HostWithoutIt_IsPassedOverForOneThatHasIt()
    {
        var other = Vouched("second.example.org");
        using var remote = Remote("signed", "example.net MX 5 second.example.org", "second.example.org A 127.0.0.2");
        Assert.True(IpAddress.TryParse("127.0.0.2", out var address));
        using var second = new ScriptedServer(remote.Loop, SocketAddress.Inet(address, _port), Lacking) { Tls = Service(other) };
        using var server = Server(remote, _paper, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _mail).Outcome);
        Assert.Equal((1, 0, 1), (second.Count, second.Contents.Count, server.Contents.Count));
    }

    // What was opened for others may be in the clear, or with a server that nobody knows.
    [Fact]
    public void SessionOfAnotherMessage_IsNotUsedForIt_AndItsOwnIsUsedForOthers()
    {
        using var remote = Remote("signed");
        using var server = Server(remote, _paper, Clear.Replace("REQUIRETLS", "X", StringComparison.Ordinal) + "< QUIT\n", Whole + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, new QueuedMail()).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _mail).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, new QueuedMail()).Outcome);
        Assert.Equal((2, 1), (server.Count, server.Lines.Count(line => line.EndsWith(" REQUIRETLS", StringComparison.Ordinal))));
    }

    // RFC 8689 §5: a notification goes as others do where it can't go as it should.
    [Theory]
    [InlineData("signed", new[] { Whole }, true)]
    [InlineData("signed", new[] { Lacking, Begin + "< EHLO\n> 250 within\n" + Take }, false)]
    [InlineData("signed", new[] { DeniedInTheClear, Clear }, false)]
    [InlineData("", new[] { Clear }, false)]
    public void Notification_GoesAsItShould_OrAsOthersDo(string vouching, string[] scripts, bool isSaid)
    {
        using var remote = Remote(vouching);
        using var server = Server(remote, _paper, scripts);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, _mail with { Sender = "" }).Outcome);
        Assert.Equal(isSaid, server.Lines.Exists(line => line.EndsWith(" REQUIRETLS", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mx.example.org None", "the configuration has no TLS with mx.example.org")]
    [InlineData("x.test None", "")]
    public void HostOfARoute_HasToBeKnownByItsName(string rule, string reason)
    {
        using var remote = new RemoteUnderTest(Names("signed"), Everywhere(), [rule], _authorities);
        using var server = Server(remote, _paper, Whole);
        var result = remote.Deliver(new Hop(HopKind.Host, "mx.example.org", _port), _mail, "a@example.net").Single();
        Assert.Equal(reason.Length == 0 ? DeliveryOutcome.Delivered : DeliveryOutcome.Permanent, result.Outcome);
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void HostOfARouteWithoutAName_GetsNone()
    {
        using var remote = Remote("signed");
        using var server = Server(remote, _paper, Clear);
        var result = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", _port), _mail, "a@example.net").Single();
        Assert.Equal((DeliveryOutcome.Permanent, 5_007_010u, 0), (result.Outcome, result.Status, server.Count));
    }

    // As into a mailbox here; but what SMTP takes within this host may go on from there.
    [Theory]
    [InlineData(HopKind.LmtpHost, DeliveryOutcome.Relayed)]
    [InlineData(HopKind.Host, DeliveryOutcome.Permanent)]
    public void WithinThisHost_LmtpNeedsNoTls(HopKind kind, DeliveryOutcome outcome)
    {
        using var remote = new RemoteUnderTest(authorities: _authorities);
        using var server = new ScriptedServer(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, _port), Clear.Replace("EHLO", "LHLO", StringComparison.Ordinal));
        var result = remote.Deliver(new Hop(kind, "127.0.0.1", _port), _mail, "a@example.net").Single();
        Assert.Equal(outcome == DeliveryOutcome.Permanent, result.Outcome == DeliveryOutcome.Permanent);
        Assert.DoesNotContain(server.Lines, line => line.Contains("REQUIRETLS", StringComparison.Ordinal));
    }

    /// <summary>A certificate from an authority that is trusted, too.</summary>
    private Paper Vouched(string name)
    {
        var paper = Papers.Issued(name);
        File.AppendAllText(_authorities, "\n" + paper.Root!.ExportCertificatePem());
        return paper;
    }

    private Said Deliver(RemoteUnderTest remote, QueuedMail mail) =>
        remote.Deliver(new Hop(HopKind.Exchangers, "example.net", _port), mail, "a@example.net").Single();

    private RemoteUnderTest Remote(string vouching, params string[] rows)
    {
        var remote = new RemoteUnderTest(Names(vouching, rows), Everywhere(), [], _authorities);
        if (vouching is "enforce" or "testing" or "none")
        {
            remote.Fetch["example.net"] = TablePolicies.Policy(vouching, "mx.example.org");
        }

        return remote;
    }

    private static AddressPolicy Everywhere() => new(true, new HashSet<IpAddress>());

    private static TableResolver Names(string vouching, params string[] rows) =>
        new(["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", .. vouching is "" or "signed" ? [] : new[] { "_mta-sts.example.net TXT v=STSv1;_id=1;" }, .. rows])
        { Unsigned = vouching == "signed" ? [] : null };

    private ScriptedServer Server(RemoteUnderTest remote, Paper paper, params string[] scripts) =>
        new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, _port), scripts) { Tls = Service(paper) };

    private static TlsServer Service(Paper paper)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
    }
}
