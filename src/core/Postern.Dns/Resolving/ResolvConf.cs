using Postern.Text;

namespace Postern.Dns.Resolving;

/// <summary>Reads what /etc/resolv.conf says about name servers (resolv.conf(5)). Pure: takes the file's octets.</summary>
/// <remarks>
/// Search lists and "ndots" are for people who type short names; the domains of mail addresses are whole (RFC 5321 §2.3.5).
/// A line that is not understood is passed over, as the C library does, so that a mail server resolves where other programs do.
/// </remarks>
public static class ResolvConf
{
    /// <summary>
    /// The servers in their order, at most <see cref="StubResolver.MaxServers"/>, never none: without any the file means the one
    /// on this host. A link-local address with a zone ("fe80::1%eth0") is passed over.
    /// </summary>
    public static IReadOnlyList<NameServer> Parse(ReadOnlySpan<byte> file)
    {
        var addresses = new List<IpAddress>(StubResolver.MaxServers);
        bool trustsAll = false;
        while (!file.IsEmpty)
        {
            int end = file.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? file : file[..end];
            file = end < 0 ? [] : file[(end + 1)..];
            ReadOnlySpan<byte> keyword = NextWord(ref line);
            if (keyword.SequenceEqual("nameserver"u8) && addresses.Count < StubResolver.MaxServers)
            {
                if (IpAddress.TryParse(NextWord(ref line), out IpAddress address))
                    addresses.Add(address);
            }
            else if (keyword.SequenceEqual("options"u8))
            {
                trustsAll |= HasTrustOption(line);
            }
        }
        if (addresses.Count == 0)
            addresses.Add(IpAddress.Loopback4);
        NameServer[] servers = [.. addresses.Select(address => new NameServer(address, NameServer.DefaultPort, trustsAll || address.IsLoopback))];
        return servers;
    }

    private static bool HasTrustOption(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            ReadOnlySpan<byte> word = NextWord(ref line);
            if (word.IsEmpty)
                return false;
            if (word.SequenceEqual("trust-ad"u8))
                return true;
        }
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t\r"u8);
        int end = line.IndexOfAny(" \t\r"u8);
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }
}
