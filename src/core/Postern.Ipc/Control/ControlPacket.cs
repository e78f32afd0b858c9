using System.Buffers.Binary;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Control;

/// <summary>Sends and splits the packets between posternd and a program: one frame each, a descriptor at most.</summary>
public static class ControlPacket
{
    /// <summary>No control frame comes near this size.</summary>
    public const int MaxSize = 256;

    /// <summary>The descriptor at which a program finds its control socket.</summary>
    public const int Number = 3;

    /// <summary>Sends one frame at once.</summary>
    /// <returns>Success or the errno; EAGAIN when the other side has stopped reading.</returns>
    public static CallResult Send<T>(int control, T frame, Descriptor? passed)
        where T : IFrame<T>
    {
        var queue = new ByteQueue();
        var writer = new FrameWriter(queue, T.Type);
        frame.Write(writer);
        writer.End();
        return PacketSocket.Send(control, queue.Span, passed);
    }

    /// <summary>Takes a packet apart; false when its length does not match its header.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> packet, out ushort type, out FrameReader reader)
    {
        type = 0;
        reader = default;
        if (packet.Length < FrameLimits.HeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(packet) != (uint)(packet.Length - FrameLimits.HeaderSize))
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(packet[4..]);
        reader = new FrameReader(packet[FrameLimits.HeaderSize..]);
        return true;
    }
}
