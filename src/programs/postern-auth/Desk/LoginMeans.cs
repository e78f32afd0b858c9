using Postern.Auth.Sources;
using Postern.Auth.Store;

namespace Postern.Auth.Desk;

/// <summary>What logins are judged by.</summary>
/// <param name="Book">Who may log in, who tried, and how often it may be tried.</param>
/// <param name="Vouchers">What tls says of clients' certificates.</param>
/// <param name="Time">The clock.</param>
internal sealed record LoginMeans(LoginBook Book, VoucherLine Vouchers, TimeProvider Time)
{
    /// <summary>Which tokens hold; null when none do.</summary>
    internal TokenStore? Tokens { get; init; }

    /// <summary>Who judges passwords; null when the accounts of the folder do.</summary>
    internal IPasswordSource? Passwords { get; init; }
}
