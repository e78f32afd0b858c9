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

    /// <summary>Those that are worth asking where it matters whether an answer is signed: beside one that is trusted only others that are.</summary>
    /// <remarks>
    /// Of another one whatever is signed looks as if it were not. So whoever keeps the trusted one from answering, or has it find
    /// signatures that are wrong, would have us ask the other one, and what he forges would be believed: DANE would be off.
    /// </remarks>
    public static IReadOnlyList<NameServer> AskedOf(IReadOnlyList<NameServer> servers)
    {
        NameServer[] trusted = [.. servers.Where(server => server.IsTrusted)];
        return trusted.Length > 0 ? trusted : servers;
    }
}
