using System.Buffers.Binary;
using System.Text;
using Postern.Ipc.Wire;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Ipc.Control;

/// <summary>One packet between posternd and a program, with a descriptor at most.</summary>
/// <remarks>
/// All have one shape, whatever they say: the only program that runs as root then has one thing to read and to write, and
/// next to no code for it. A field that a kind does not use is zero or empty; anything else is refused.
/// </remarks>
/// <param name="Kind">What it says.</param>
/// <param name="Number">
/// Which listening socket (Listener, RetireListener), which request (DeliverRequest, DeliverAnswer), which walls stand (Ready), or
/// 1 where all must (Start).
/// </param>
/// <param name="Detail">The <see cref="Peer"/>, or the <see cref="Outcome"/>.</param>
/// <param name="User">DeliverRequest: a system user's name; empty for the owner of the virtual mailboxes.</param>
public readonly record struct ControlPacket(ControlKind Kind, uint Number = 0, byte Detail = 0, string User = "")
{
    /// <summary>Longest user name: useradd(8).</summary>
    public const int MaxUser = 32;

    /// <summary>The descriptor at which a program finds its control socket.</summary>
    public const int Socket = 3;

    private const int FixedSize = 8;

    /// <summary>The program at the other end of a channel that rides along.</summary>
    public ProgramName Peer => (ProgramName)Detail;

    /// <summary>What became of a request.</summary>
    public DeliverStart Outcome => (DeliverStart)Detail;

    /// <summary>Sends it at once.</summary>
    /// <param name="control">The socket.</param>
    /// <param name="passed">What rides along; the kernel duplicates it.</param>
    /// <returns>Success or the errno; EAGAIN when the other side has stopped reading.</returns>
    public CallResult Send(int control, Descriptor? passed = null)
    {
        Span<byte> packet = stackalloc byte[FixedSize + MaxUser];
        packet[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(packet[1..], Number);
        packet[5] = Detail;
        BinaryPrimitives.WriteUInt16LittleEndian(packet[6..], (ushort)User.Length);
        var length = FixedSize + Encoding.ASCII.GetBytes(User, packet[FixedSize..]);
        return PacketSocket.Send(control, packet[..length], passed);
    }

    /// <summary>Takes one packet off a socket.</summary>
    /// <param name="control">The socket.</param>
    /// <param name="packet">What it says; nothing when false is returned.</param>
    /// <param name="passed">What rode along, for the caller to close.</param>
    /// <param name="peek">True to leave it there.</param>
    /// <returns>True for a packet, null when none waits, false when the channel is over or carries nonsense.</returns>
    public static bool? Receive(int control, out ControlPacket packet, out Descriptor? passed, bool peek = false)
    {
        Span<byte> buffer = stackalloc byte[FixedSize + MaxUser];
        var received = PacketSocket.Receive(control, buffer, out passed, peek);
        packet = default;
        return received.WouldBlock ? null : !received.Failed && TryRead(buffer[..received.Value], out packet);
    }

    /// <summary>Judges a packet's bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ControlPacket packet)
    {
        var reader = new FrameReader(bytes);
        packet = new ControlPacket(
            (ControlKind)reader.ByteUpTo((byte)ControlKind.RetireListener), reader.UInt32(), reader.Byte(), reader.Text(MaxUser));
        return reader.End() && packet.Kind != ControlKind.None && packet.IsPlain();
    }

    /// <summary>Whether the fields that this kind does not use are zero or empty, and the others within their bounds.</summary>
    private bool IsPlain()
    {
        var numbered = Kind is not (ControlKind.Slice or ControlKind.Peer or ControlKind.Stop);
        var detailed = Kind switch { ControlKind.Peer => (byte)ProgramName.Acme, ControlKind.DeliverAnswer => (byte)DeliverStart.Unavailable, _ => 0 };
        return (numbered || Number == 0) && Detail <= detailed && (Kind == ControlKind.DeliverRequest || User.Length == 0);
    }
}
