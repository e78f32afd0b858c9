using Postern.TestKit.Certificates;
using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

public sealed class ResumptionTests
{
    private static readonly Paper Shown = Papers.Elliptic("mx.example");

    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void ATicket_OpensItsOwnService(int version)
    {
        using var service = Services.Of(Policy("submission"), Shown);
        using var ticket = new Ticket(service, version);
        using var pair = new TlsPair(service, ticket.Manner).Agreed().Exchanged();
        Assert.True(pair.Facts.IsResumed);
        Assert.True(pair.Client.IsResumed);
        // Fresh keys, and so another binding (RFC 9266).
        Assert.Equal(pair.Client.Exporter, pair.Facts.Exporter);
        Assert.NotEqual(ticket.Exporter, pair.Facts.Exporter);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Shown.Leaf.RawData), pair.Facts.EndPoint);
    }

    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void ATicketOfAnotherService_IsNotTaken(int version)
    {
        using var submission = Services.Of(Policy("submission"), Shown);
        using var smtp = Services.Of(Policy("smtp"), Shown);
        using var ticket = new Ticket(submission, version);
        using var pair = new TlsPair(smtp, ticket.Manner).Agreed().Exchanged();
        Assert.False(pair.Facts.IsResumed);
        Assert.False(pair.Client.IsResumed);
    }

    // Else a stolen key would open what was said before.
    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void ATicketFromBeforeAReload_IsNotTaken(int version)
    {
        using var before = Services.Of(Policy("smtp"), Shown);
        using var after = Services.Of(Policy("smtp"), Shown);
        using var ticket = new Ticket(before, version);
        using var pair = new TlsPair(after, ticket.Manner).Agreed().Exchanged();
        Assert.False(pair.Facts.IsResumed);
    }

    [Fact]
    public void WithTwoCertificates_AResumedSessionHasNoEndPoint()
    {
        using var service = Services.Twins(Papers.Rsa("mx.example"), Shown);
        using var ticket = new Ticket(service, 0x303);
        using var pair = new TlsPair(service, ticket.Manner).Agreed().Exchanged();
        Assert.True(pair.Facts.IsResumed);
        Assert.Empty(pair.Facts.EndPoint);
    }

    // A ticket says who the client was: it must not become nobody, or somebody else.
    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void AResumedSession_HasTheFingerprintOfTheFirst(int version)
    {
        using var folder = new TestKit.Servers.Scratch();
        var client = Papers.Elliptic("client.example");
        var path = folder.Write("client.pem", client.Key + "\n" + client.Chain);
        using var service = Services.Of(new TlsPolicy { Service = "smtp", AsksForCertificate = true }, Shown);
        using var ticket = new Ticket(service, version, path);
        using var pair = new TlsPair(service, ticket.Manner).Agreed().Exchanged();
        Assert.True(pair.Facts.IsResumed);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(client.Leaf.RawData), pair.Facts.ClientFingerprint);
    }

    private static TlsPolicy Policy(string service) => new() { Service = service };

    /// <summary>What a client keeps of a session.</summary>
    private sealed class Ticket : IDisposable
    {
        private readonly int _version;
        private readonly nint _session;

        public Ticket(TlsServer service, int version, string? certificate = null)
        {
            _version = version;
            using var pair = new TlsPair(service, new ClientManner { MaxVersion = version, CertificatePath = certificate }).Agreed().Exchanged();
            Assert.False(pair.Facts.IsResumed);
            Exporter = pair.Facts.Exporter;
            _session = pair.Client.Take();
            pair.Client.End();
        }

        public byte[] Exporter { get; }

        public ClientManner Manner => new() { MaxVersion = _version, Earlier = _session };

        public void Dispose() => ClientCalls.FreeSession(_session);
    }
}
