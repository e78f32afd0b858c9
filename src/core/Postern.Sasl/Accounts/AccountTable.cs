using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Postern.Sasl;

/// <summary>The accounts of a file, to be asked.</summary>
public sealed class AccountTable : IAccounts
{
    /// <summary>Enough to see that two are the same.</summary>
    private const int DigestBytes = 4;

    private readonly Dictionary<string, Account> _accounts;
    private readonly SaltShapes _shapes;
    private readonly byte[] _secret;

    // What is offered for an unknown name is compared with it, as with an account's; nobody knows a password that would be right.
    private readonly AccountPassword _nobodys;

    /// <summary>Takes what was read.</summary>
    /// <param name="accounts">The accounts; no name twice.</param>
    /// <param name="secret">At least 16 random bytes, from which the salts of unknown names are made.</param>
    public AccountTable(IEnumerable<Account> accounts, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 16);
        _accounts = accounts.ToDictionary(account => account.Name, StringComparer.Ordinal);
        _shapes = new SaltShapes(_accounts.Values);
        _secret = secret.ToArray();
        _nobodys = new AccountPassword("", new ScramVerifier(HMACSHA256.HashData(_secret, "stored"u8), HMACSHA256.HashData(_secret, "server"u8)));
    }

    /// <summary>How many there are.</summary>
    public int Count => _accounts.Count;

    /// <summary>True for the name of an account, as <see cref="AccountName.TryParse"/> gives it.</summary>
    public bool Has(string name) => _accounts.ContainsKey(name);

    /// <summary>What stands in the log for a name that nobody has: the same for the same until the next start. The name can't be found by trying.</summary>
    /// <param name="name">As the client sent it: often enough a password.</param>
    public string DigestOf(ReadOnlySpan<byte> name)
    {
        // Another input than that of the salts, which are sent out.
        byte[] input = [.. "digest "u8, .. name];
        return $"unknown {Convert.ToHexStringLower(HMACSHA256.HashData(_secret, input).AsSpan(0, DigestBytes))}";
    }

    /// <inheritdoc/>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
    {
        // An invented salt belongs to the one form of the name, as a real one does.
        bool isName = AccountName.TryParse(name, out string text);
        var invented = new Account(text, _shapes.Invent(_secret, isName ? Encoding.UTF8.GetBytes(text) : name), [_nobodys]);
        bool known = _accounts.TryGetValue(text, out var found);
        account = found ?? invented;
        return known;
    }
}
