using System.Globalization;
using System.Text;
using Postern.Loop;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Reports.Records;
using Postern.Text;

namespace Postern.Remote.Reports.Sending;

/// <summary>Sends reports to web servers: one request on a connection of its own (RFC 8460 §5.4). Redirects are not followed.</summary>
internal sealed class ReportWeb(WebServers servers) : IReportWeb
{
    private const int ReadSize = 4096;

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
        var answer = new PostAnswer();
        var buffer = new byte[ReadSize];
        while (answer.Code == 0)
        {
            var read = stream.TryRead(buffer);
            if (read.Status != IoStatus.Done || (read.Count == 0 && await stream.WaitReadableAsync() != IoStatus.Done))
            {
                return new SendResult($"{place.Server} broke off its answer", true);
            }

            answer.Feed(buffer.AsSpan(0, read.Count));
        }

        return answer.IsTaken ? SendResult.Sent
            : answer.Code < 0 ? new SendResult($"{place.Server} does not speak HTTP/1", true)
            : new SendResult(string.Create(CultureInfo.InvariantCulture, $"{place.Server} answered with {answer.Code}"), answer.Code >= 500);
    }
}
