using System.Buffers.Binary;
using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Control;

namespace Postern.Fuzz.Frames;

/// <summary>The packets between posternd and its programs: one that is accepted has exactly one form.</summary>
internal static class ControlTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (!ControlPacket.TryRead(input, out var packet)) return;
        byte[] written = new byte[8 + packet.User.Length];
        written[0] = (byte)packet.Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(written.AsSpan(1), packet.Number);
        written[5] = packet.Detail;
        BinaryPrimitives.WriteUInt16LittleEndian(written.AsSpan(6), (ushort)packet.User.Length);
        Encoding.ASCII.GetBytes(packet.User, written.AsSpan(8));
        Demand.Same(input, written, "the packet written");
        Demand.That(Enum.IsDefined(packet.Kind) && packet.Kind != ControlKind.None, "a kind that does not exist");
        Demand.That(packet.User.Length == 0 || packet.Kind == ControlKind.DeliverRequest, "a user where none belongs");
        Demand.That(packet.User.Length <= ControlPacket.MaxUser && packet.User.All(letter => letter is >= ' ' and <= '~'), "a user's name that is none");
        if (packet.Kind == ControlKind.Peer) Demand.That(Enum.IsDefined(packet.Peer), "a program that does not exist");
        if (packet.Kind == ControlKind.DeliverAnswer) Demand.That(Enum.IsDefined(packet.Outcome), "an outcome that does not exist");
    }
}
