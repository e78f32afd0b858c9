using Postern.Ipc.Wire;

namespace Postern.Ipc.Control;

/// <summary>posternd → program: your configuration rides along as a sealed file in memory. Sent again on a reload.</summary>
public readonly record struct SliceFrame : IFrame<SliceFrame>
{
    public static ushort Type => 1;

    public void Write(scoped in FrameWriter writer)
    {
    }

    public static bool TryRead(ref FrameReader reader, out SliceFrame frame)
    {
        frame = default;
        return reader.End();
    }
}

/// <summary>posternd → program: a listening socket rides along.</summary>
/// <param name="Index">Which one, by its place in the program's own slice.</param>
public readonly record struct ListenerFrame(ushort Index) : IFrame<ListenerFrame>
{
    public static ushort Type => 2;

    public void Write(scoped in FrameWriter writer) => writer.UInt16(Index);

    public static bool TryRead(ref FrameReader reader, out ListenerFrame frame)
    {
        frame = new ListenerFrame(reader.UInt16());
        return reader.End();
    }
}

/// <summary>posternd → program: a fresh channel to another program rides along; an older one to the same is over.</summary>
/// <param name="Peer">The program at the other end.</param>
/// <param name="Instance">Which of several.</param>
public readonly record struct PeerFrame(ProgramName Peer, byte Instance) : IFrame<PeerFrame>
{
    public static ushort Type => 3;

    public void Write(scoped in FrameWriter writer)
    {
        writer.Byte((byte)Peer);
        writer.Byte(Instance);
    }

    public static bool TryRead(ref FrameReader reader, out PeerFrame frame)
    {
        frame = new PeerFrame((ProgramName)reader.ByteUpTo((byte)ProgramName.Bounce), reader.Byte());
        return reader.End();
    }
}

/// <summary>posternd → program: you have all you need; open it, confine yourself, say that you are ready.</summary>
public readonly record struct StartFrame : IFrame<StartFrame>
{
    public static ushort Type => 4;

    public void Write(scoped in FrameWriter writer)
    {
    }

    public static bool TryRead(ref FrameReader reader, out StartFrame frame)
    {
        frame = default;
        return reader.End();
    }
}

/// <summary>posternd → program: finish what is in flight, take nothing new, and exit.</summary>
public readonly record struct StopFrame : IFrame<StopFrame>
{
    public static ushort Type => 5;

    public void Write(scoped in FrameWriter writer)
    {
    }

    public static bool TryRead(ref FrameReader reader, out StopFrame frame)
    {
        frame = default;
        return reader.End();
    }
}

/// <summary>Program → posternd: serving.</summary>
public readonly record struct ReadyFrame : IFrame<ReadyFrame>
{
    public static ushort Type => 6;

    public void Write(scoped in FrameWriter writer)
    {
    }

    public static bool TryRead(ref FrameReader reader, out ReadyFrame frame)
    {
        frame = default;
        return reader.End();
    }
}

/// <summary>local → posternd: start (or reach) <c>deliver</c> for a user.</summary>
/// <param name="Id">Echoed in the answer.</param>
/// <param name="User">A system user's name; empty for the owner of the virtual mailboxes.</param>
public readonly record struct DeliverRequestFrame(uint Id, string User) : IFrame<DeliverRequestFrame>
{
    /// <summary>Longest user name: useradd(8).</summary>
    public const int MaxUser = 32;

    public static ushort Type => 7;

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Id);
        writer.Text(User);
    }

    public static bool TryRead(ref FrameReader reader, out DeliverRequestFrame frame)
    {
        frame = new DeliverRequestFrame(reader.UInt32(), reader.Text(MaxUser));
        return reader.End();
    }
}

/// <summary>What became of a request for <c>deliver</c>.</summary>
public enum DeliverStart
{
    /// <summary>Started; the channel to it rides along.</summary>
    Started = 0,

    /// <summary>No such user in the password file.</summary>
    NoUser = 1,

    /// <summary>Root, a system account, or not the caller in an unprivileged server.</summary>
    Forbidden = 2,

    /// <summary>The system could not start it now.</summary>
    Unavailable = 3,
}

/// <summary>posternd → local: the answer, with a channel when it started.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Outcome">What became of it.</param>
public readonly record struct DeliverAnswerFrame(uint Id, DeliverStart Outcome) : IFrame<DeliverAnswerFrame>
{
    public static ushort Type => 8;

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Id);
        writer.Byte((byte)Outcome);
    }

    public static bool TryRead(ref FrameReader reader, out DeliverAnswerFrame frame)
    {
        frame = new DeliverAnswerFrame(reader.UInt32(), (DeliverStart)reader.ByteUpTo((byte)DeliverStart.Unavailable));
        return reader.End();
    }
}

/// <summary>posternd → program: stop accepting on a listening socket that the new configuration no longer has.</summary>
/// <param name="Index">The number that it was handed over with.</param>
public readonly record struct RetireListenerFrame(ushort Index) : IFrame<RetireListenerFrame>
{
    public static ushort Type => 9;

    public void Write(scoped in FrameWriter writer) => writer.UInt16(Index);

    public static bool TryRead(ref FrameReader reader, out RetireListenerFrame frame)
    {
        frame = new RetireListenerFrame(reader.UInt16());
        return reader.End();
    }
}
