using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>What passes after the handshake: every byte, as fast as the slower side takes it.</summary>
public sealed class PassingTests
{
    // More than the kernel's buffers on the way can become (tcp_rmem and tcp_wmem: 6 and 4 MiB).
    private const int Much = 16_000_000;

    private static readonly Paper _paper = Papers.Elliptic("mx.example");

    [Fact]
    public void MegabytesFromTheClient_WaitForSmtpdAndArriveWhole()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var sent = Flow.Noise(1, Much);
        var saying = client.Say(sent);
        // smtpd takes nothing: what is on the way fits into the kernel's buffers, and the client has to wait.
        Flow.Rest(rig);
        Assert.False(saying.IsCompleted);
        Assert.Equal(0, smtpd.SaidCount);
        // Then it takes little at a time.
        while (smtpd.SaidCount < 200_000)
        {
            smtpd.Read(1_000);
            rig.Turn();
        }

        rig.Await(saying, smtpd);
        rig.Until(() => smtpd.SaidCount == Much, smtpd);
        Assert.True(sent.AsSpan().SequenceEqual(smtpd.Said));
    }

    [Fact]
    public void MegabytesFromSmtpd_WaitForTheClientAndArriveWhole()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var sent = Flow.Noise(2, Much);
        var taken = Flow.Say(rig, smtpd, sent, 0);
        // The client takes nothing.
        Assert.InRange(taken, 1, Much - 1);
        var hearing = client.Hear(Much);
        while (taken < Much)
        {
            taken = Flow.Say(rig, smtpd, sent, taken);
        }

        Assert.True(sent.AsSpan().SequenceEqual(rig.Await(hearing)));
    }

    [Fact]
    public void BothWaysAtOnce_AreWhole()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = rig.Agreed();
        var (up, down) = (Flow.Noise(3, Much), Flow.Noise(4, Much));
        var (saying, taken) = (client.Say(up), 0);
        // Neither side takes anything until neither can say more.
        taken = Flow.Say(rig, smtpd, down, taken);
        Flow.Rest(rig);
        Assert.False(saying.IsCompleted);
        var hearing = client.Hear(Much);
        rig.Until(() => (taken = Flow.Say(rig, smtpd, down, taken)) == Much && smtpd.SaidCount == Much && hearing.IsCompleted, smtpd);
        Assert.True(up.AsSpan().SequenceEqual(smtpd.Said));
        Assert.True(down.AsSpan().SequenceEqual(rig.Await(hearing)));
        rig.Await(saying);
    }
}
