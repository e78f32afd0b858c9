using System.Diagnostics.CodeAnalysis;
using Postern.Auth.Store;
using Postern.Sasl;

namespace Postern.Auth.Desk;

/// <summary>The accounts as one exchange may ask for them: whom it asked for is noted, and whether he may be guessed at now.</summary>
/// <param name="book">Who may log in, and how often it may be tried.</param>
/// <param name="accounts">The accounts when the exchange began.</param>
/// <param name="network">Where the client is.</param>
internal sealed class LimitedAccounts(LoginBook book, AccountTable accounts, ClientNetwork network) : IAccounts
{
    // Nothing is hashed for whoever has to come later but what can't be left out.
    private static readonly ScramSalt _cheapest = new(new byte[ScramSalt.SaltLength], ScramSalt.MinIterations);

    private bool _isKnown;

    // Whom the exchange asked for, in the form of names; empty for nobody, or for what can be no name.
    private string _asked = string.Empty;

    /// <summary>The account that the exchange asked for; empty for none.</summary>
    internal string Name { get; private set; } = string.Empty;

    /// <summary>What stands for a name that no account has; empty for none.</summary>
    internal string Unknown { get; private set; } = string.Empty;

    /// <summary>True when it was tried too often.</summary>
    internal bool IsLimited { get; private set; }

    /// <inheritdoc/>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
    {
        _ = AccountName.TryParse(name, out _asked);
        // Made for an account, too: it takes time.
        var digest = accounts.DigestOf(name);
        (Name, Unknown) = accounts.Has(_asked) ? (_asked, string.Empty) : (string.Empty, digest);

        _isKnown = book.IsKnown(_asked, network);
        IsLimited = !book.Limits.TryBegin(network, _asked, _isKnown);
        if (IsLimited)
        {
            account = new Account(_asked, _cheapest, []);
            return false;
        }

        return accounts.TryFind(name, out account);
    }

    /// <summary>It was right: it does not count as a guess.</summary>
    internal void Succeed() => book.Limits.Succeed(network, _asked, _isKnown);
}
