using System.Globalization;
using System.Text;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Text;
using Postern.Tls.Sessions;
using Postern.Web.Http;
using Postern.Web.Streams;

namespace Postern.Acme.Web;

/// <summary>The same over the network: a connection for each request, within TLS, to a server that an authority vouches for.</summary>
/// <param name="loop">The loop.</param>
/// <param name="hosts">Finds addresses.</param>
/// <param name="tls">Who may vouch.</param>
internal sealed class WebServers(EventLoop loop, MailExchangers hosts, TlsClient tls) : IWeb
{
    /// <summary>The longest answer: a chain of certificates, or an order for a hundred names. Arbitrary.</summary>
    private const int MaxAnswer = 128 * 1024;

    private const int MaxAddresses = 3;
    private const int ReadSize = 4096;

    /// <summary>The longest wait that a server may ask for.</summary>
    private const uint MaxRetrySeconds = 86_400;

    /// <summary>For each step of one request. Arbitrary.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly HttpWanted _anything = new(MaxAnswer, AnyStatus: true);

    /// <inheritdoc/>
    public async ValueTask<(WebReply? Reply, string? Problem)> SendAsync(WebPlace place, byte[]? content)
    {
        var (stream, problem) = await OpenAsync(place);
        if (stream is null)
        {
            return (null, problem);
        }

        using (stream)
        {
            var request = content is null ? HttpRequest.Get(place.HostField, place.Target, "application/json")
                : HttpRequest.Post(place.HostField, place.Target, "application/jose+json", content);
            stream.SetDeadline(_patience);
            return await stream.WriteAsync(request) == IoStatus.Done ? await ReadAsync(stream, place.Host)
                : (null, $"{place.Host} closed the connection");
        }
    }

    private async ValueTask<(ServerStream? Stream, string? Problem)> OpenAsync(WebPlace place)
    {
        if (!DnsName.TryParse(Encoding.ASCII.GetBytes(place.Host), out var name) || await hosts.AddressesAsync(name) is not HostAddresses.Found found)
        {
            return (null, $"no address of {place.Host} is known");
        }

        var problem = $"no address of {place.Host} is known";
        for (var i = 0; i < found.InOrder.Count && i < MaxAddresses; i++)
        {
            (var stream, problem) = await OpenAsync(place, found.InOrder[i]);
            if (stream is not null)
            {
                return (stream, null);
            }
        }

        return (null, problem);
    }

    private async ValueTask<(ServerStream? Stream, string Problem)> OpenAsync(WebPlace place, IpAddress address)
    {
        var (connection, _) = await Connection.OpenAsync(loop, SocketAddress.Inet(address, place.Port), _patience);
        if (connection is null)
        {
            return (null, $"no connection to {place.Host} [{address}]");
        }

        var stream = new ServerStream(connection);
        var expectation = new TlsExpectation { ServerName = place.Host, Names = [place.Host], Assurance = TlsAssurance.Authority };
        var (facts, failure) = await stream.BeginTlsAsync(tls, expectation, _patience);
        if (facts is { Verdict: TlsVerdict.Known })
        {
            return (stream, string.Empty);
        }

        stream.Dispose();
        return (null, facts is null ? $"TLS with {place.Host} failed: {failure}" : $"{place.Host} can't show that it is the right server");
    }

    private static async ValueTask<(WebReply? Reply, string? Problem)> ReadAsync(ServerStream stream, string host)
    {
        var answer = new HttpAnswer(_anything);
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
                return (null, $"{host} broke off its answer");
            }
            else if (read.Count > 0)
            {
                progress = answer.Feed(buffer.AsSpan(0, read.Count), out _);
            }
        }

        return progress == HttpStatus.Refused ? (null, $"{host} sent {answer.Reason}")
            : (new WebReply(answer.Code, answer.Body.ToArray(), answer.Field("replay-nonce"), answer.Field("location"), RetryOf(answer.Field("retry-after"))), null);
    }

    // A date, which it may be as well (RFC 9110 §10.2.3), is left to our own patience.
    private static TimeSpan? RetryOf(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, MaxRetrySeconds)) : null;
}
