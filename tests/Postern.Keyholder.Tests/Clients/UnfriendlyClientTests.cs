using System.Text;
using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>Those who come and do not shake hands, each of whom loses his own connection and nothing else (C9, C16).</summary>
public sealed class UnfriendlyClientTests
{
    private static readonly Paper _paper = Papers.Elliptic("mx.example");
    private static readonly TimeSpan _handshakeTime = TimeSpan.FromSeconds(30);

    [Fact]
    public void AClientThatSaysNothing_IsGoneAfterHalfAMinute()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (_, smtpd) = rig.TakeRaw();
        rig.Pass(_handshakeTime - TimeSpan.FromTicks(1));
        smtpd.Read();
        Assert.False(smtpd.HasEnded);
        rig.Pass(TimeSpan.FromTicks(1));
        AssertRefused(rig, smtpd, "the handshake took too long");
    }

    [Fact]
    public void AClientThatSaysAByteASecond_HasNoMoreTimeThanAnother()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.TakeRaw();
        // A ClientHello of 512 octets, of which the first come.
        byte[] hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. new byte[501]];
        for (var second = 0; second < 30; second++)
        {
            smtpd.Read();
            Assert.False(smtpd.HasEnded);
            client.Send(hello.AsSpan(second, 1));
            rig.Pass(TimeSpan.FromSeconds(1));
        }

        AssertRefused(rig, smtpd, "the handshake took too long");
    }

    [Fact]
    public void AClientThatEndsInTheMiddle_IsNoLongerWaitedFor()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.TakeRaw();
        client.Send([0x16, 3, 1, 2, 0, 1, 0]);
        client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        AssertRefused(rig, smtpd, "");
    }

    [Theory]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff")]
    [InlineData("\u0016\u0003\u0001\0\u0004\u0001\0\0\0")]
    [InlineData("\u0080\u002e\u0001\0\u0002")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void Garbage_EndsTheConnectionAndNothingIsSaidInTheClear(string garbage)
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.TakeRaw();
        client.Send(Encoding.Latin1.GetBytes(garbage));
        client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        AssertRefused(rig, smtpd, "");
        var heard = new byte[1000];
        var count = Heard(client, heard);
        // An alert at the most (RFC 8446 §6), whatever smtpd would have to say.
        Assert.True(count == 0 || (count == 7 && heard[0] == 0x15), $"{count} {heard[0]}");
    }

    [Fact]
    public void RandomBytes_NeverBecomeASession()
    {
        using var rig = TlsRig.Started(false, _paper);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (client, smtpd) = rig.TakeRaw();
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            // Half of them begin as a record of a handshake does.
            if (seed % 2 == 0 && bytes.Length > 9)
            {
                new byte[] { 0x16, 3, 1, (byte)((bytes.Length - 5) >> 8), (byte)((bytes.Length - 5) & 255), 1, 0, (byte)((bytes.Length - 9) >> 8), (byte)((bytes.Length - 9) & 255) }.CopyTo(bytes, 0);
            }

            client.Send(bytes);
            client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            rig.Until(() => smtpd.HasEnded, smtpd);
            Assert.Null(smtpd.Facts);
            Assert.Empty(smtpd.Said);
        }

        rig.DemandService();
    }

    [Fact]
    public void WhenSmtpdIsGoneBeforeTheHandshake_TheClientLosesItsConnection()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Take();
        smtpd.Dispose();
        var agreeing = client.Agree();
        // TLS 1.3 is done for a client before the server has its last word.
        rig.Until(() => agreeing.IsCompleted);
        Assert.True(agreeing.IsFaulted || Record.Exception(() => rig.Await(client.HearAll())) is not null || client.Socket.Available == 0);
        Flow.AssertClosed(rig, client);
        rig.DemandService();
    }

    [Fact]
    public void HundredsAtOnce_AreAllServed()
    {
        const int Many = 300;
        using var rig = TlsRig.Started(false, _paper);
        var clients = Enumerable.Range(0, Many).Select(_ => rig.Take()).ToArray();
        Handed[] smtpd = [.. clients.Select(one => one.Smtpd)];
        var talking = clients.Select((one, number) => Talk(one.Client, number)).ToArray();
        var answered = new bool[Many];
        rig.Until(
            () =>
            {
                for (var i = 0; i < Many; i++)
                {
                    answered[i] |= smtpd[i].SaidCount == 4 && smtpd[i].Write(smtpd[i].Said) == 4;
                }

                return talking.All(one => one.IsCompleted);
            },
            smtpd);
        // Nobody hears what another said.
        Assert.Equal(Enumerable.Range(0, Many), talking.Select(one => one.GetAwaiter().GetResult()));
    }

    private static async Task<int> Talk(NetClient client, int number)
    {
        await client.Agree();
        await client.Say(BitConverter.GetBytes(number));
        return BitConverter.ToInt32(await client.Hear(4));
    }

    private static void AssertRefused(TlsRig rig, Handed smtpd, string reason)
    {
        rig.Until(() => smtpd.HasEnded, smtpd);
        Assert.Null(smtpd.Facts);
        Assert.Empty(smtpd.Said);
        rig.Turn();
        Assert.Contains($"info tls handshake-failed client=127.0.0.1 service=Smtp reason=\"{reason}", rig.Log, StringComparison.Ordinal);
        rig.DemandService();
    }

    private static int Heard(System.Net.Sockets.Socket client, byte[] buffer)
    {
        try
        {
            return client.Receive(buffer);
        }
        catch (System.Net.Sockets.SocketException reset) when (reset.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
