using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Postern.Ipc.Slices;
using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

#pragma warning disable CA5398 // Each version is tried, whatever the system would choose.
namespace Postern.Keyholder.Tests.Clients;

/// <summary>What smtpd is told of a handshake with a client of the framework.</summary>
public sealed class HandshakeTests
{
    private static readonly Paper _first = Papers.Elliptic("mx.example");
    private static readonly Paper _second = Papers.Elliptic("mail.example", "*.lists.example");

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2", "ECDHE")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3", "TLS_")]
    public void WhatWasAgreed_IsTheFirstThingThatSmtpdReads(SslProtocols version, string name, string suite)
    {
        using var rig = TlsRig.Started(false, _first);
        var (client, smtpd) = rig.Agreed(new NetManner { Versions = version });
        Assert.Equal((name, "mx.example", false, ""), (smtpd.Facts!.Version, smtpd.Facts.ServerName, smtpd.Facts.IsResumed, smtpd.Facts.Client));
        Assert.StartsWith("TLS_", smtpd.Facts.Suite, StringComparison.Ordinal);
        Assert.Contains(suite, smtpd.Facts.Suite, StringComparison.Ordinal);
        Assert.Equal(64, smtpd.Facts.Exporter.Length);
        // RFC 5929 §4.1: the digest of the certificate's own signature, here SHA-256.
        Assert.Equal(Fingerprint(_first.Leaf), smtpd.Facts.EndPoint);
        Assert.Equal(Fingerprint(_first.Leaf), client.Server);
        Assert.Empty(smtpd.Said);
    }

    [Theory]
    [InlineData("mx.example", true)]
    [InlineData("mail.example", false)]
    [InlineData("MAIL.example", false)]
    [InlineData("a.lists.example", false)]
    [InlineData("a.b.lists.example", true)]
    [InlineData("other.example", true)]
    public void TheCertificate_IsThatOfTheNameOrTheFirst(string name, bool first)
    {
        using var rig = TlsRig.Started(false, _first, _second);
        var (client, smtpd) = rig.Agreed(new NetManner { Name = name });
        Assert.Equal(Fingerprint(first ? _first.Leaf : _second.Leaf), client.Server);
        Assert.Equal(name, smtpd.Facts!.ServerName, ignoreCase: true);
    }

    [Theory]
    [InlineData(true, ServiceKind.Submission, true)]
    [InlineData(true, ServiceKind.Submissions, true)]
    // Servers have none to log in with, and some that are asked end the session.
    [InlineData(true, ServiceKind.Smtp, false)]
    [InlineData(true, ServiceKind.Lmtp, false)]
    [InlineData(false, ServiceKind.Submission, false)]
    [InlineData(false, ServiceKind.Submissions, false)]
    public void AClientsCertificate_IsAskedForWhereMailIsSubmitted(bool asks, ServiceKind service, bool isTold)
    {
        using var rig = TlsRig.Started(asks, _first);
        using var own = X509Certificate2.CreateFromPem(_second.Chain, _second.Key);
        // Keys that are only in memory are passed over by some versions of the framework.
        using var stored = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        var (client, smtpd) = rig.Agreed(new NetManner { Certificate = stored }, service);
        Assert.Equal(isTold ? Fingerprint(own) : "", smtpd.Facts!.Client);
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
    }

    [Fact]
    public void WhoIsAskedForACertificate_NeedNotHaveOne()
    {
        using var rig = TlsRig.Started(true, _first);
        Assert.Equal("", rig.Agreed(null, ServiceKind.Submission).Smtpd.Facts!.Client);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void AClientThatComesAgain_GoesOnFromItsTicketAtTheSameServiceAlone(SslProtocols version)
    {
        using var rig = TlsRig.Started(false, _first);
        // The framework keeps tickets by the name of the server: one that no other test has.
        var manner = new NetManner { Versions = version, Name = $"v{(int)version}.again.example" };
        Assert.False(Visit(rig, manner, ServiceKind.Submission).IsResumed);
        Assert.True(Visit(rig, manner, ServiceKind.Submission).IsResumed);
        Assert.False(Visit(rig, manner, ServiceKind.Submissions).IsResumed);
        Assert.False(Visit(rig, manner with { Name = "other." + manner.Name }, ServiceKind.Smtp).IsResumed);
    }

    [Fact]
    public void AClientThatSpeaksAnotherProtocol_IsRefused()
    {
        using var rig = TlsRig.Started(false, _first);
        var (client, smtpd) = rig.Take(new NetManner { Protocol = "http/1.1" });
        Assert.ThrowsAny<Exception>(() => rig.Await(client.Agree()));
        rig.Until(() => smtpd.HasEnded, smtpd);
        Assert.Null(smtpd.Facts);
        Assert.Empty(smtpd.Said);
        rig.Turn();
        Assert.Contains("info tls handshake-failed client=127.0.0.1 service=Smtp reason=", rig.Log, StringComparison.Ordinal);
    }

    private static Told Visit(TlsRig rig, NetManner manner, ServiceKind service)
    {
        var (client, smtpd) = rig.Agreed(manner, service);
        smtpd.Write("220"u8);
        rig.Await(client.Hear(3));
        rig.Await(client.End());
        rig.Until(() => smtpd.HasEnded, smtpd);
        smtpd.Dispose();
        rig.Await(client.HearAll());
        return smtpd.Facts!;
    }

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
}
