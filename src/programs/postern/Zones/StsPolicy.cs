using System.Security.Cryptography;
using System.Text;

namespace Postern.CommandLine.Zones;

/// <summary>The policy of MTA-STS (RFC 8461 §3.2): whom senders may hand mail to, and that they have to verify him.</summary>
/// <param name="facts">The domain and its server.</param>
/// <param name="isEnforced">False: senders report what they would have refused, and deliver.</param>
internal sealed class StsPolicy(ZoneFacts facts, bool isEnforced)
{
    // A week: what RFC 8461 §3.2 calls the expected order ("weeks or greater") at its lower end, as nobody here has tried it for longer.
    private const int MaxAgeSeconds = 7 * 24 * 3600;

    // Of at most 32 (RFC 8461 §3.1). 80 bits: two policies of one domain never have the same.
    private const int IdLength = 20;

    /// <summary>The host that serves it.</summary>
    internal string Host => $"mta-sts.{facts.Domain}";

    /// <summary>Where it has to be served (RFC 8461 §3.3).</summary>
    internal string Address => $"https://{Host}/.well-known/mta-sts.txt";

    /// <summary>The lines of the file.</summary>
    internal IReadOnlyList<string> Lines =>
    [
        "version: STSv1", isEnforced ? "mode: enforce" : "mode: testing", $"mx: {facts.HostName}", $"max_age: {MaxAgeSeconds}",
    ];

    /// <summary>The file; lines may end in LF (RFC 8461 §3.2).</summary>
    internal string Text => string.Concat(Lines.Select(line => $"{line}\n"));

    /// <summary>Changes whenever the policy does, so that it can't be forgotten.</summary>
    internal string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)))[..IdLength];
}
