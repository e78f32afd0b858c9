using Postern.Acme.Web;
using Postern.Dns.Resolving;
using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Acme;

/// <summary>The configuration in force.</summary>
/// <param name="Directory">Where the authority says what it has.</param>
/// <param name="Authorities">The file of authorities that may vouch for its server.</param>
/// <param name="NameServers">Name servers, in order of preference.</param>
internal sealed record AcmeSettings(WebPlace Directory, string Authorities, IReadOnlyList<NameServer> NameServers)
{
    /// <summary>Reads a slice; null when it is not one of ours.</summary>
    internal static AcmeSettings? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var reader) || type != AcmeSlice.Type || !AcmeSlice.TryRead(ref reader, out var head)
            || !WebPlace.TryParse(head.Directory, out var directory))
        {
            return null;
        }

        var servers = new List<NameServer>();
        while (frames.TryNext(out type, out reader))
        {
            if (type != ResolverSlice.Type || !ResolverSlice.TryRead(ref reader, out var server) || server.Address.Length != IpAddress.Size)
            {
                return null;
            }

            servers.Add(new NameServer(IpAddress.FromBytes(server.Address), server.Port, server.IsTrusted));
        }

        return frames.AtEnd ? new AcmeSettings(directory, head.Authorities, servers) : null;
    }
}
