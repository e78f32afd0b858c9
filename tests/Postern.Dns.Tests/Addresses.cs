using Postern.Text;

namespace Postern.Dns.Tests;

/// <summary>Addresses for tests.</summary>
internal static class Addresses
{
    internal static IpAddress Of(params byte[] octets) => IpAddress.FromBytes(octets);
}
