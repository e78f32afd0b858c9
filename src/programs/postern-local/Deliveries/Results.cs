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

    /// <summary>Other recipients of the attempt stand for so many addresses that this one has to come again alone.</summary>
    internal static DeliveryResult TooManyTogether { get; } =
        new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 2), FaultOf.World, "too many addresses at once"u8);

    /// <summary>There are more users than can be served side by side.</summary>
    internal static DeliveryResult TooManyUsers { get; } =
        new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 2), FaultOf.World, "too many users have mail at once"u8);

    /// <summary>What the directory's answer means when it names neither mailbox nor target.</summary>
    internal static DeliveryResult Of(MeaningOutcome outcome) => outcome switch
    {
        MeaningOutcome.Unavailable => Interrupted,
        MeaningOutcome.Loop => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 4, 6), FaultOf.World, "the alias leads back to itself"u8),
        MeaningOutcome.TooMany => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 4, 6), FaultOf.World, "the alias stands for too many addresses"u8),
        MeaningOutcome.Literal =>
            new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 1, 2), FaultOf.World, "mail is not sent to address literals"u8),
        _ => new(DeliveryOutcome.Permanent, new EnhancedStatus(5, 1, 1), FaultOf.World, "no such user here"u8),
    };

    /// <summary>What a refused start of <c>deliver</c> means for the mailbox.</summary>
    /// <remarks>
    /// The directory says that the account takes mail, posternd that nothing is started for it: somebody is changing the
    /// users, or has to correct the configuration. Neither is a reason to send mail back.
    /// </remarks>
    internal static DeliveryResult Of(DeliverStart outcome) => outcome switch
    {
        DeliverStart.NoUser or DeliverStart.Forbidden =>
            new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 5), FaultOf.World, "nothing may be delivered as this user"u8),
        _ => new(DeliveryOutcome.Temporary, new EnhancedStatus(4, 3, 0), FaultOf.World, "delivery can't be started now"u8),
    };
}
