using Postern.Keyholder.Tests.Harness;
using Postern.TestKit.Certificates;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>Runs while no other test of the process does: what they hold would be measured, too.</summary>
[CollectionDefinition(DisableParallelization = true)]
public class AloneInTheProcess;

/// <summary>What those cost who wait for a slow side.</summary>
[Collection<AloneInTheProcess>]
public class MemoryTests
{
    // More than the kernel's buffers on the way can become (tcp_rmem and tcp_wmem: 6 and 4 MiB).
    private const int Much = 16_000_000;

    [Fact]
    public void WhatWaits_IsAPieceForEachClient()
    {
        using var rig = TlsRig.Started(false, Papers.Elliptic("mx.example"));
        var stalled = Enumerable.Range(0, 50).Select(_ => rig.Agreed()).ToArray();
        var sent = Flow.Noise(5, Much);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var saying = stalled.Select(one => one.Client.Say(sent)).ToArray();
        foreach (var (_, smtpd) in stalled)
        {
            Flow.Say(rig, smtpd, sent, 0);
        }

        Flow.Rest(rig);
        Assert.All(saying, one => Assert.False(one.IsCompleted));
        // Each way a piece of 16 KiB, and the buffers of the framework's clients, who live here too: next to nothing of 32 MB.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, stalled.Length * 10 * 16 * 1024);
    }

    [Fact]
    public void ClientsThatSayNothing_HaveNoSession()
    {
        using var rig = TlsRig.Started(false, Papers.Elliptic("mx.example"));
        rig.DemandService();
        var before = Resident();
        var silent = Enumerable.Range(0, 300).Select(_ => rig.TakeRaw()).ToArray();
        // A session of OpenSSL's has some 10 KiB, none of which the collector knows.
        Assert.InRange(Resident() - before, long.MinValue, silent.Length * 8 * 1024);
        rig.DemandService();
        rig.Pass(Postern.Keyholder.Clients.TlsClient.HandshakeTime);
        rig.Until(() => silent.All(one => one.Smtpd.HasEnded), [.. silent.Select(one => one.Smtpd)]);
    }

    private static long Resident()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }
}
