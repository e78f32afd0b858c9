using Postern.Config.Errors;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>`trusted`: who may relay without logging in.</summary>
internal static class TrustedNetworks
{
    /// <summary>This host itself.</summary>
    private static readonly IReadOnlyList<string> Loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>Reads the networks.</summary>
    internal static IReadOnlyList<IpNetwork> Read(SectionReader root)
    {
        if (root.Texts("trusted") is not { } texts)
        {
            return [.. Loopback.Select(text => IpNetwork.TryParse(text, out var network) ? network : throw new InvalidOperationException(text))];
        }

        var networks = new List<IpNetwork>();
        foreach (var text in texts)
        {
            if (!IpNetwork.TryParse(text.Text, out var network))
            {
                root.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} is not a network such as \"192.0.2.0/24\" or \"2001:db8::/32\","
                    + " with no bit set behind the length");
            }
            else if (network.PrefixLength == 0)
            {
                // The classic way to become an open relay.
                root.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} is everybody: the server would relay for all the world");
            }
            else
            {
                networks.Add(network);
            }
        }

        return networks;
    }
}
