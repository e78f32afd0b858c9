using System.Security.Cryptography;
using System.Text;
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

/// <summary>What is said to a server in the clear, within TLS, and not at all.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n";
    private const string Begin = Offer + "< STARTTLS\n> 220 go\nTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;
    private const string Denied = Begin + "< QUIT\n";
    private const string DeniedInTheClear = "> 220 hi\n< EHLO\n> 250 there\n< QUIT\n";
    private const string Whole = Begin + "< EHLO\n> 250 within\n" + Take;

    private readonly Paper _paper = Papers.Issued("mx.example.org");
    private readonly string _authorities = Path.GetTempFileName();

    public TlsTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    [Fact]
    public void ServerThatOffersTls_GetsItWhoeverItIs()
    {
        using var remote = Remote([]);
        using var server = Server(remote, Whole);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(["EHLO mail.example.org", "STARTTLS", "EHLO mail.example.org"], server.Lines[..3]);
        Assert.Equal("TLSv1.3", server.Agreed.Single().Version);
        Assert.Contains("info remote tls host=", Logged(remote), StringComparison.Ordinal);
        Assert.Contains("known=no", Logged(remote), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasOfferedBeforeTls_IsForgotten()
    {
        using var remote = Remote([]);
        using var server = Server(remote, "> 220 hi\n< EHLO\n> 250-there\n> 250-8BITMIME\n> 250 STARTTLS\n< STARTTLS\n> 220 go\nTLS\n< EHLO\n> 250 within\n");
        var mail = new QueuedMail { Body = BodyType.EightBitMime };
        Assert.Equal(5_006_003u, remote.Deliver(To(server), mail, "a@example.net").Single().Status);
    }

    [Fact]
    public void SessionWithinTls_IsUsedAgain()
    {
        using var remote = Remote([]);
        using var server = Server(remote, Whole + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal((1, 2), (server.Count, server.Contents.Count));
    }

    // What was begun under rules that do not hold any more must not carry what is sent under those that do.
    [Fact]
    public void SessionOfBeforeAReload_IsNotUsedAgain()
    {
        using var remote = Remote([]);
        using var server = Server(remote, Clear + "< QUIT\n", Whole);
        var first = remote.Begin(To(server), new QueuedMail(), "a@example.net");
        remote.TurnUntil(() => server.Lines.Count > 1);
        remote.Reload();
        Assert.Equal(DeliveryOutcome.Delivered, remote.Results(first).Single().Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal((2, 0), (server.Count, server.Lines.Count(line => line == "STARTTLS") - 1));
    }

    [Fact]
    public void ManyMegabytes_PassWithinTls()
    {
        using var remote = Remote([]);
        using var server = Server(remote, Whole);
        var content = $"Subject: long\r\n\r\n{string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 40_000))}";
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(To(server), new QueuedMail { Content = content }, "a@example.net").Single().Outcome);
        Assert.Equal(content.Length, server.Contents.Single().Length + 2);
    }

    // Nobody asks for TLS: what can't do it gets the mail all the same.
    [Theory]
    [InlineData(Clear)]
    [InlineData(Offer + "< STARTTLS\n> 454 not now\n" + Take)]
    [InlineData(Offer + "< STARTTLS\n> 502 what\n" + Take)]
    public void WithoutAnybodyAsking_MailGoesInTheClear(string script)
    {
        using var remote = Remote([]);
        using var server = Server(remote, script);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Empty(server.Agreed);
    }

    [Theory]
    [InlineData(Offer + "< STARTTLS\n> 220 go\n!")]
    [InlineData(Offer + "< STARTTLS\n> 220 go\n~\n> 500 in the clear\n*")]
    public void HandshakeThatFails_IsTriedWithoutTls(string script)
    {
        using var remote = Remote([]);
        using var server = Server(remote, script, Clear);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Contains("warning remote tls-given-up", Logged(remote), StringComparison.Ordinal);
        Assert.Equal(2, server.Count);
    }

    [Theory]
    [InlineData("Required", DeniedInTheClear, 4_007_004u)]
    [InlineData("Required", Offer + "< STARTTLS\n> 454 not now\n< QUIT\n", 4_007_004u)]
    [InlineData("Required", Offer + "< STARTTLS\n> 220 go\n!", 4_007_005u)]
    [InlineData("Verified", DeniedInTheClear, 4_007_005u)]
    public void WhereTlsIsAskedFor_NoMailGoesWithout(string need, string script, uint status)
    {
        using var remote = Remote([$"* {need}"]);
        using var server = Server(remote, script, Clear);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, status), (result.Outcome, result.Fault, result.Status));
        Assert.InRange(server.Count, 0, 1);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public void RuleOfNone_LeavesTlsAlone()
    {
        using var remote = Remote(["* None"]);
        using var server = Server(remote, Offer + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.DoesNotContain("STARTTLS", server.Lines);
    }

    [Fact]
    public void WithinThisHost_TlsIsUsedOnlyWhereItIsAskedFor()
    {
        using var remote = new RemoteUnderTest();
        using var server = Server(remote, Offer + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
    }

    // The answers to what is only asked within TLS, sent before it: whoever sits in between would be believed (I14).
    [Theory]
    [InlineData("Opportunistic")]
    [InlineData("Required")]
    public void MoreThanTheAnswerToStartTls_EndsTheSession(string need)
    {
        using var remote = Remote([$"* {need}"]);
        using var server = Server(remote, Offer + @"< STARTTLS
            >> 220_go\r\n250_forged\r\n
            TLS");
        var result = Deliver(remote, server);
        Assert.Equal(DeliveryOutcome.Temporary, result.Outcome);
        Assert.Contains("more than the answer to STARTTLS", result.Text, StringComparison.Ordinal);
        Assert.Empty(server.Agreed);
    }

    [Fact]
    public void HelloWithinTlsThatIsRefused_EndsTheSession()
    {
        using var remote = Remote([]);
        using var server = Server(remote, Begin + "< EHLO\n> 502 no\n");
        Assert.Equal(DeliveryOutcome.Permanent, Deliver(remote, server).Outcome);
        Assert.Equal(["EHLO mail.example.org", "STARTTLS", "EHLO mail.example.org"], server.Lines[..3]);
    }

    [Fact]
    public void Lmtp_IsProtectedToo()
    {
        using var remote = Remote(["* Required"]);
        using var server = Server(remote, "> 220 hi\n< LHLO\n> 250-there\n> 250 STARTTLS\n< STARTTLS\n> 220 go\nTLS\n< LHLO\n> 250 within\n" + Take);
        var hop = new Hop(HopKind.LmtpHost, "127.0.0.1", server.Port);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(hop, new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Single(server.Agreed);
    }

    [Theory]
    [InlineData("mx.example.org", DeliveryOutcome.Delivered)]
    [InlineData("other.example.org", DeliveryOutcome.Temporary)]
    public void VerifiedRoute_GoesToTheHostThatAnAuthorityVouchesFor(string host, DeliveryOutcome outcome)
    {
        using var remote = Remote(["*.example.org Verified"], new TableResolver($"{host} A 127.0.0.1"));
        using var server = Server(remote, outcome == DeliveryOutcome.Delivered ? Whole : Denied);
        var result = remote.Deliver(new Hop(HopKind.Host, host, server.Port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == DeliveryOutcome.Delivered ? 1 : 0, server.Contents.Count);
        Assert.Equal(outcome == DeliveryOutcome.Delivered, Logged(remote).Contains("known=authority", StringComparison.Ordinal));
    }

    // Of the name of an exchanger that DNS says without a signature nothing follows: its owner may be whoever forged it.
    [Theory]
    [InlineData(false, "mx.example.org", "example.net", DeliveryOutcome.Temporary)]
    [InlineData(true, "mx.example.org", "example.net", DeliveryOutcome.Delivered)]
    [InlineData(false, "mx.example.org", "example.org", DeliveryOutcome.Delivered)]
    [InlineData(false, "mx.example.org", "mx.example.org", DeliveryOutcome.Delivered)]
    [InlineData(false, "mx.example.org", "x.mx.example.org", DeliveryOutcome.Temporary)]
    public void VerifiedDomain_IsKnownByItsOwnName(bool isSigned, string exchanger, string domain, DeliveryOutcome outcome)
    {
        var names = new TableResolver($"{domain} MX 10 {exchanger}", $"{exchanger} A 127.0.0.1") { Unsigned = isSigned ? [] : null };
        using var remote = Remote(["* Verified"], names);
        using var server = Server(remote, outcome == DeliveryOutcome.Delivered ? Whole : Denied);
        var hop = new Hop(HopKind.Exchangers, domain, server.Port);
        Assert.Equal(outcome, remote.Deliver(hop, new QueuedMail(), $"a@{domain}").Single().Outcome);
    }

    [Theory]
    [InlineData(true, DeliveryOutcome.Delivered)]
    [InlineData(false, DeliveryOutcome.Temporary)]
    public void PublishedAssociation_HasToFit(bool fits, DeliveryOutcome outcome)
    {
        var port = (ushort)LoopbackPort.Free();
        using var remote = Remote([], Published(port, fits ? Key(_paper) : new string('0', 64)));
        using var server = Server(remote, port, fits ? Whole : Denied);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(fits ? 1 : 0, server.Contents.Count);
    }

    [Fact]
    public void AssociationsThatNobodyCanTell_KeepTheMail()
    {
        var port = (ushort)LoopbackPort.Free();
        var names = new TableResolver("example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", $"_{port}._tcp.mx.example.org TLSA SERVFAIL") { Unsigned = [] };
        using var remote = Remote([], names);
        using var server = Server(remote, port, Whole);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal((DeliveryOutcome.Temporary, 4_004_003u), (result.Outcome, result.Status));
        Assert.Equal(0, server.Count);
    }

    // Without a signature all the way they may be forged, and whoever forges answers can forge these, too.
    [Theory]
    [InlineData("example.net")]
    [InlineData("mx.example.org")]
    [InlineData("_PORT._tcp.mx.example.org")]
    public void AssociationsThatAreNotSigned_SayNothing(string unsigned)
    {
        var port = (ushort)LoopbackPort.Free();
        using var remote = Remote([], Published(port, new string('0', 64), unsigned.Replace("PORT", $"{port}", StringComparison.Ordinal)));
        using var server = Server(remote, port, Clear);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
    }

    // RFC 7672 §2.2: whoever publishes them does TLS, even when they are of no use to us.
    [Theory]
    [InlineData("0 0 1", Whole, DeliveryOutcome.Delivered)]
    [InlineData("3 1 9", Whole, DeliveryOutcome.Delivered)]
    [InlineData("0 0 1", DeniedInTheClear, DeliveryOutcome.Temporary)]
    public void AssociationsOfNoUse_StillAskForTls(string kind, string script, DeliveryOutcome outcome)
    {
        var port = (ushort)LoopbackPort.Free();
        var names = new TableResolver(
            "example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", $"_{port}._tcp.mx.example.org TLSA {kind} {new string('0', 64)}")
        { Unsigned = [] };
        using var remote = Remote([], names);
        using var server = Server(remote, port, script);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(outcome, result.Outcome);
    }

    // RFC 7672 §2.2.2: below the name that the host's aliases lead to, and where that has none, below its own.
    [Theory]
    [InlineData("real.example.org")]
    [InlineData("mx.example.org")]
    public void HostWithAnAlias_MayPublishBelowEither(string below)
    {
        var port = (ushort)LoopbackPort.Free();
        var names = new TableResolver(
            "example.net MX 10 mx.example.org", "mx.example.org CNAME real.example.org", "real.example.org A 127.0.0.1",
            $"_{port}._tcp.{below} TLSA 3 1 1 {new string('0', 64)}")
        { Unsigned = [] };
        using var remote = Remote([], names);
        using var server = Server(remote, port, Denied);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(4_007_005u, result.Status);
        Assert.Equal(Encoding.ASCII.GetBytes(below), server.Agreed.Single().ServerName);
    }

    [Fact]
    public void HostThatCantShowWhoItIs_IsPassedOverForOneThatCan()
    {
        var port = (ushort)LoopbackPort.Free();
        var names = new TableResolver(
            "example.net MX 10 bad.example.org", "example.net MX 20 mx.example.org", "bad.example.org A 127.0.0.2", "mx.example.org A 127.0.0.1",
            $"_{port}._tcp.bad.example.org TLSA 3 1 1 {new string('0', 64)}")
        { Unsigned = [] };
        using var remote = Remote([], names);
        using var bad = new ScriptedServer(remote.Loop, SocketAddress.Inet(Address("127.0.0.2"), port), Denied) { Tls = Service() };
        using var server = Server(remote, port, Whole);
        var result = remote.Deliver(new Hop(HopKind.Exchangers, "example.net", port), new QueuedMail(), "a@example.net").Single();
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        Assert.Equal((1, 0, 1), (bad.Count, bad.Contents.Count, server.Contents.Count));
    }

    private RemoteUnderTest Remote(string[] rules, TableResolver? names = null) =>
        new(names, new AddressPolicy(true, new HashSet<IpAddress>()), rules, _authorities);

    private ScriptedServer Server(RemoteUnderTest remote, params string[] scripts) => Server(remote, 0, scripts);

    private ScriptedServer Server(RemoteUnderTest remote, ushort port, params string[] scripts) =>
        new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, port), scripts) { Tls = Service() };

    private TlsServer Service()
    {
        Assert.True(CertificateReader.TryRead(_paper.ChainBytes, _paper.KeyBytes, out var certificate, out var problem), problem);
        return new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
    }

    private static IpAddress Address(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        return address;
    }

    private static string Key(Paper paper) => Convert.ToHexString(SHA256.HashData(paper.Leaf.PublicKey.ExportSubjectPublicKeyInfo()));

    private static TableResolver Published(ushort port, string digest, params string[] unsigned) => new(
        "example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", $"_{port}._tcp.mx.example.org TLSA 3 1 1 {digest}")
    { Unsigned = unsigned };

    private static string Logged(RemoteUnderTest remote)
    {
        remote.Settle();
        return remote.Logged.ToString();
    }

    private static Hop To(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server) =>
        remote.Deliver(To(server), new QueuedMail(), "a@example.net").Single();
}
