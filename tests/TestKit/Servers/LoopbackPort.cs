using System.Net;
using System.Net.Sockets;

namespace Postern.TestKit.Servers;

/// <summary>Ports of the loopback interface that nobody listens at.</summary>
public static class LoopbackPort
{
    /// <summary>A port that is free now. Below the range that connections get theirs from, so that it stays free.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 30_000);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
