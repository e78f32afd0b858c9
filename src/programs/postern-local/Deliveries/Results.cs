using Postern.Ipc.Control;
using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Local.Deliveries;

/// <summary>What local itself has to say of a recipient.</summary>
internal static class Results
{
    /// <summary>Another program died or is away: nobody's fault, and worth another attempt at once.</summary>
    internal static DeliveryResult Interrupted { get; } =
        new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 0), FaultOf.None, "delivery was interrupted"u8);

    /// <summary>The address was replaced by its targets.</summary>
    internal static DeliveryResult Expanded { get; } =
        new(DeliveryOutcome.Expanded, new EnhancedStatus(2, 1, 5), FaultOf.None, "replaced by the addresses that it stands for"u8);

    /// <summary>What the directory's answer means when it names neither mailbox nor target.</summary>
    internal static DeliveryResult Of(MeaningOutcome outcome) => outcome switch
    {
        MeaningOutcome.Unavailable => Interrupted,
        MeaningOutcome.Loop => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 4, 6), FaultOf.World, "the alias leads back to itself"u8),
        MeaningOutcome.TooMany => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 4, 6), FaultOf.World, "the alias stands for too many addresses"u8),
        _ => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 1, 1), FaultOf.World, "no such user here"u8),
    };

    /// <summary>What a refused start of <c>deliver</c> means for the mailbox.</summary>
    internal static DeliveryResult Of(DeliverStart outcome) => outcome switch
    {
        DeliverStart.NoUser or DeliverStart.Forbidden =>
            new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 2, 1), FaultOf.World, "this account takes no mail"u8),
        _ => new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 0), FaultOf.World, "delivery can't be started now"u8),
    };
}
