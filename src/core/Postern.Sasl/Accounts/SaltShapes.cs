using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Postern.Sasl;

/// <summary>How long salts are and how many iterations they come with, so that those of unknown names are like those of accounts.</summary>
/// <remarks>
/// Accounts may come from other servers, which have other numbers. A name whose challenge has rare ones is then as rare
/// among those that nobody has. Each shape has its stretch of the hashes of names, as long as it is frequent, and always in one order:
/// an account more moves the ends of the stretches, and changes what few names are answered with.
/// </remarks>
internal sealed class SaltShapes
{
    private readonly (int Length, int Iterations, int End)[] _shapes;
    private readonly int _total;

    /// <summary>Takes those of some accounts; those of a new account when there are none.</summary>
    public SaltShapes(IReadOnlyCollection<Account> accounts)
    {
        var shapes = new List<(int, int, int)>();
        foreach (var ((length, iterations), count) in accounts.CountBy(account => (account.Salt.Salt.Length, account.Salt.Iterations)).OrderBy(shape => shape.Key))
        {
            _total += count;
            shapes.Add((length, iterations, _total));
        }
        if (_total == 0) shapes.Add((ScramSalt.SaltLength, ScramSalt.DefaultIterations, _total = 1));
        _shapes = [.. shapes];
    }

    /// <summary>Makes the salt of a name that nobody has.</summary>
    /// <param name="secret">What <see cref="ScramSalt.Invent"/> takes.</param>
    /// <param name="name">The name.</param>
    public ScramSalt Invent(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> name)
    {
        // Another hash than the one that makes the salt, which is sent out.
        ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(secret, name));
        int place = (int)Math.BigMul(hash, (ulong)_total, out _);
        int at = 0;
        while (_shapes[at].End <= place) at++;
        return ScramSalt.Invent(secret, name, _shapes[at].Length, _shapes[at].Iterations);
    }
}
