using Postern.Ipc.Notices;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>One recipient of which a sender is owed a notification, and where the result record is that says so, if there is one.</summary>
internal readonly record struct OwedNotice(int Recipient, NoticeAction Action, RecordPosition Position)
{
    /// <summary>What a notification of it is about.</summary>
    internal NoticeKind Kind => Action switch
    {
        NoticeAction.Failed => NoticeKind.Failure,
        NoticeAction.Delayed => NoticeKind.Delay,
        _ => NoticeKind.Success,
    };

    /// <summary>What it is found by among the debts of its message.</summary>
    internal (int Recipient, NoticeKind Kind) Key => (Recipient, Kind);
}

/// <summary>What a notification is about. The numbers stand in envelope records.</summary>
internal enum NoticeKind
{
    /// <summary>Recipients were given up.</summary>
    Failure = 0,

    /// <summary>Recipients are late.</summary>
    Delay = 1,

    /// <summary>Recipients were served and the sender wanted to know.</summary>
    Success = 2,
}

/// <summary>What the sender of one message is owed.</summary>
/// <param name="id">The message's id: its place in the table may have gone to another one meanwhile.</param>
internal sealed class Debts(ulong id)
{
    /// <summary>The message's id.</summary>
    internal ulong Id => id;

    /// <summary>The debts, of each kind one for a recipient: found at once, since a mailing may fail for ten thousand.</summary>
    internal Dictionary<(int Recipient, NoticeKind Kind), OwedNotice> Items { get; } = new(1);

    /// <summary>True while a notification of some of them is composed or committed.</summary>
    internal bool IsBeingPaid { get; set; }
}

/// <summary>The debts that one notification pays: of one message, of one kind.</summary>
/// <param name="Message">The message's place in the table.</param>
/// <param name="Id">Its id, which says whether it is still the one in that place.</param>
/// <param name="Kind">What the notification is about.</param>
/// <param name="Items">The debts.</param>
/// <param name="Numbers">The numbers of their recipients, for the log.</param>
internal sealed record Payment(int Message, ulong Id, NoticeKind Kind, List<OwedNotice> Items, uint[] Numbers);
