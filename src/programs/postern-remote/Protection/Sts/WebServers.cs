using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Text;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Remote.Protection.Sts;

/// <summary>What came of a connection to a web server.</summary>
/// <param name="Stream">The connection, within TLS with the right server; null when there is none.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
/// <param name="IsUntrusted">True when there was a server, and it could not show that it is the right one.</param>
internal readonly record struct OpenedWeb(ServerStream? Stream, string? Problem, bool IsUntrusted);

/// <summary>Connects to web servers, within TLS, that an authority vouches for.</summary>
/// <remarks>
/// They are named by strangers, as mail exchangers are: so they are held to the same addresses (attack I7), and to a short time.
/// </remarks>
internal sealed class WebServers(EventLoop loop, MailExchangers hosts, AddressPolicy addresses, Func<TlsClient> tls)
{
    /// <summary>The port of HTTPS.</summary>
    internal const ushort DefaultPort = 443;

    /// <summary>Addresses that are tried.</summary>
    private const int MaxAddresses = 3;

    /// <summary>For one address, and anew for an answer (RFC 8461 §3.3 suggests a minute for all of it).</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>The port; another one in tests.</summary>
    internal ushort Port { get; init; } = DefaultPort;

    /// <summary>The addresses of a server that may be connected to; or why there is none.</summary>
    internal async ValueTask<(IReadOnlyList<IpAddress> Addresses, string? Problem)> FindAsync(string host)
    {
        if (!DnsName.TryParse(Encoding.Latin1.GetBytes(host), out var name))
        {
            return ([], "the name of its web server is too long");
        }

        if (await hosts.AddressesAsync(name) is not HostAddresses.Found found)
        {
            return ([], $"no address of {host} is known");
        }

        IpAddress[] allowed = [.. found.InOrder.Where(addresses.Allows).Take(MaxAddresses)];
        return (allowed, allowed.Length == 0 ? $"{host} has an address that is not connected to" : null);
    }

    /// <summary>Connects to one of them. Whoever gets the connection disposes it.</summary>
    internal async ValueTask<OpenedWeb> OpenAsync(string host, IpAddress address)
    {
        var (connection, _) = await Connection.OpenAsync(loop, SocketAddress.Inet(address, Port), _patience);
        if (connection is null)
        {
            return new OpenedWeb(null, $"no connection to {host} [{address}]", false);
        }

        var stream = new ServerStream(connection);
        var expectation = new TlsExpectation { ServerName = host, Names = [host], Assurance = TlsAssurance.Authority };
        var (facts, failure) = await stream.BeginTlsAsync(tls(), expectation, _patience);
        if (facts is { Verdict: TlsVerdict.Known })
        {
            stream.SetDeadline(_patience);
            return new OpenedWeb(stream, null, false);
        }

        stream.Dispose();
        return facts is null
            ? new OpenedWeb(null, $"TLS with {host} failed: {failure}", false)
            : new OpenedWeb(null, $"{host} can't show that it is the right server", true);
    }
}
