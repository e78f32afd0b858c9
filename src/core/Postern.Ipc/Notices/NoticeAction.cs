namespace Postern.Ipc.Notices;

/// <summary>What a notification reports of a recipient (the Action field of RFC 3464 §2.3.3).</summary>
public enum NoticeAction
{
    /// <summary>Given up.</summary>
    Failed = 0,

    /// <summary>Not yet delivered; still being tried.</summary>
    Delayed = 1,

    /// <summary>Delivered.</summary>
    Delivered = 2,

    /// <summary>Handed to a server that does not report further.</summary>
    Relayed = 3,

    /// <summary>Delivered to a list.</summary>
    Expanded = 4,
}
