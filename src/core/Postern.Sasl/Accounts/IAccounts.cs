using System.Diagnostics.CodeAnalysis;

namespace Postern.Sasl;

/// <summary>Who may log in with a password.</summary>
public interface IAccounts
{
    /// <summary>Finds an account.</summary>
    /// <param name="name">As the client sent it: any bytes.</param>
    /// <param name="account">The account, or for a name that nobody has one that no password is right for: nobody can tell
    /// from what is said, nor from how long it takes, which of them it is.</param>
    /// <returns>True when there is such an account.</returns>
    bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account);
}
