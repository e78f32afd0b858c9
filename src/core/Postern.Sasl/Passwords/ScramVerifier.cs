using System.Security.Cryptography;

namespace Postern.Sasl;

/// <summary>What is kept of a password: enough to recognise it, not enough to pass for its owner (RFC 5802 §3).</summary>
public sealed class ScramVerifier
{
    /// <summary>Bytes of a hash, and of each key.</summary>
    public const int KeyLength = SHA256.HashSizeInBytes;

    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    /// <summary>Takes what was stored.</summary>
    /// <param name="storedKey">32 bytes.</param>
    /// <param name="serverKey">32 bytes.</param>
    public ScramVerifier(ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> serverKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(storedKey.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(serverKey.Length, KeyLength);
        (_storedKey, _serverKey) = (storedKey.ToArray(), serverKey.ToArray());
    }

    /// <summary>The hash of the client's key.</summary>
    public ReadOnlySpan<byte> StoredKey => _storedKey;

    /// <summary>What the server proves itself with.</summary>
    public ReadOnlySpan<byte> ServerKey => _serverKey;

    /// <summary>Makes the verifier of a password.</summary>
    /// <param name="salt">The account's.</param>
    /// <param name="password">What <see cref="PasswordText.IsPassword"/> allows.</param>
    public static ScramVerifier Create(ScramSalt salt, ReadOnlySpan<byte> password)
    {
        ArgumentNullException.ThrowIfNull(salt);
        using var keys = ScramKeys.Derive(password, salt.Salt.Span, salt.Iterations);
        return keys.Verifier;
    }

    /// <summary>True for the verifier of the same password under the same salt; takes the same time either way.</summary>
    public bool Matches(ScramVerifier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(_storedKey, other._storedKey);
    }

    /// <summary>True when a proof shows that the client has the password (RFC 5802 §3).</summary>
    /// <param name="authMessage">AuthMessage: the three messages, joined by commas.</param>
    /// <param name="proof">ClientProof.</param>
    internal bool Proves(ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> proof)
    {
        if (proof.Length != KeyLength) return false;
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> hash = stackalloc byte[KeyLength];
        HMACSHA256.HashData(_storedKey, authMessage, key);
        for (int i = 0; i < KeyLength; i++) key[i] ^= proof[i];
        SHA256.HashData(key, hash);
        CryptographicOperations.ZeroMemory(key);
        return CryptographicOperations.FixedTimeEquals(hash, _storedKey);
    }

    /// <summary>ServerSignature: 32 bytes.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> authMessage) => HMACSHA256.HashData(_serverKey, authMessage);

    /// <summary>Never what it holds.</summary>
    public override string ToString() => "***";
}
