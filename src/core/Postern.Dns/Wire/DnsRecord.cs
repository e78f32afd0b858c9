using Postern.Text;

namespace Postern.Dns.Wire;

/// <summary>A record of one of the types that we use, judged and taken apart.</summary>
/// <param name="Owner">The name that the record belongs to.</param>
/// <param name="TimeToLive">Seconds for which it may be remembered; never above 2^31 - 1 (RFC 2181 §8).</param>
public abstract record DnsRecord(DnsName Owner, uint TimeToLive)
{
    public abstract DnsType Type { get; }

    /// <summary>Roughly the octets of memory that the record keeps alive.</summary>
    internal virtual int Weight => 64 + Owner.Wire.Length;
}

/// <summary>A or AAAA: an address of the owner. The type is that of the record, since AAAA can hold an IPv4 address mapped into IPv6.</summary>
public sealed record AddressRecord(DnsName Owner, uint TimeToLive, DnsType Kind, IpAddress Address) : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => Kind;
}

/// <summary>CNAME: the owner is another name for the target.</summary>
public sealed record AliasRecord(DnsName Owner, uint TimeToLive, DnsName Target) : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Cname;

    internal override int Weight => base.Weight + Target.Wire.Length;
}

/// <summary>MX: a host that takes mail for the owner; the lowest preference value is tried first. The exchanger may be any name.</summary>
public sealed record ExchangerRecord(DnsName Owner, uint TimeToLive, ushort Preference, DnsName Exchanger)
    : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Mx;

    internal override int Weight => base.Weight + Exchanger.Wire.Length;
}

/// <summary>TXT: its strings joined without anything in between, as SPF, DKIM and DMARC want them (RFC 7208 §3.3). Any octets.</summary>
public sealed record TextRecord(DnsName Owner, uint TimeToLive, byte[] Text) : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Txt;

    internal override int Weight => base.Weight + Text.Length;
}

/// <summary>TLSA: which certificate or key the owner's server shows (RFC 6698 §2.1). Field values are not judged here.</summary>
public sealed record CertificateAssociationRecord(
    DnsName Owner, uint TimeToLive, byte Usage, byte Selector, byte MatchingType, byte[] Association) : DnsRecord(Owner, TimeToLive)
{
    public override DnsType Type => DnsType.Tlsa;

    internal override int Weight => base.Weight + Association.Length;
}
