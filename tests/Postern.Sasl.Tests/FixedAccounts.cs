using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>Accounts that a test names, at the fewest iterations; for any other name one that no password is right for.</summary>
internal sealed class FixedAccounts : IAccounts
{
    private static readonly byte[] _secret = [.. "a secret of this test"u8];

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that were asked for and that nobody has.</summary>
    internal List<string> Unknown { get; } = [];

    internal FixedAccounts Add(string name, params string[] passwords)
    {
        var salt = new ScramSalt(Encoding.ASCII.GetBytes("salt of " + name), ScramSalt.MinIterations);
        return Add(name, salt, passwords);
    }

    internal FixedAccounts Add(string name, ScramSalt salt, params string[] passwords)
    {
        _accounts.Add(name, new Account(name, salt, [.. passwords.Select((password, place) =>
            new AccountPassword(place == 0 ? "" : $"app {place}", ScramVerifier.Create(salt, Encoding.UTF8.GetBytes(password))))]));
        return this;
    }

    public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
    {
        var text = Encoding.Latin1.GetString(name);
        if (_accounts.TryGetValue(text, out account!)) return true;
        Unknown.Add(text);
        account = new Account(text, ScramSalt.Invent(_secret, name, ScramSalt.SaltLength, ScramSalt.DefaultIterations), []);
        return false;
    }
}
