using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Keyholder.Tests.Harness;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>An smtpd that was taken over: it may hand clients over, and what else it sends costs it the line and nobody anything.</summary>
[Collection<AloneInTheProcess>]
public sealed class HandOverLineTests
{
    private static readonly Paper _paper = Papers.Elliptic("mx.example");

    /// <summary>What is wrong: the size of the packet, and how many descriptors ride along.</summary>
    public static TheoryData<int, int> Wrong => new()
    {
        { 0, 2 }, { 1, 2 }, { 16, 2 }, { 18, 2 }, { 1000, 2 }, { 17, 0 }, { 17, 1 }, { 0, 0 }, { 0, 1 }, { 4000, 0 }, { 18, 1 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void PacketThatIsNone_ClosesTheLineAndLetsClientsGoOn(int size, int descriptors)
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var open = Open();
        Assert.False(Send(rig.Line, new byte[size], descriptors).Failed);
        rig.Turn();
        AssertLost(rig);
        // Nothing of what rode along stays open; the program's end of the line went, too.
        Assert.Equal(open - 1, Open());
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
        rig.Connect();
        rig.DemandService();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(255)]
    public void AServiceThatIsNone_ClosesTheLine(byte service)
    {
        using var rig = TlsRig.Started(false, _paper);
        var packet = new byte[17];
        packet[0] = service;
        Assert.False(Send(rig.Line, packet, 2).Failed);
        rig.Turn();
        AssertLost(rig);
    }

    [Fact]
    public void ALineThatIsLostForGood_EndsTheProgram()
    {
        using var rig = TlsRig.Started(false, _paper);
        rig.Line.Dispose();
        rig.Turn();
        rig.Pass(Role.StandingLinks.Patience - TimeSpan.FromTicks(1));
        Assert.False(rig.HasStopped);
        rig.Pass(TimeSpan.FromTicks(1));
        Assert.True(rig.HasStopped);
        Assert.NotEqual(0, rig.EndCode);
    }

    [Fact]
    public void AFreshLine_TakesTheOldOnesPlaceAndSessionsGoOn()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        rig.Connect();
        rig.Pass(Role.StandingLinks.Patience);
        Assert.False(rig.HasStopped);
        Assert.DoesNotContain("channel-lost", rig.Log, StringComparison.Ordinal);
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
        rig.DemandService();
    }

    [Fact]
    public void DescriptorsThatAreNoSockets_AreNoClients()
    {
        using var rig = TlsRig.Started(false, _paper);
        Assert.False(Posix.Processes.ReadOnlyFile.ReadHead("/etc/passwd", new byte[1], out var first).Failed);
        Assert.False(Posix.Processes.ReadOnlyFile.ReadHead("/etc/passwd", new byte[1], out var second).Failed);
        using (first)
        using (second)
        {
            Assert.False(new HandOver(ServiceKind.Smtp, rig.Client).Send(rig.Line.Number, first!, second!).Failed);
            rig.Turn();
        }

        rig.DemandService();
    }

    [Fact]
    public void WildPackets_BreakNothing()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var open = Open();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            for (var packets = random.Next(1, 5); packets > 0; packets--)
            {
                var packet = new byte[random.Next(2) == 0 ? 17 : random.Next(40)];
                random.NextBytes(packet);
                if (packet.Length > 0 && random.Next(2) == 0)
                {
                    packet[0] = (byte)random.Next(5);
                }

                _ = Send(rig.Line, packet, random.Next(3));
                rig.Turn();
            }

            rig.Connect();
        }

        // Some of them were well-formed: a client at both ends of which nobody is.
        rig.Pass(Keyholder.Clients.TlsClient.HandshakeTime);
        rig.Until(() => Open() == open);
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
        rig.DemandService();
    }

    private static void AssertLost(TlsRig rig)
    {
        Assert.Contains("warning tls channel-lost peer=smtpd", rig.Log, StringComparison.Ordinal);
        Assert.False(Socket.Receive(rig.Line.Number, new byte[1]).WouldBlock);
    }

    /// <summary>Sends a packet with ends of pairs, whose other ends are closed at once.</summary>
    private static CallResult Send(Descriptor line, byte[] packet, int descriptors)
    {
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        using (first)
        using (second)
        {
            return descriptors == 2 ? PacketSocket.Send(line.Number, packet, first!, second!)
                : PacketSocket.Send(line.Number, packet, descriptors == 1 ? first : null);
        }
    }

    private static int Open() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
