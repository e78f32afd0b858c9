using System.Diagnostics.CodeAnalysis;
using Postern.Dns.Wire;

namespace Postern.Dns.Records;

/// <summary>SRV: where a service of the owner is; the lowest priority is tried first, and the root as target says "nowhere" (RFC 2782).</summary>
public sealed record ServiceRecord(DnsName Owner, uint TimeToLive, ushort Priority, ushort Weighting, ushort Port, DnsName Target)
    : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Srv;

    internal override int Weight => base.Weight + Target.Wire.Length;

    /// <summary>Reads the data of one; false when it is cut short.</summary>
    /// <remarks>The target must not be compressed (RFC 2782), and is understood when it is, as RFC 3597 §4 wants of a reader.</remarks>
    internal static bool TryRead(ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!data.TryReadUInt16(out ushort priority) || !data.TryReadUInt16(out ushort weighting) || !data.TryReadUInt16(out ushort port))
            return false;
        if (!data.TryReadName(owner, out DnsName? target))
            return false;
        record = new ServiceRecord(owner, timeToLive, priority, weighting, port, target);
        return true;
    }
}
