using System.Security.Cryptography;
using Postern.Posix.Sockets;
using Postern.TestKit.Certificates;
using Postern.Tls.Harness;
using Postern.Tls.Native;
using Postern.Tls.Sessions;

namespace Postern.Tls.Tests.Sessions;

public sealed class ClientTests
{
    static ClientTests() => Assert.Null(OpenSsl.Open());

    [Fact]
    public void ServerKnownByNothing_IsTakenAsItIs()
    {
        using var service = Services.Plain();
        using var client = new TlsClient(null);
        using var pair = new ClientPair(service, client, new TlsExpectation { ServerName = "other.example" });
        var facts = pair.Agreed();
        Assert.Equal(("TLSv1.3", TlsVerdict.NotAsked), (facts.Version, facts.Verdict));
        Assert.Equal("other.example"u8, pair.Server.Facts!.ServerName);
        Assert.Equal(new TlsOutcome(TlsStatus.Done, 3), pair.Client.Write("abc"u8));
        var read = new byte[10];
        Assert.Equal(new TlsOutcome(TlsStatus.Done, 3), pair.Server.Read(read));
        Assert.Equal(TlsStatus.Done, pair.Server.End());
        Assert.Equal(TlsStatus.Ended, pair.Client.Read(read).Status);
    }

    [Fact]
    public void WhatBindsALogin_IsTheSameAtBothEnds()
    {
        using var service = Services.Plain();
        using var client = new TlsClient(null);
        using var pair = new ClientPair(service, client, new TlsExpectation { ServerName = null });
        var facts = pair.Agreed();
        Assert.Equal((32, 32), (facts.Exporter.Length, facts.EndPoint.Length));
        Assert.Equal(pair.Server.Facts!.Exporter, facts.Exporter);
        Assert.Equal(pair.Server.Facts!.EndPoint, facts.EndPoint);
    }

    [Fact]
    public void WithoutNames_NoneIsTold()
    {
        using var service = Services.Plain();
        using var client = new TlsClient(null);
        using var pair = new ClientPair(service, client, new TlsExpectation { ServerName = null });
        Assert.Equal(TlsVerdict.NotAsked, pair.Agreed().Verdict);
        Assert.Empty(pair.Server.Facts!.ServerName);
    }

    [Theory]
    [InlineData(3, 1, 1, "mx.example")]
    [InlineData(3, 1, 2, "mx.example")]
    [InlineData(3, 1, 0, "mx.example")]
    [InlineData(3, 0, 1, "mx.example")]
    [InlineData(3, 0, 2, "mx.example")]
    [InlineData(3, 0, 0, "mx.example")]
    // RFC 7672 §3.1.1: the name on the certificate does not count then.
    [InlineData(3, 1, 1, "quite.other.example")]
    public void AssociationThatFits_IsKnown(byte usage, byte selector, byte matching, string name)
    {
        var paper = Papers.Elliptic("mx.example");
        var association = new TlsAssociation(usage, selector, matching, Match(paper, selector, matching));
        Assert.Equal(TlsVerdict.Known, VerdictOf(paper, Associated([name], association)));
    }

    [Fact]
    public void AssociationOfAnExpiredCertificate_IsKnown()
    {
        var paper = Papers.Of(["mx.example"], ECDsa.Create(ECCurve.NamedCurves.nistP256), days: -5);
        Assert.Equal(TlsVerdict.Known, VerdictOf(paper, Associated(["mx.example"], new TlsAssociation(3, 1, 1, Match(paper, 1, 1)))));
    }

    [Fact]
    public void AssociationOfAnother_IsNotAssociated()
    {
        var (paper, other) = (Papers.Elliptic("mx.example"), Papers.Elliptic("mx.example"));
        var wrong = new TlsAssociation(3, 1, 1, Match(other, 1, 1));
        Assert.Equal(TlsVerdict.NotAssociated, VerdictOf(paper, Associated(["mx.example"], wrong)));
        // One that fits among others that don't suffices.
        var right = new TlsAssociation(3, 1, 1, Match(paper, 1, 1));
        Assert.Equal(TlsVerdict.Known, VerdictOf(paper, Associated(["mx.example"], wrong, right)));
    }

    [Theory]
    [InlineData(TlsVerdict.Known, "mx.example")]
    [InlineData(TlsVerdict.Known, "example", "mx.example")]
    [InlineData(TlsVerdict.OtherName, "example", "other.example")]
    [InlineData(TlsVerdict.OtherName, "example")]
    public void AssociationOfAnAuthority_CountsForTheNamesAlone(TlsVerdict verdict, params string[] names)
    {
        var paper = Papers.Issued("mx.example");
        var association = new TlsAssociation(2, 0, 1, SHA256.HashData(paper.Middle!.RawData));
        Assert.Equal(verdict, VerdictOf(paper, Associated(names, association)));
    }

    [Fact]
    public void AssociationOfAnAuthority_DoesNotOutliveTheCertificate()
    {
        var paper = Papers.Issued("mx.example", days: -1);
        var association = new TlsAssociation(2, 0, 1, SHA256.HashData(paper.Middle!.RawData));
        Assert.Equal(TlsVerdict.Expired, VerdictOf(paper, Associated(["mx.example"], association)));
    }

