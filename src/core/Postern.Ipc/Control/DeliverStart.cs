namespace Postern.Ipc.Control;

/// <summary>What became of a request for <c>deliver</c>; the numbers stand on the wire.</summary>
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
