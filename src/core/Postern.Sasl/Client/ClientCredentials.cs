using System.Security.Cryptography;

namespace Postern.Sasl;

/// <summary>By what a client logs in: a name and a password.</summary>
/// <param name="name">UTF-8, without a NUL.</param>
/// <param name="password">UTF-8, without a NUL; it is wiped in the end. Nothing is normalised: outside ASCII it has to be as the server has it.</param>
public sealed class ClientCredentials(byte[] name, byte[] password) : IDisposable
{
    /// <summary>The account.</summary>
    public ReadOnlySpan<byte> Name => name;

    /// <summary>Its password.</summary>
    internal ReadOnlySpan<byte> Password => password;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(password);

    /// <summary>Never what it holds.</summary>
    public override string ToString() => "***";
}
