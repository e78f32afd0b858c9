using System.Security.Cryptography;

namespace Postern.Sasl;

/// <summary>What all passwords of one account are hashed with (RFC 5802 §2.2): a salt, and how often.</summary>
/// <remarks>
/// It belongs to the account and not to the password. A server has to name it before it knows which of an account's
/// passwords the client has; and whatever the number of passwords, one that is offered is hashed once.
/// </remarks>
public sealed record ScramSalt
{
    /// <summary>Fewer are refused (RFC 7677 §4).</summary>
    public const int MinIterations = 4096;

    /// <summary>More are refused: some clients stop at this number.</summary>
    public const int MaxIterations = 100_000;

    /// <summary>For new accounts: about ten milliseconds of one processor, for the server too when a client says its password.</summary>
    public const int DefaultIterations = 30_000;

    /// <summary>Bytes of a salt that is made here.</summary>
    public const int SaltLength = 16;

    /// <summary>Salts of other servers may be longer, up to this; arbitrary.</summary>
    public const int MaxSaltLength = 64;

    /// <summary>Takes what was stored.</summary>
    /// <param name="salt">At most <see cref="MaxSaltLength"/> bytes.</param>
    /// <param name="iterations">From <see cref="MinIterations"/> to <see cref="MaxIterations"/>.</param>
    public ScramSalt(ReadOnlyMemory<byte> salt, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(salt.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(salt.Length, MaxSaltLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        (Salt, Iterations) = (salt, iterations);
    }

    /// <summary>Random bytes.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>How many rounds of hashing a guess costs.</summary>
    public int Iterations { get; }

    /// <summary>A salt for a new account.</summary>
    /// <param name="random"><see cref="SaltLength"/> random bytes.</param>
    public static ScramSalt Create(ReadOnlySpan<byte> random) => new(random[..SaltLength].ToArray(), DefaultIterations);

    /// <summary>A salt for a name that nobody has: always the same for the name, and not to be told from a real one.</summary>
    /// <param name="secret">At least 16 random bytes that do not leave the program.</param>
    /// <param name="name">The name as the client sent it.</param>
    /// <param name="length">Bytes, at most <see cref="MaxSaltLength"/>.</param>
    /// <param name="iterations">As of a real one.</param>
    public static ScramSalt Invent(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> name, int length, int iterations) =>
        new(HMACSHA512.HashData(secret, name).AsMemory(0, length), iterations);
}
