using System.Text;
using Postern.Ipc;
using Postern.Ipc.Administration;
using Postern.Ipc.Wire;
using Postern.Posix.Sockets;

namespace Postern.Queue.Tests.Administration;

/// <summary>One line of the list as an administrator sees it.</summary>
internal sealed record SeenItem(ulong Message, string Recipient, RecipientCondition Condition, int Attempts, long NextAttempt, string LastText, long Arrived);

/// <summary>Plays the command line at the control socket.</summary>
internal sealed class AdministratorEnd : PeerEnd
{
    internal List<SeenItem> Items { get; } = [];

    internal ulong Deferred { get; private set; }

    internal ulong Held { get; private set; }

    internal int Recipients { get; private set; }

    internal int Messages { get; private set; }

    internal int Tried { get; private set; }

    internal bool IsAnswered { get; private set; }

    /// <summary>Connects one.</summary>
    internal static AdministratorEnd Join(QueueRig rig)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        var end = new AdministratorEnd();
        end.Channel = new Channel(rig.Loop, ours!, end);
        rig.Parts.Welcome(theirs!, administration: true);
        return end;
    }

    /// <summary>Asks one thing and leaves.</summary>
    internal static AdministratorEnd Ask<T>(QueueRig rig, T request)
        where T : IFrame<T>
    {
        var end = Join(rig);
        end.Channel.Send(request);
        rig.Turn();
        end.Channel.Dispose();
        rig.Turn();
        return end;
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == ItemFrame.Type && ItemFrame.TryRead(ref reader, out var item))
        {
            Items.Add(new SeenItem(item.Message, Encoding.ASCII.GetString(item.Recipient), item.Condition, item.Attempts, item.NextAttempt, Encoding.ASCII.GetString(item.LastText), item.Arrived));
            return true;
        }

        if (type == StatusFrame.Type && StatusFrame.TryRead(ref reader, out var status))
        {
            (Deferred, Held, IsAnswered) = (status.Deferred, status.Held, true);
            return true;
        }

        if (type == ActDoneFrame.Type && ActDoneFrame.TryRead(ref reader, out var done))
        {
            (Recipients, Messages, Tried, IsAnswered) = ((int)done.Recipients, (int)done.Messages, (int)done.Tried, true);
            return true;
        }

        return IsAnswered = type == RequestEndFrame.Type && RequestEndFrame.TryRead(ref reader, out _);
    }
}
