using Postern.Text;

namespace Postern.Dns.Resolving;

/// <summary>A recursive resolver that we may ask.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Port">UDP and TCP port.</param>
/// <param name="IsTrusted">
/// Whether its word that it verified DNSSEC signatures counts: only when nobody on the way can change the bit, so it is on this
/// host, or the administrator says so (RFC 4035 §4.9.3; "options trust-ad" in resolv.conf).
/// </param>
public readonly record struct NameServer(IpAddress Address, ushort Port, bool IsTrusted)
{
    /// <summary>RFC 1035 §4.2.</summary>
    public const ushort DefaultPort = 53;
}
