using System.Security.Cryptography;
using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Certificates;

/// <summary>What the program begins with: files, twins among them, or a certificate of its own making.</summary>
public sealed class StartTests
{
    [Fact]
    public void WithoutFiles_ItMakesACertificateAndSaysSo()
    {
        using var rig = TlsRig.Started();
        rig.DemandService();
        Assert.Contains("warning tls self-signed hint=", rig.Log, StringComparison.Ordinal);
        Assert.Contains("info tls certificate sha256=", rig.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateOfItsOwn_StaysTheSameForHalfADay()
    {
        using var rig = TlsRig.Started();
        var first = rig.Agreed().Client.Server;
        for (var hour = 0; hour < 11; hour++)
        {
            rig.Pass(TimeSpan.FromHours(1));
        }

        Assert.Equal(first, rig.Agreed().Client.Server);
        Assert.Equal(2, rig.Log.Split("self-signed hint=").Length);
    }

    [Fact]
    public void AFileThatCanNotBeRead_IsWhyItDoesNotStart()
    {
        using var rig = new TlsRig();
        var files = rig.Put("0", Papers.Elliptic("mx.example"));
        File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.True(rig.Configure([files]));
        Assert.Equal($"{files.Key} holds a private key that every user can read or change: chmod o= {files.Key}", rig.Program.Start());
    }

    [Fact]
    public void WithoutOpenSsl_ItDoesNotStart()
    {
        using var rig = new TlsRig("there is no libssl.so.3");
        Assert.True(rig.Configure([]));
        Assert.Equal("there is no libssl.so.3", rig.Program.Start());
    }

    [Fact]
    public void ClientsThatComeBeforeTheStart_AreServedAfterIt()
    {
        using var rig = new TlsRig();
        Assert.True(rig.Configure([]));
        rig.Connect();
        var (client, smtpd) = rig.Take();
        Assert.Null(rig.Program.Start());
        rig.Await(client.Agree(), smtpd);
        rig.Until(() => smtpd.Facts is not null, smtpd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TwinsOfTwoKinds_EachServeThoseWhoTakeThem(bool ellipticFirst)
    {
        var (elliptic, rsa) = (Papers.Elliptic("mx.example", "mail.example"), Papers.Rsa("mx.example", "mail.example"));
        using var rig = ellipticFirst ? TlsRig.Started(false, elliptic, rsa) : TlsRig.Started(false, rsa, elliptic);
        Assert.Equal(Fingerprint(elliptic), Shown(rig, "ECDSA+SHA256"));
        Assert.Equal(Fingerprint(rsa), Shown(rig, "RSA-PSS+SHA256"));
    }

    [Fact]
    public void CertificatesForOtherNames_AreNoTwins()
    {
        var (elliptic, rsa) = (Papers.Elliptic("mx.example"), Papers.Rsa("mx.example", "mail.example"));
        using var rig = TlsRig.Started(false, elliptic, rsa);
        Assert.Equal(Fingerprint(elliptic), Shown(rig, "ECDSA+SHA256"));
        Assert.Equal(Fingerprint(elliptic), rig.Agreed(new NetManner { Name = "mx.example" }).Client.Server);
        Assert.Equal(Fingerprint(rsa), rig.Agreed(new NetManner { Name = "mail.example" }).Client.Server);
    }

    [Fact]
    public void ACertificateThatEndsSoon_IsWarnedOf()
    {
        // The papers of tests have thirty days.
        using var rig = TlsRig.Started(false, Papers.Elliptic("mx.example"));
        Assert.DoesNotContain("certificate-problem", rig.Log, StringComparison.Ordinal);
        rig.Time.Advance(TimeSpan.FromDays(20));
        Assert.True(rig.Configure([rig.Put("0", Papers.Elliptic("mx.example"))]));
        Assert.Contains("ends in 9 days", rig.Log, StringComparison.Ordinal);
        rig.Time.Advance(TimeSpan.FromDays(20));
        Assert.True(rig.Configure([rig.Put("0", Papers.Elliptic("mx.example"))]));
        Assert.Contains("warning tls certificate-problem reason=\"a certificate expired at ", rig.Log, StringComparison.Ordinal);
        rig.DemandService();
    }

    [Fact]
    public void WhenItIsToldToStop_SessionsHaveTenSeconds()
    {
        var rig = TlsRig.Started();
        var (_, smtpd) = rig.Agreed();
        rig.Program.Stop();
        rig.Pass(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        smtpd.Read();
        Assert.False(smtpd.HasEnded);
        Assert.False(rig.HasStopped);
        rig.Pass(TimeSpan.FromTicks(1));
        Assert.True(rig.HasStopped);
        rig.Dispose();
    }

    [Fact]
    public void WhenItIsToldToStop_TheLastSessionIsTheEnd()
    {
        using var rig = TlsRig.Started();
        var (client, smtpd) = rig.Agreed();
        rig.Program.Stop();
        Assert.False(rig.HasStopped);
        smtpd.Dispose();
        rig.Await(client.HearAll());
        client.Dispose();
        rig.Until(() => rig.HasStopped);
    }

    /// <summary>What a client is shown that takes signatures of one kind alone.</summary>
    private static string Shown(TlsRig rig, string signatures)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        // OpenSSL's own client, by way of a socket of ours: the framework offers no choice of signatures.
        var saying = Task.Run(() => TestKit.Servers.Tool.Run(
            TestKit.Servers.Requirement.Peer("openssl"), ["s_client", "-connect", $"127.0.0.1:{port}", "-sigalgs", signatures, "-showcerts"]));
        using var near = rig.Await(listener.AcceptSocketAsync());
        var (far, smtpd) = rig.TakeRaw();
#pragma warning disable CA2025 // Both end when the client does, which is waited for.
        Task[] copying = [Copy(near, far), Copy(far, near)];
#pragma warning restore CA2025
        rig.Until(() => smtpd.Facts is not null || smtpd.HasEnded, smtpd);
        smtpd.Dispose();
        var said = rig.Await(saying).Output;
        rig.Await(Task.WhenAll(copying));
        var begin = said.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        Assert.True(begin >= 0, said);
        using var shown = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(said.AsSpan(begin));
        return shown.GetCertHashString(HashAlgorithmName.SHA256);
    }

    private static async Task Copy(System.Net.Sockets.Socket from, System.Net.Sockets.Socket to)
    {
        var buffer = new byte[16384];
        for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
        {
            await to.SendAsync(buffer.AsMemory(0, count));
        }

        to.Shutdown(System.Net.Sockets.SocketShutdown.Send);
    }

    private static string Fingerprint(Paper paper) => paper.Leaf.GetCertHashString(HashAlgorithmName.SHA256);
}
