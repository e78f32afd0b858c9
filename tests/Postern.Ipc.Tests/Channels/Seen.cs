using Postern.Ipc.Submission;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Tests.Channels;

/// <summary>Takes two kinds of frames and notes what came; any other is hostile.</summary>
internal sealed class Seen : IChannelEvents
{
    internal List<uint> Transactions { get; } = [];

    internal long ContentBytes { get; private set; }

    internal bool Closed { get; private set; }

    internal bool Hostile { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open))
        {
            Transactions.Add(open.Transaction);
            return true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            ContentBytes += content.Bytes.Length;
            return true;
        }

        return false;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => (Closed, Hostile) = (true, hostile);
}
