using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Session;
using Postern.Sts;
using Postern.Text;
using Postern.Tls.Sessions;

namespace Postern.Remote.Protection.Sts;

/// <summary>What came of asking a domain for its policy.</summary>
/// <param name="Policy">The policy; null when there is none to be had.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
internal readonly record struct FetchedPolicy(StsPolicy? Policy, string? Problem);

/// <summary>Gets a domain's policy from its web server (RFC 8461 §3.3).</summary>
internal interface IPolicyFetch
{
    /// <summary>Gets it. Never throws for anything that the network or a server does.</summary>
    ValueTask<FetchedPolicy> FetchAsync(string domain);
}

/// <summary>The same, over a connection of our own: one request, within TLS, with a server that an authority vouches for.</summary>
/// <remarks>
/// The web server is named by a stranger, as mail exchangers are: so it is held to the same addresses (attack I7), to one minute, and to
/// as many bytes as a policy may have. Redirects are not followed (RFC 8461 §3.3).
/// </remarks>
internal sealed class PolicyFetch(EventLoop loop, MailExchangers hosts, AddressPolicy addresses, Func<TlsClient> tls) : IPolicyFetch
{
    /// <summary>The port of HTTPS.</summary>
    internal const ushort DefaultPort = 443;

    /// <summary>Addresses that are tried.</summary>
    private const int MaxAddresses = 3;

    private const int ReadSize = 4096;

    /// <summary>For one address (RFC 8461 §3.3 suggests a minute for all of it).</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>The port; another one in tests.</summary>
    internal ushort Port { get; init; } = DefaultPort;

    /// <inheritdoc/>
    public async ValueTask<FetchedPolicy> FetchAsync(string domain)
    {
        var host = $"mta-sts.{domain}";
        if (!DnsName.TryParse(Encoding.Latin1.GetBytes(host), out var name))
        {
            return None("the name of its web server is too long");
        }

        if (await hosts.AddressesAsync(name) is not HostAddresses.Found found)
        {
            return None($"no address of {host} is known");
        }

        var last = None($"{host} has an address that is not connected to");
        foreach (var address in found.InOrder.Where(addresses.Allows).Take(MaxAddresses))
        {
            last = await FetchAsync(host, address);
            if (last.Policy is not null)
            {
                break;
            }
        }

        return last;
    }

    private static FetchedPolicy None(string problem) => new(null, problem);

    private async ValueTask<FetchedPolicy> FetchAsync(string host, IpAddress address)
    {
        var (connection, _) = await Connection.OpenAsync(loop, SocketAddress.Inet(address, Port), _patience);
        if (connection is null)
        {
            return None($"no connection to {host} [{address}]");
        }

        using var stream = new ServerStream(connection);
        var expectation = new TlsExpectation { ServerName = host, Names = [host], Assurance = TlsAssurance.Authority };
        var (facts, failure) = await stream.BeginTlsAsync(tls(), expectation, _patience);
        return facts is null ? None($"TLS with {host} failed: {failure}")
            : facts.Verdict != TlsVerdict.Known ? None($"{host} can't show that it is the right server")
            : await stream.WriteAsync(HttpAnswer.Request(host)) != IoStatus.Done ? None($"{host} closed the connection")
            : await ReadAsync(stream, host);
    }

    private static async ValueTask<FetchedPolicy> ReadAsync(ServerStream stream, string host)
    {
        var answer = new HttpAnswer();
        var buffer = new byte[ReadSize];
        var progress = HttpStatus.NeedsMore;
        while (progress == HttpStatus.NeedsMore)
        {
            var read = stream.TryRead(buffer);
            if (read.Status == IoStatus.Ended)
            {
                progress = answer.End();
            }
            else if (read.Status != IoStatus.Done || (read.Count == 0 && await stream.WaitReadableAsync() != IoStatus.Done))
            {
                return None($"{host} broke off its answer");
            }
            else if (read.Count > 0)
            {
                progress = answer.Feed(buffer.AsSpan(0, read.Count), out _);
            }
        }

        return progress == HttpStatus.Refused ? None($"{host} gave no policy: {answer.Reason}")
            : StsPolicy.TryParse(answer.Body, out var policy) ? new FetchedPolicy(policy, null)
            : None($"what {host} gave is no policy");
    }
}
