using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Text;
using Postern.Tls.Sessions;
using Postern.Web.Http;

namespace Postern.Web.Streams;

/// <summary>What came of a connection to a web server.</summary>
/// <param name="Stream">The connection, within TLS with the right server; null when there is none.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
/// <param name="IsUntrusted">True when there was a server, and it could not show that it is the right one.</param>
public readonly record struct OpenedWeb(ServerStream? Stream, string? Problem, bool IsUntrusted = false);

/// <summary>Connects to web servers, within TLS, that an authority vouches for; never throws for anything that the network or a server does.</summary>
/// <param name="loop">The loop.</param>
/// <param name="hosts">Finds addresses.</param>
/// <param name="tls">Who may vouch.</param>
public sealed class WebServers(EventLoop loop, MailExchangers hosts, Func<TlsClient> tls)
{
    /// <summary>The port of HTTPS.</summary>
    public const ushort DefaultPort = 443;

    /// <summary>Addresses that are tried. Arbitrary.</summary>
    private const int MaxAddresses = 3;

    private const int ReadSize = 4096;

    /// <summary>Which addresses may be connected to: all, unless strangers name the servers (attack I7).</summary>
    public Func<IpAddress, bool> Allows { get; init; } = static _ => true;

    /// <summary>How long each step with one address may take, and the answer after them.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>The port where none is named; another one in tests.</summary>
    public ushort Port { get; init; } = DefaultPort;

    /// <summary>The addresses of a server that may be connected to; or why there is none.</summary>
    public async ValueTask<(IReadOnlyList<IpAddress> Addresses, string? Problem)> FindAsync(string host)
    {
        if (!DnsName.TryParse(Encoding.Latin1.GetBytes(host), out var name))
        {
            return ([], "the name of its web server is too long");
        }

        if (await hosts.AddressesAsync(name) is not HostAddresses.Found found)
        {
            return ([], $"no address of {host} is known");
        }

        IpAddress[] allowed = [.. found.InOrder.Where(Allows).Take(MaxAddresses)];
        return (allowed, allowed.Length == 0 ? $"{host} has an address that is not connected to" : null);
    }

    /// <summary>Connects to one of them. Whoever gets the connection disposes it.</summary>
    /// <param name="host">The server's name, for which it has to have a certificate.</param>
    /// <param name="address">Its address.</param>
    /// <param name="port">Its port; null for <see cref="Port"/>.</param>
    public async ValueTask<OpenedWeb> OpenAsync(string host, IpAddress address, ushort? port = null)
    {
        var (connection, _) = await Connection.OpenAsync(loop, SocketAddress.Inet(address, port ?? Port), Patience);
        if (connection is null)
        {
            return new OpenedWeb(null, $"no connection to {host} [{address}]");
        }

        var stream = new ServerStream(connection);
        var expectation = new TlsExpectation { ServerName = host, Names = [host], Assurance = TlsAssurance.Authority };
        var (facts, failure) = await stream.BeginTlsAsync(tls(), expectation, Patience);
        if (facts is { Verdict: TlsVerdict.Known })
        {
            stream.SetDeadline(Patience);
            return new OpenedWeb(stream, null);
        }

        stream.Dispose();
        return facts is null
            ? new OpenedWeb(null, $"TLS with {host} failed: {failure}")
            : new OpenedWeb(null, $"{host} can't show that it is the right server", IsUntrusted: true);
    }

    /// <summary>Reads an answer, to its end or to where it is refused.</summary>
    /// <returns>False when the connection broke before.</returns>
    public static async ValueTask<bool> ReadAsync(ServerStream stream, HttpAnswer answer)
    {
        var buffer = new byte[ReadSize];
        while (answer.Status == HttpStatus.NeedsMore)
        {
            var read = stream.TryRead(buffer);
            if (read.Status == IoStatus.Ended)
            {
                answer.End();
            }
            else if (read.Status != IoStatus.Done || (read.Count == 0 && await stream.WaitReadableAsync() != IoStatus.Done))
            {
                return false;
            }
            else
            {
                answer.Feed(buffer.AsSpan(0, read.Count), out _);
            }
        }

        return true;
    }
}
