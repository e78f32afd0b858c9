using System.Diagnostics.CodeAnalysis;

namespace Postern.Sasl;

/// <summary>The accounts of a file, to be asked.</summary>
public sealed class AccountTable : IAccounts
{
    private readonly Dictionary<string, Account> _accounts;
    private readonly byte[] _secret;

    /// <summary>Takes what was read.</summary>
    /// <param name="accounts">The accounts; no name twice.</param>
    /// <param name="secret">At least 16 random bytes, from which the salts of unknown names are made.</param>
    public AccountTable(IEnumerable<Account> accounts, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 16);
        _accounts = accounts.ToDictionary(account => account.Name, StringComparer.Ordinal);
        _secret = secret.ToArray();
    }

    /// <inheritdoc/>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
    {
        // An invented salt belongs to the one form of the name, as a real one does.
        bool isName = AccountName.TryParse(name, out string text);
        var invented = new Account(text, ScramSalt.Invent(_secret, isName ? System.Text.Encoding.UTF8.GetBytes(text) : name), []);
        bool known = _accounts.TryGetValue(text, out var found);
        account = found ?? invented;
        return known;
    }
}
