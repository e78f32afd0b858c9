namespace Postern.Ipc.Administration;

/// <summary>What an administrator does to queued messages.</summary>
public enum QueueAct
{
    /// <summary>Try it now, once, whatever the schedule says.</summary>
    Retry = 0,

    /// <summary>Try everything that waits now.</summary>
    Flush = 1,

    /// <summary>Leave it alone until it is released.</summary>
    Hold = 2,

    /// <summary>Let it go again.</summary>
    Release = 3,

    /// <summary>Take it out without a notification.</summary>
    Remove = 4,
}

/// <summary>How a queued recipient stands.</summary>
public enum RecipientCondition
{
    /// <summary>Waits for its first attempt.</summary>
    Queued = 0,

    /// <summary>An attempt is under way.</summary>
    Active = 1,

    /// <summary>Waits for a retry.</summary>
    Deferred = 2,

    /// <summary>Held.</summary>
    Held = 3,

    /// <summary>Served; it stays listed while others of the message are not.</summary>
    Done = 4,

    /// <summary>Waits for the moment that its sender named (RFC 4865).</summary>
    Postponed = 5,
}

/// <summary>How long texts of the administration may be.</summary>
public static class AdministrationLimits
{
    /// <summary>A filter matches part of an address.</summary>
    public const int MaxFilter = 320;
}