    [Theory]
    [InlineData(0, 1, 1, 32)] // Of web authorities, not for mail (RFC 7672 §3.1.3).
    [InlineData(1, 1, 1, 32)]
    [InlineData(4, 1, 1, 32)]
    [InlineData(3, 2, 1, 32)]
    [InlineData(3, 1, 3, 32)]
    [InlineData(3, 1, 1, 31)]
    [InlineData(3, 1, 2, 32)]
    public void AssociationThatIsOfNoUse_GivesNoSession(byte usage, byte selector, byte matching, int length)
    {
        using var service = Services.Plain();
        using var client = new TlsClient(null);
        var useless = new TlsAssociation(usage, selector, matching, new byte[length]);
        Assert.False(useless.IsUsable);
        Assert.Throws<InvalidOperationException>(() => new ClientPair(service, client, Associated(["mx.example"], useless)));
    }

    [Theory]
    [InlineData(TlsVerdict.Known, "mx.example", "mx.example")]
    [InlineData(TlsVerdict.Known, "*.example.org", "mx.example.org")]
    [InlineData(TlsVerdict.OtherName, "*.example.org", "a.mx.example.org")]
    [InlineData(TlsVerdict.OtherName, "m*.example.org", "mx.example.org")]
    [InlineData(TlsVerdict.OtherName, "mx.example", "other.example")]
    [InlineData(TlsVerdict.OtherName, "mx.example", "example")]
    public void AuthorityThatIsTrusted_VouchesForItsNames(TlsVerdict verdict, string onCertificate, string expected)
    {
        var paper = Papers.Issued(onCertificate);
        Assert.Equal(verdict, VerdictOf(paper, Vouched(expected), paper));
    }

    [Fact]
    public void NameWithADotBeforeIt_MeansThoseBelow()
    {
        var paper = Papers.Issued("mx.example.org");
        Assert.Equal(TlsVerdict.Known, VerdictOf(paper, Vouched("mx.example.org") with { Names = ["example.org", ".example.org"] }, paper));
        Assert.Equal(TlsVerdict.OtherName, VerdictOf(paper, Vouched("mx.example.org") with { Names = ["example.org", ".x.example.org"] }, paper));
    }

    [Fact]
    public void AuthorityThatIsTrusted_DoesNotVouchForWhatIsOver()
    {
        var paper = Papers.Issued("mx.example", days: -1);
        Assert.Equal(TlsVerdict.Expired, VerdictOf(paper, Vouched("mx.example"), paper));
    }

    [Fact]
    public void AuthorityThatIsNotTrusted_VouchesForNothing()
    {
        var other = Papers.Issued("x.example", root: "Another");
        Assert.Equal(TlsVerdict.NotVouchedFor, VerdictOf(Papers.Issued("mx.example"), Vouched("mx.example"), other));
        Assert.Equal(TlsVerdict.NotVouchedFor, VerdictOf(Papers.Elliptic("mx.example"), Vouched("mx.example"), other));
    }

    [Fact]
    public void FileOfAuthoritiesThatIsNotThere_GivesNoSession()
    {
        using var service = Services.Plain();
        foreach (var path in new[] { null, "/nowhere/authorities" })
        {
            using var client = new TlsClient(path);
            Assert.Throws<InvalidOperationException>(() => new ClientPair(service, client, Vouched("mx.example")));
            using var other = new ClientPair(service, client, new TlsExpectation { ServerName = null });
            Assert.Equal(TlsVerdict.NotAsked, other.Agreed().Verdict);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0046")]
    [InlineData("")]
    public void WhatIsNoServer_Fails(string says)
    {
        using var client = new TlsClient(null);
        Assert.False(Socket.OpenPair(packets: false, out var near, out var far).Failed);
        using (near)
        {
            using var session = new TlsSession(client, new TlsExpectation { ServerName = null }, near!.Number);
            Assert.Equal(TlsStatus.WantsRead, session.Handshake());
            using (far)
            {
                _ = Socket.Send(far!.Number, System.Text.Encoding.Latin1.GetBytes(says));
            }

            Assert.Equal(TlsStatus.Failed, session.Handshake());
            Assert.Null(session.Facts);
            Assert.NotNull(session.Failure);
        }
    }

    private static TlsVerdict VerdictOf(Paper paper, TlsExpectation expectation, Paper? trusted = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, trusted?.Root!.ExportCertificatePem());
            using var service = Services.Of(null, paper);
            using var client = new TlsClient(path);
            using var pair = new ClientPair(service, client, expectation);
            return pair.Agreed().Verdict;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static TlsExpectation Vouched(string name) => new() { ServerName = name, Names = [name], Assurance = TlsAssurance.Authority };

    private static TlsExpectation Associated(string[] names, params TlsAssociation[] associations) =>
        new() { ServerName = names[0], Names = names, Assurance = TlsAssurance.Association, Associations = associations };

    private static byte[] Match(Paper paper, byte selector, byte matching)
    {
        var whole = selector == 0 ? paper.Leaf.RawData : paper.Leaf.PublicKey.ExportSubjectPublicKeyInfo();
        return matching switch { 0 => whole, 1 => SHA256.HashData(whole), _ => SHA512.HashData(whole) };
    }
}
