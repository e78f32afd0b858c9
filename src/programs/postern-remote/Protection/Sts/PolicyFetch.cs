using Postern.Loop;
using Postern.Sts;
using Postern.Text;
using Postern.Web.Http;
using Postern.Web.Streams;

namespace Postern.Remote.Protection.Sts;

/// <summary>Why a policy could not be got.</summary>
internal enum FetchFault
{
    /// <summary>The server did not give one.</summary>
    NotGiven,

    /// <summary>The server could not show that it is the right one.</summary>
    Untrusted,

    /// <summary>What it gave is no policy.</summary>
    NoPolicy,
}

/// <summary>What came of asking a domain for its policy.</summary>
/// <param name="Policy">The policy; null when there is none to be had.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
/// <param name="Fault">The same in one word; without meaning when there is one.</param>
internal readonly record struct FetchedPolicy(StsPolicy? Policy, string? Problem, FetchFault Fault = FetchFault.NotGiven);

/// <summary>Gets a domain's policy from its web server (RFC 8461 §3.3).</summary>
internal interface IPolicyFetch
{
    /// <summary>Gets it. Never throws for anything that the network or a server does.</summary>
    ValueTask<FetchedPolicy> FetchAsync(string domain);
}

/// <summary>The same, over a connection of our own: one request, and as many bytes as a policy may have.</summary>
/// <remarks>Redirects are not followed (RFC 8461 §3.3).</remarks>
internal sealed class PolicyFetch(WebServers servers) : IPolicyFetch
{
    /// <summary>For each step with one address (RFC 8461 §3.3 suggests a minute for all of it).</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async ValueTask<FetchedPolicy> FetchAsync(string domain)
    {
        var host = $"mta-sts.{domain}";
        var (addresses, problem) = await servers.FindAsync(host);
        var last = None(problem ?? string.Empty);
        foreach (var address in addresses)
        {
            last = await FetchAsync(host, address);
            if (last.Policy is not null)
            {
                break;
            }
        }

        return last;
    }

    private static FetchedPolicy None(string problem, FetchFault fault = FetchFault.NotGiven) => new(null, problem, fault);

    private async ValueTask<FetchedPolicy> FetchAsync(string host, IpAddress address)
    {
        var opened = await servers.OpenAsync(host, address);
        if (opened.Stream is null)
        {
            return None(opened.Problem!, opened.IsUntrusted ? FetchFault.Untrusted : FetchFault.NotGiven);
        }

        using var stream = opened.Stream;
        return await stream.WriteAsync(HttpRequest.Get(host, "/.well-known/mta-sts.txt", "text/plain")) != IoStatus.Done ? None($"{host} closed the connection")
            : await ReadAsync(stream, host);
    }

    private static async ValueTask<FetchedPolicy> ReadAsync(ServerStream stream, string host)
    {
        var answer = new HttpAnswer(new HttpWanted(StsPolicy.MaxLength, "text/plain"));
        return !await WebServers.ReadAsync(stream, answer) ? None($"{host} broke off its answer")
            : answer.Status == HttpStatus.Refused ? None($"{host} gave no policy: {answer.Reason}")
            : StsPolicy.TryParse(answer.Body, out var policy) ? new FetchedPolicy(policy, null)
            : None($"what {host} gave is no policy", FetchFault.NoPolicy);
    }
}
