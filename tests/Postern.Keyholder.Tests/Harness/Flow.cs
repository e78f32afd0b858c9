namespace Postern.Keyholder.Tests.Harness;

/// <summary>Bytes on their way.</summary>
internal static class Flow
{
    /// <summary>Bytes that are hard to confuse.</summary>
    internal static byte[] Noise(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Says as much as is taken; returns where it got to.</summary>
    internal static int Say(TlsRig rig, Handed smtpd, byte[] bytes, int from)
    {
        for (var refused = 0; from < bytes.Length && refused < 3;)
        {
            var taken = smtpd.Write(bytes.AsSpan(from));
            from += taken;
            refused = taken == 0 ? refused + 1 : 0;
            rig.Turn();
        }

        return from;
    }

    /// <summary>Runs the loop until nothing moves any more, the clients' own threads included.</summary>
    internal static void Rest(TlsRig rig)
    {
        var quiet = System.Diagnostics.Stopwatch.StartNew();
        while (quiet.ElapsedMilliseconds < 200)
        {
            if (rig.TurnOnce())
            {
                quiet.Restart();
            }

            Thread.Yield();
        }
    }

    /// <summary>The client's connection is closed on our side, in whatever way.</summary>
    internal static void AssertClosed(TlsRig rig, NetClient client) => rig.Until(() =>
    {
        try
        {
            return client.Socket.Poll(0, System.Net.Sockets.SelectMode.SelectRead) && client.Socket.Receive(new byte[65536], System.Net.Sockets.SocketFlags.None) == 0;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    });
}
