namespace Postern.Ipc.Control;

/// <summary>What a packet between posternd and a program says; the numbers stand on the wire.</summary>
public enum ControlKind
{
    /// <summary>Nothing: no packet has it.</summary>
    None = 0,

    /// <summary>posternd → program: your configuration rides along as a sealed file in memory. Sent again on a reload.</summary>
    Slice = 1,

    /// <summary>posternd → program: a listening socket rides along; it is known by the packet's number.</summary>
    Listener = 2,

    /// <summary>posternd → program: a fresh channel to another program rides along; an older one to the same is over.</summary>
    Peer = 3,

    /// <summary>posternd → program: you have all you need; open it, confine yourself, say that you are ready.</summary>
    Start = 4,

    /// <summary>posternd → program: finish what is in flight, take nothing new, and exit.</summary>
    Stop = 5,

    /// <summary>Program → posternd: serving.</summary>
    Ready = 6,

    /// <summary>local → posternd: start <c>deliver</c> for a user.</summary>
    DeliverRequest = 7,

    /// <summary>posternd → local: what became of the request with the packet's number; the channel rides along.</summary>
    DeliverAnswer = 8,

    /// <summary>posternd → program: stop accepting on the listening socket that has the packet's number.</summary>
    RetireListener = 9,
}
