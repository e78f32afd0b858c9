using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sasl;

/// <summary>Whose tokens hold, and for whom.</summary>
/// <param name="Issuer">"iss" as it has to be.</param>
/// <param name="Audience">"aud" as it has to be, or to contain: a token for another server of the same provider is not one for this.</param>
/// <param name="NameClaim">The member with the account's name: "email" usually.</param>
public sealed record TokenRules(string Issuer, string Audience, string NameClaim)
{
    /// <summary>By how much two clocks may differ.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Judges JSON Web Tokens (RFC 7519) by keys that are configured. Nobody is asked over a network.</summary>
/// <param name="rules">Whose tokens hold.</param>
/// <param name="keys">Which keys sign them.</param>
/// <param name="time">The clock.</param>
public sealed class TokenVerifier(TokenRules rules, IReadOnlyList<TokenKey> keys, TimeProvider time) : ITokens
{
    /// <summary>The longest token; arbitrary, as long as a client's message.</summary>
    internal const int MaxLength = 8192;

    /// <summary>How many keys there are.</summary>
    public int KeyCount => keys.Count;

    private long Leeway => (long)rules.Leeway.TotalSeconds;

    /// <inheritdoc/>
    public bool TryVerify(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (token.Length > MaxLength) return false;
        int first = token.IndexOf((byte)'.');
        int last = token.LastIndexOf((byte)'.');
        if (first < 0 || first == last) return false;
        if (!Base64UrlText.TryDecode(token[..first], out var headText) || !Base64UrlText.TryDecode(token[(first + 1)..last], out var bodyText)) return false;
        if (!Base64UrlText.TryDecode(token[(last + 1)..], out var signature) || JsonObject.Read(headText) is not { } head) return false;
        // Nothing of the body is looked at before its signature.
        if (!IsSigned(head, token[..last], signature) || JsonObject.Read(bodyText) is not { } body) return false;
        return Holds(body) && NameOf(body, out name);
    }

    private bool IsSigned(JsonObject head, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        // "crit" names extensions that must be understood, and none is (RFC 7515 §4.1.11).
        if (head.Has("crit")) return false;
        string? algorithm = head.Text("alg");
        string? id = head.Text("kid");
        foreach (var key in keys)
        {
            bool fits = key.Algorithm == algorithm && (id is null || key.Id is null || key.Id == id);
            if (fits && key.Verifies(signed, signature)) return true;
        }
        return false;
    }

    private bool Holds(JsonObject body)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (body.Text("iss") != rules.Issuer || !body.Names("aud", rules.Audience)) return false;
        // One that never ends could never be taken back.
        if (body.Seconds("exp") is not { } end || end + Leeway < now) return false;
        return !body.Has("nbf") || body.Seconds("nbf") - Leeway <= now;
    }

    private bool NameOf(JsonObject body, [NotNullWhen(true)] out string? name)
    {
        name = null;
        // An address that its owner only claims to have is anybody's.
        if (rules.NameClaim == "email" && body.Has("email_verified") && !body.IsTrue("email_verified")) return false;
        if (body.Text(rules.NameClaim) is not { } text || !AccountName.TryParse(Encoding.UTF8.GetBytes(text), out string parsed)) return false;
        name = parsed;
        return true;
    }
}
