using System.Buffers.Binary;
using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.TestKit;

namespace Postern.Fuzz.Frames;

/// <summary>A channel over real sockets: the same frames however the bytes come, and a frame that is too long ends it as hostile.</summary>
internal static class ChannelTarget
{
    internal static void Run(ReadOnlySpan<byte> input) => Demand.Equal(Reference(input), Pieces.SameHoweverCut(input, Read), "the frames");

    private static string Read(IReadOnlyList<byte[]> pieces)
    {
        var seen = new Seen();
        using var loop = new EventLoop(TimeProvider.System);
        void Turn()
        {
            while (loop.RunTurn(wait: false))
            {
            }
        }
        using (var end = new WildEnd(Turn, descriptor => _ = new Channel(loop, descriptor, seen)))
        {
            foreach (byte[] piece in pieces) end.Send(piece, read: false);
        }
        Turn();
        return seen.Text.ToString();
    }

    private static string Reference(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (bytes.Length >= FrameLimits.HeaderSize)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length > FrameLimits.MaxPayload) return text.Append("hostile").ToString();
            if (length > bytes.Length - FrameLimits.HeaderSize) break;
            Add(text, BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]), bytes.Slice(FrameLimits.HeaderSize, (int)length));
            bytes = bytes[(FrameLimits.HeaderSize + (int)length)..];
        }
        return text.Append("closed").ToString();
    }

    private static void Add(StringBuilder text, ushort type, ReadOnlySpan<byte> payload) => text.Append(type).Append(' ').Append(Convert.ToHexString(payload)).Append('\n');

    private sealed class Seen : IChannelEvents
    {
        internal StringBuilder Text { get; } = new();

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
        {
            Add(Text, type, reader.Rest(FrameLimits.MaxPayload));
            return true;
        }

        public void OnChannelClosed(Channel channel, bool hostile) => Text.Append(hostile ? "hostile" : "closed");
    }
}
