namespace Postern.Dns.Wire;

/// <summary>The record types that a mail server asks for or has to recognise (IANA "Resource Record TYPEs").</summary>
public enum DnsType : ushort
{
    None = 0,
    /// <summary>IPv4 address, RFC 1035 §3.4.1.</summary>
    A = 1,
    /// <summary>The owner is an alias, RFC 1035 §3.3.1.</summary>
    Cname = 5,
    /// <summary>Start of a zone, wanted for how long "no" may be remembered, RFC 2308 §4.</summary>
    Soa = 6,
    /// <summary>The name of an address, RFC 1035 §3.3.12.</summary>
    Ptr = 12,
    /// <summary>Mail exchanger, RFC 1035 §3.3.9.</summary>
    Mx = 15,
    /// <summary>Text, RFC 1035 §3.3.14.</summary>
    Txt = 16,
    /// <summary>IPv6 address, RFC 3596 §2.1.</summary>
    Aaaa = 28,
    /// <summary>Where a service is, RFC 2782.</summary>
    Srv = 33,
    /// <summary>The pseudo-record of EDNS, RFC 6891 §6.1.</summary>
    Opt = 41,
    /// <summary>Certificate association for DANE, RFC 6698 §2.1.</summary>
    Tlsa = 52,
}
