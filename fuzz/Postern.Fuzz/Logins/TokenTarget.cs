using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>Tokens and sets of keys: what is no token of the one key that there is does not hold, and both are read without a throw.</summary>
/// <remarks>
/// Nobody guesses a signature; so the only tokens that hold are those that this target is given whole, and their JSON is looked at by
/// the framework's document reader as well.
/// </remarks>
internal static partial class TokenTarget
{
    private static readonly TokenRules _rules = new("https://id.test", "mail.a.test", "email");

    private static readonly IReadOnlyList<TokenKey> _keys = TokenKey.ReadSet("""
        {"keys":[{"kty":"EC","crv":"P-256","kid":"e","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}]}
        """u8)!;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        bool holds = new TokenVerifier(_rules, _keys, TimeProvider.System).TryVerify(input, out _);
        Demand.That(!holds, "a token that nobody signed holds");
        string text = Demand.Latin(input);
        if (Form().Match(text) is { Success: true } match)
        {
            foreach (string part in new[] { "head", "body" })
            {
                if (Base64UrlText.TryDecode(Encoding.Latin1.GetBytes(match.Groups[part].Value), out var decoded)) Object(decoded);
            }
        }
        Object(input);
        _ = TokenKey.ReadSet(input);
    }

    /// <summary>What is read as an object is one to the framework, too, with as many members.</summary>
    private static void Object(ReadOnlySpan<byte> text)
    {
        if (JsonObject.Read(text) is not { } read) return;
        using var document = JsonDocument.Parse(text.ToArray());
        string[] names = [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
        Demand.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count(), "members");
        foreach (string name in names) Demand.That(read.Has(name), "a member is missing");
    }

    [GeneratedRegex(@"\A(?<head>[A-Za-z0-9_-]*)\.(?<body>[A-Za-z0-9_-]*)\.[A-Za-z0-9_-]*\z")]
    private static partial Regex Form();
}
