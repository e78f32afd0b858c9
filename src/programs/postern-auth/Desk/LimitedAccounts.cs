using System.Diagnostics.CodeAnalysis;
using Postern.Auth.Store;
using Postern.Sasl;
using Postern.Text;

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
    private bool _hasBegun;

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
        if (!TryBegin(name))
        {
            account = new Account(_asked, _cheapest, []);
            return false;
        }

        return accounts.TryFind(name, out account);
    }

    /// <summary>Notes whom it asks for, and whether he may be guessed at now.</summary>
    internal bool TryBegin(ReadOnlySpan<byte> name)
    {
        _ = AccountName.TryParse(name, out _asked);
        // Made for an account, too: it takes time.
        var digest = accounts.DigestOf(name);
        (Name, Unknown) = accounts.Has(_asked) || book.HasLoggedIn(_asked) ? (_asked, string.Empty) : (string.Empty, digest);

        _isKnown = book.IsKnown(_asked, network);
        IsLimited = !book.Limits.TryBegin(network, _asked, _isKnown);
        _hasBegun = !IsLimited;
        return _hasBegun;
    }

    /// <summary>It was right: it does not count as a guess.</summary>
    internal void Succeed()
    {
        // Certificates and tokens are no guesses, and nothing was counted.
        if (_hasBegun)
        {
            _hasBegun = false;
            book.Limits.Succeed(network, _asked, _isKnown);
        }
    }
}
