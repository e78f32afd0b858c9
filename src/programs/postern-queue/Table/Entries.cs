using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Table;

/// <summary>Marks of a message that outlive restarts.</summary>
[Flags]
internal enum MessageMarks : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Its sender was told of the delay.</summary>
    Warned = 1,

    /// <summary>A notification to postmaster that replaces one to the null sender: should it fail, nobody is told.</summary>
    LastResort = 2,

    /// <summary>It has the null sender: nobody to notify but postmaster.</summary>
    NullSender = 4,
}

/// <summary>One queued message: 48 bytes, so that a million of them stay small.</summary>
internal struct MessageEntry
{
    /// <summary>The message's id; 0 in a free entry.</summary>
    internal ulong Id;

    /// <summary>Where its envelope record is.</summary>
    internal RecordPosition Envelope;

    /// <summary>Bytes of the log that it keeps alive, about.</summary>
    internal long Weight;

    /// <summary>Unix seconds from which on its time counts: its arrival, or the end of its hold, which may lie ahead.</summary>
    internal uint Arrived;

    /// <summary>Its first recipient in the recipient table; the others follow.</summary>
    internal int FirstRecipient;

    /// <summary>Recipients that are not done, plus one while a notification is being composed.</summary>
    internal int Open;

    /// <summary>The oldest section that it needs: that of its first content record.</summary>
    internal uint FirstSection;

    /// <summary>A hash of its sender, for fair turns.</summary>
    internal int Sender;

    /// <summary>Attempts of it that ended with the death of the program that made them.</summary>
    internal byte Crashes;

    /// <summary>Marks that outlive restarts.</summary>
    internal MessageMarks Marks;

    /// <summary>How many recipients it has, done or not.</summary>
    internal ushort Recipients;

    /// <summary>Behind its last recipient in the recipient table.</summary>
    internal readonly int EndOfRecipients => FirstRecipient + Recipients;
}

/// <summary>One recipient of a queued message: 24 bytes.</summary>
internal struct RecipientEntry
{
    /// <summary>Its message in the message table.</summary>
    internal int Message;

    /// <summary>Its number within the message.</summary>
    internal int Number;

    /// <summary>Its destination in the destination table.</summary>
    internal int Destination;

    /// <summary>Unix seconds of the next attempt when deferred.</summary>
    internal uint NextAttempt;

    /// <summary>Attempts made.</summary>
    internal ushort Attempts;

    /// <summary>Its station.</summary>
    internal RecipientState State;

    /// <summary>The flags of NOTIFY.</summary>
    internal byte Notify;

    /// <summary>True while an attempt is under way.</summary>
    internal bool Active;

    /// <summary>True while an administrator keeps it.</summary>
    internal bool Held;

    /// <summary>True for the target of an alias.</summary>
    internal bool Final;

    /// <summary>True for the target of a list.</summary>
    internal bool List;

    /// <summary>The part that survives a restart.</summary>
    internal readonly RecipientStanding Standing => new(State, Held, Final, List, Attempts, NextAttempt);
}
