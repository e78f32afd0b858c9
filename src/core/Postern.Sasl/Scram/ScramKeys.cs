using System.Security.Cryptography;

namespace Postern.Sasl;

/// <summary>The two keys that a password stands for under a salt (RFC 5802 §3): with them a client shows that it has it.</summary>
internal sealed class ScramKeys : IDisposable
{
    private readonly byte[] _clientKey = new byte[ScramVerifier.KeyLength];

    [ThreadStatic]
    private static long _iterations;

    private ScramKeys(ReadOnlySpan<byte> salted)
    {
        Span<byte> stored = stackalloc byte[ScramVerifier.KeyLength];
        Span<byte> server = stackalloc byte[ScramVerifier.KeyLength];
        HMACSHA256.HashData(salted, "Client Key"u8, _clientKey);
        SHA256.HashData(_clientKey, stored);
        HMACSHA256.HashData(salted, "Server Key"u8, server);
        Verifier = new ScramVerifier(stored, server);
    }

    /// <summary>Iterations so far on this thread. They are nearly all that a password costs: what has to cost the same, tests compare by them.</summary>
    internal static long IterationsHere => _iterations;

    /// <summary>What a server keeps of them.</summary>
    public ScramVerifier Verifier { get; }

    /// <summary>Derives them.</summary>
    /// <param name="password">Any bytes.</param>
    /// <param name="salt">Any bytes.</param>
    /// <param name="iterations">At least one; each costs time.</param>
    public static ScramKeys Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        Span<byte> salted = stackalloc byte[ScramVerifier.KeyLength];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, salted, iterations, HashAlgorithmName.SHA256);
        _iterations += iterations;
        var keys = new ScramKeys(salted);
        CryptographicOperations.ZeroMemory(salted);
        return keys;
    }

    /// <summary>ClientProof.</summary>
    /// <param name="authMessage">AuthMessage: the three messages, joined by commas.</param>
    public byte[] Prove(ReadOnlySpan<byte> authMessage)
    {
        var proof = HMACSHA256.HashData(Verifier.StoredKey, authMessage);
        for (int i = 0; i < proof.Length; i++) proof[i] ^= _clientKey[i];
        return proof;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_clientKey);

    /// <summary>Never what it holds.</summary>
    public override string ToString() => "***";
}
