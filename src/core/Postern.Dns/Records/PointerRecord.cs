using System.Diagnostics.CodeAnalysis;
using Postern.Dns.Wire;

namespace Postern.Dns.Records;

/// <summary>PTR: the name that the owner, an address written backwards, has (RFC 1035 §3.5). Any name, host or not.</summary>
public sealed record PointerRecord(DnsName Owner, uint TimeToLive, DnsName Target) : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Ptr;

    internal override int Weight => base.Weight + Target.Wire.Length;

    /// <summary>Reads the data of one; false when it does not begin with a whole name.</summary>
    internal static bool TryRead(ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = data.TryReadName(owner, out DnsName? target) ? new PointerRecord(owner, timeToLive, target) : null;
        return record is not null;
    }
}
