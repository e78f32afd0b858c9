using Postern.Keyholder.Clients;
using Postern.Keyholder.Tests.Harness;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>Sockets that smtpd hands over: it may keep them, or hand over what is none, and nothing of it stays here.</summary>
[Collection<AloneInTheProcess>]
public sealed class HandedSocketTests
{
    private static readonly Paper _paper = Papers.Elliptic("mx.example");

    // The kernel watches an open socket, not a descriptor: as long as smtpd has it, closing ours ends nothing.
    [Fact]
    public void SocketsThatSmtpdKeeps_AreWatchedNoMore()
    {
        using var rig = TlsRig.Started(false, _paper);
        rig.Kept = [];
        var (client, smtpd) = Pairs(rig);
        using (client)
        using (smtpd)
        {
            rig.Pass(TlsClient.HandshakeTime);
            Assert.Equal(0, rig.ClientCount);
            AssertUnwatched(rig, client);
            AssertUnwatched(rig, smtpd);
        }
    }

    [Fact]
    public void WhatSmtpdKeepsOfAClientThatWasRefused_IsWatchedNoMore()
    {
        using var rig = TlsRig.Started(false, _paper);
        rig.Kept = [];
        var (client, smtpd) = Pairs(rig);
        using (client)
        using (smtpd)
        {
            Assert.False(Socket.Send(client.Number, "EHLO client.example\r\n"u8).Failed);
            rig.Turn();
            Assert.Contains("handshake-failed", rig.Log, StringComparison.Ordinal);
            AssertUnwatched(rig, smtpd);
            rig.Pass(TimeSpan.FromSeconds(2));
            Assert.Equal(0, rig.ClientCount);
            AssertUnwatched(rig, client);
        }
    }

    [Fact]
    public void WhatSmtpdKeepsOfASessionThatIsOver_IsWatchedNoMore()
    {
        using var rig = TlsRig.Started(false, _paper);
        rig.Kept = [];
        var (client, smtpd) = rig.Agreed();
        smtpd.EndSending();
        rig.Pass(TlsClient.PartingTime);
        Assert.Equal(0, rig.ClientCount);
        rig.Turn();
        Assert.Equal(1, client.Socket.Send("x"u8));
        Assert.False(rig.TurnOnce());
        rig.DemandService();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void WhatIsNoSocket_LeavesNothingBehind(bool isClient, bool isPlain)
    {
        using var rig = TlsRig.Started(false, _paper);
        rig.Turn();
        var before = rig.TimerCount;
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var third, out var fourth).Failed);
        using (first)
        using (third)
        {
            rig.HandOver(isClient ? second! : NoSocket(), isPlain ? fourth! : NoSocket());
            Assert.Equal((0, before), (rig.ClientCount, rig.TimerCount));
        }

        second!.Dispose();
        fourth!.Dispose();
        Assert.Contains("handshake-failed client=127.0.0.1", rig.Log, StringComparison.Ordinal);
        rig.DemandService();
    }

    // It stands in line for a step of its handshake when its time is up, and somebody else gets the number of its socket.
    [Fact]
    public void ClientThatIsClosedWhileItWaitsForItsTurn_LeavesTheNumberAlone()
    {
        using var rig = TlsRig.Started(false, _paper);
        var (client, smtpd) = Pairs(rig);
        List<(Descriptor Ours, Descriptor Theirs)> others = [];
        using (client)
        using (smtpd)
        {
            // A session begins, and has not yet got all of a ClientHello.
            Assert.False(Socket.Send(client.Number, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).Failed);
            rig.Turn();
            Assert.False(Socket.EndSending(smtpd.Number).Failed);
            rig.Turn();
            rig.Loop.CreateTimer(() => Fill(others)).Set(TlsClient.PartingTime + TimeSpan.FromTicks(1));
            Assert.False(Socket.Send(client.Number, new byte[10]).Failed);
            rig.Time.Advance(TlsClient.PartingTime + TimeSpan.FromTicks(1));
            rig.Turn();
        }

        Assert.NotEmpty(others);
        foreach (var (ours, theirs) in others)
        {
            var buffer = new byte[4];
            Assert.Equal(1, Socket.Receive(theirs.Number, buffer).Value);
            Assert.Equal(1, Socket.Receive(ours.Number, buffer).Value);
            ours.Dispose();
            theirs.Dispose();
        }

        Assert.Equal(0, rig.ClientCount);
        rig.DemandService();
    }

    /// <summary>Hands over two pairs; what is returned are the ends of the client and of smtpd.</summary>
    private static (Descriptor Client, Descriptor Smtpd) Pairs(TlsRig rig)
    {
        Assert.False(Socket.OpenPair(packets: false, out var client, out var accepted).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var near, out var far).Failed);
        rig.HandOver(accepted!, far!);
        return (client!, near!);
    }

    private static void AssertUnwatched(TlsRig rig, Descriptor other)
    {
        rig.Turn();
        Assert.False(Socket.Send(other.Number, "x"u8).Failed);
        // Were it watched, the kernel would have something to report.
        Assert.False(rig.TurnOnce());
    }

    /// <summary>Opens as many sockets as take every number that is free, and puts something into each of them.</summary>
    private static void Fill(List<(Descriptor Ours, Descriptor Theirs)> others)
    {
        while (others.Count < 64)
        {
            Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
            Assert.False(Socket.Send(ours!.Number, "x"u8).Failed);
            Assert.False(Socket.Send(theirs!.Number, "x"u8).Failed);
            others.Add((ours, theirs));
        }
    }

    private static Descriptor NoSocket()
    {
        Assert.False(ReadOnlyFile.ReadHead("/etc/passwd", new byte[1], out var file).Failed);
        return file!;
    }
}
