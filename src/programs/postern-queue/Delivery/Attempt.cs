using Postern.Mail;
using Postern.Queue.Schedule;
using Postern.Spool;

namespace Postern.Queue.Delivery;

/// <summary>What one recipient's attempt came to, kept until the attempt is over.</summary>
/// <param name="Recipient">Its place in the recipient table.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Fault">Whose fault it was.</param>
/// <param name="Status">The enhanced status, packed.</param>
/// <param name="Host">Who answered.</param>
/// <param name="Text">With which words.</param>
internal sealed record AttemptResult(int Recipient, DeliveryOutcome Outcome, FaultOf Fault, uint Status, byte[] Host, byte[] Text)
{
    /// <summary>The recipient's address, for the log for people; empty when there was no attempt.</summary>
    internal byte[] Address { get; init; } = [];

    /// <summary>What an alias stands for; null for anything else.</summary>
    internal List<ExpansionTarget>? Targets { get; init; }
}

/// <summary>One address that an alias stands for.</summary>
internal sealed record ExpansionTarget(byte[] Address, bool List);

/// <summary>One attempt under way: some recipients of one message at one destination.</summary>
internal sealed class Attempt(uint number, int message, Destination destination)
{
    /// <summary>Seconds after which an attempt stalls: longer than most take that end well. Arbitrary.</summary>
    private const int StallSeconds = 2;

    /// <summary>The number it has between us and the program that makes it.</summary>
    internal uint Number { get; } = number;

    /// <summary>The message's index.</summary>
    internal int Message { get; } = message;

    /// <summary>The destination.</summary>
    internal Destination Destination { get; } = destination;

    /// <summary>The window that it takes a place in: the destination may come to share another one meanwhile.</summary>
    internal Window Window { get; } = destination.Window;

    /// <summary>Unix seconds of its beginning.</summary>
    internal required long Begun { get; init; }

    /// <summary>True when it takes so long that others should not wait for its end.</summary>
    internal bool IsStalled(long now) => now - Begun >= StallSeconds;

    /// <summary>The recipients that have no result yet, by their number in the message.</summary>
    internal Dictionary<uint, (int Index, byte[] Address)> Pending { get; } = new(1);

    /// <summary>The results so far.</summary>
    internal List<AttemptResult> Results { get; } = new(1);

    /// <summary>Targets that were told for a recipient whose result is still to come; null until there are any.</summary>
    internal Dictionary<uint, List<ExpansionTarget>>? Targets { get; set; }

    /// <summary>How many targets were told in all.</summary>
    internal int TargetCount { get; set; }

    /// <summary>The envelope record that <see cref="Chunks"/> was read from: after a move it is another.</summary>
    internal RecordPosition Envelope { get; set; }

    /// <summary>The records of the message's content.</summary>
    internal RecordPosition[] Chunks { get; set; } = [];

    /// <summary>How many of them were sent.</summary>
    internal int Sent { get; set; }

    /// <summary>Bytes that may still be sent before the receiver grants more.</summary>
    internal long Credit { get; set; }
}
