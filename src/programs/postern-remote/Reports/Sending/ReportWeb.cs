using System.Globalization;
using System.Text;
using Postern.Remote.Reports.Records;
using Postern.Text;
using Postern.Web.Http;
using Postern.Web.Streams;

namespace Postern.Remote.Reports.Sending;

/// <summary>Sends reports to web servers: one request on a connection of its own (RFC 8460 §5.4). Redirects are not followed.</summary>
internal sealed class ReportWeb(WebServers servers) : IReportWeb
{
    /// <inheritdoc/>
    public async ValueTask<SendResult> PostAsync(ReportAddress.Web place, byte[] body)
    {
        var (addresses, problem) = await servers.FindAsync(place.Server);
        var last = new SendResult(problem ?? string.Empty, true);
        foreach (var address in addresses)
        {
            last = await PostAsync(place, address, body);
            if (!last.MayPass)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>The request to be sent.</summary>
    internal static byte[] Request(ReportAddress.Web place, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {place.Target} HTTP/1.1\r\nHost: {place.Server}\r\nUser-Agent: Postern\r\nContent-Type: application/tlsrpt+gzip\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n")),
        .. body,
    ];

    private async ValueTask<SendResult> PostAsync(ReportAddress.Web place, IpAddress address, byte[] body)
    {
        var opened = await servers.OpenAsync(place.Server, address);
        if (opened.Stream is null)
        {
            return new SendResult(opened.Problem, true);
        }

        using var stream = opened.Stream;
        // A server that says no before it has read all of it closes: its answer tells why.
        _ = await stream.WriteAsync(Request(place, body));
        var answer = new HttpAnswer(HttpWanted.StatusAlone);
        return !await WebServers.ReadAsync(stream, answer) ? new SendResult($"{place.Server} broke off its answer", true)
            : answer.Status == HttpStatus.Refused ? new SendResult($"{place.Server} sent {answer.Reason}", true)
            : answer.Code is >= 200 and < 300 ? SendResult.Sent
            : new SendResult(string.Create(CultureInfo.InvariantCulture, $"{place.Server} answered with {answer.Code}"), answer.Code >= 500);
    }
}
