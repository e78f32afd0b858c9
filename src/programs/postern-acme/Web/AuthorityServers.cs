using System.Globalization;
using Postern.Loop;
using Postern.Web.Http;
using Postern.Web.Streams;

namespace Postern.Acme.Web;

/// <summary>The same over the network: a connection for each request.</summary>
/// <param name="servers">Connects to them.</param>
internal sealed class AuthorityServers(WebServers servers) : IWeb
{
    /// <summary>For each step of one request. Arbitrary.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer: a chain of certificates, or an order for a hundred names. Arbitrary.</summary>
    private const int MaxAnswer = 128 * 1024;

    /// <summary>The longest wait that a server may ask for.</summary>
    private const uint MaxRetrySeconds = 86_400;

    private static readonly HttpWanted _anything = new(MaxAnswer, AnyStatus: true);

    /// <inheritdoc/>
    public async ValueTask<(WebReply? Reply, string? Problem)> SendAsync(WebPlace place, byte[]? content)
    {
        var (addresses, problem) = await servers.FindAsync(place.Host);
        foreach (var address in addresses)
        {
            (var stream, problem, _) = await servers.OpenAsync(place.Host, address, place.Port);
            if (stream is not null)
            {
                using (stream)
                {
                    return await AskAsync(stream, place, content);
                }
            }
        }

        return (null, problem);
    }

    private static async ValueTask<(WebReply? Reply, string? Problem)> AskAsync(ServerStream stream, WebPlace place, byte[]? content)
    {
        var request = content is null ? HttpRequest.Get(place.HostField, place.Target, "application/json")
            : HttpRequest.Post(place.HostField, place.Target, "application/jose+json", content);
        if (await stream.WriteAsync(request) != IoStatus.Done)
        {
            return (null, $"{place.Host} closed the connection");
        }

        var answer = new HttpAnswer(_anything);
        return !await WebServers.ReadAsync(stream, answer) ? (null, $"{place.Host} broke off its answer")
            : answer.Status == HttpStatus.Refused ? (null, $"{place.Host} sent {answer.Reason}")
            : (new WebReply(answer.Code, answer.Body.ToArray(), answer.Field("replay-nonce"), answer.Field("location"), RetryOf(answer.Field("retry-after"))), null);
    }

    // A date, which it may be as well (RFC 9110 §10.2.3), is left to our own patience.
    private static TimeSpan? RetryOf(string? text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, MaxRetrySeconds)) : null;
}
