using CsCheck;

namespace Postern.Smtp.Tests;

/// <summary>Random streams put together from given tokens: what matters comes up often, unlike among random bytes.</summary>
internal static class TokenStreams
{
    public static Gen<string> Of(int maxTokens, params string[] tokens) =>
        Gen.Int[0, tokens.Length - 1].Array[0, maxTokens].Select(picks => string.Concat(picks.Select(pick => tokens[pick])));
}
