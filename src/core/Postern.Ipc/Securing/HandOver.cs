using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Ipc.Securing;

/// <summary>smtpd → tls: a client to do TLS with, one packet each. Its socket rides along, and the end of a pair where what it says is to go in the clear.</summary>
/// <param name="Service">What the client wanted; each has sessions of its own, which no other resumes.</param>
/// <param name="Client">Its address, for the log.</param>
public readonly record struct HandOver(ServiceKind Service, IpAddress Client)
{
    private const int Size = 1 + IpAddress.Size;

    /// <summary>Sends it at once; the kernel duplicates both sockets.</summary>
    /// <param name="channel">The line to tls, a socket of packets.</param>
    /// <param name="client">The client's socket, of which nothing is read that is not dealt with.</param>
    /// <param name="plain">The end of the pair.</param>
    /// <returns>Success or the errno; EAGAIN when tls does not keep up.</returns>
    public CallResult Send(int channel, Descriptor client, Descriptor plain)
    {
        Span<byte> packet = stackalloc byte[Size];
        packet[0] = (byte)Service;
        Client.CopyTo(packet[1..]);
        return PacketSocket.Send(channel, packet, client, plain);
    }

    /// <summary>Takes one off a socket.</summary>
    /// <param name="channel">The socket.</param>
    /// <param name="asked">What is asked; nothing unless true is returned.</param>
    /// <param name="client">The client's socket, for the caller to close.</param>
    /// <param name="plain">The end of the pair, for the caller to close.</param>
    /// <returns>True for a client, null when none waits, false when the channel is over or carries nonsense.</returns>
    public static bool? Receive(int channel, out HandOver asked, out Descriptor? client, out Descriptor? plain)
    {
        Span<byte> buffer = stackalloc byte[Size];
        asked = default;
        var received = PacketSocket.Receive(channel, buffer, out client, out plain);
        if (received.WouldBlock)
        {
            return null;
        }

        if (!received.Failed && client is not null && plain is not null && TryRead(buffer[..received.Value], out asked))
        {
            return true;
        }

        client?.Dispose();
        plain?.Dispose();
        (client, plain) = (null, null);
        return false;
    }

    /// <summary>Judges a packet's bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HandOver asked)
    {
        var reader = new FrameReader(bytes);
        var service = (ServiceKind)reader.ByteUpTo((byte)ServiceKind.Lmtp);
        var address = reader.Next(IpAddress.Size);
        asked = reader.End() ? new HandOver(service, IpAddress.FromBytes(address)) : default;
        return reader.End();
    }
}
