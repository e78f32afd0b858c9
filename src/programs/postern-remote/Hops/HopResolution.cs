using Postern.Mail;

namespace Postern.Remote.Hops;

/// <summary>Where a hop is: addresses in the order in which to try them, or why there is none.</summary>
internal sealed record HopResolution(IReadOnlyList<HopTarget> Targets, DeliveryResult? Failure)
{
    /// <summary>The exchangers of a domain in a fixed order, whatever the order in which they are tried; empty for other hops.</summary>
    internal string Exchangers { get; init; } = string.Empty;

    /// <summary>Addresses.</summary>
    internal static HopResolution Found(IReadOnlyList<HopTarget> targets) => new(targets, null);

    /// <summary>None, and that won't change.</summary>
    internal static HopResolution Never(EnhancedStatus status, ReadOnlySpan<byte> why) =>
        new([], DeliveryResult.Permanent(status, FaultOf.World, why));

    /// <summary>None for now.</summary>
    internal static HopResolution NotNow(EnhancedStatus status, ReadOnlySpan<byte> why) =>
        new([], DeliveryResult.Temporary(status, FaultOf.World, why));
}
