using System.Diagnostics.CodeAnalysis;

namespace Postern.Sts;

/// <summary>A domain's policy: which servers take its mail, and that they prove by TLS who they are (RFC 8461 §3.2).</summary>
/// <remarks>
/// A text that is no policy takes the domain's protection away, until one is. So what the grammar allows is taken, and besides
/// what can't be misunderstood: empty lines, which editors leave. What it forbids is refused and not repaired: whoever sees
/// another policy than its author wrote either stops mail or lets it go to anybody.
/// </remarks>
public sealed class StsPolicy
{
    /// <summary>The longest text, in bytes: what §3.3 suggests.</summary>
    public const int MaxLength = 65536;

    /// <summary>The longest life, in seconds (§3.2): a year.</summary>
    public const int MaxSeconds = 31557600;

    /// <summary>The most patterns. Arbitrary: the largest providers list about ten; a hundred cost nothing to try in turn.</summary>
    public const int MaxExchangers = 100;

    private readonly ExchangerPattern[] _patterns;

    private StsPolicy(byte[] source, PolicyFields fields)
    {
        _patterns = [.. fields.Exchangers];
        Source = source;
        Mode = fields.Mode;
        MaxAge = TimeSpan.FromSeconds(fields.MaxAge);
        Exchangers = [.. _patterns.Select(pattern => pattern.Text)];
    }

    /// <summary>What a failure of a server leads to.</summary>
    public StsMode Mode { get; }

    /// <summary>How long the policy holds from when it was fetched: whole seconds, 0 to <see cref="MaxSeconds"/>.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>The patterns of the servers' names as they were written, in lower case; none only when the mode is none.</summary>
    public IReadOnlyList<string> Exchangers { get; }

    /// <summary>The text as it came, at most <see cref="MaxLength"/> bytes.</summary>
    public byte[] Source { get; }

    /// <summary>Judges a text.</summary>
    /// <remarks>
    /// Nothing in §3.2 says that the version comes first, so it may stand anywhere. Unknown fields are passed over, and of a
    /// repeated one the first counts, but for mx; the form of a line is demanded of those, too. A number of patterns beyond
    /// <see cref="MaxExchangers"/> is refused: some of them alone would be another policy.
    /// </remarks>
    /// <param name="text">All of it; lines end in CRLF or LF, the last one perhaps in neither.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out StsPolicy? policy)
    {
        policy = null;
        if (text.Length > MaxLength) return false;
        var fields = new PolicyFields();
        var rest = text;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            // A CR that no LF follows stays, and no field has one.
            if (end > 0 && line[^1] == '\r') line = line[..^1];
            if (line.ContainsAnyExcept(" \t"u8) && !fields.Take(line)) return false;
        }
        if (!fields.AreComplete) return false;
        policy = new StsPolicy(text.ToArray(), fields);
        return true;
    }

    /// <summary>True when a server of this name may take the domain's mail (§4.1).</summary>
    /// <param name="hostName">The name as the MX record has it, in any case, with or without its last dot.</param>
    public bool Covers(string hostName)
    {
        var name = hostName.AsSpan();
        if (name.EndsWith('.')) name = name[..^1];
        foreach (var pattern in _patterns)
        {
            if (pattern.Matches(name)) return true;
        }
        return false;
    }
}
