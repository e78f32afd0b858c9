namespace Postern.Dns.Wire;

/// <summary>How a server says that a query went (RFC 1035 §4.1.1; the upper eight of twelve bits come from EDNS, RFC 6891 §6.1.3).</summary>
public enum DnsResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    /// <summary>NXDOMAIN: neither this name nor any below it has a record of any type (RFC 8020 §2).</summary>
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
