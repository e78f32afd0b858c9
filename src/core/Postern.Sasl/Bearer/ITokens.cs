using System.Diagnostics.CodeAnalysis;

namespace Postern.Sasl;

/// <summary>Who may log in with a token.</summary>
public interface ITokens
{
    /// <summary>Judges a token.</summary>
    /// <param name="token">As the client sent it: any bytes.</param>
    /// <param name="name">The account that it stands for.</param>
    /// <returns>True for one that holds here and now.</returns>
    bool TryVerify(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? name);
}
