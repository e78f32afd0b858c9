using Postern.Acme.Web;
using Postern.Ipc.Issuance;

namespace Postern.Acme.Keys;

/// <summary>When the next certificate is due, and what answers to challenges end with.</summary>
/// <param name="DueIn">Zero for now.</param>
/// <param name="Thumbprint">The thumbprint of the account's key.</param>
internal sealed record KeyState(TimeSpan DueIn, string Thumbprint);

/// <summary>The program that has the keys.</summary>
internal interface ISigner
{
    /// <summary>Asks whether there is anything to do; null when nobody answers.</summary>
    ValueTask<KeyState?> AskAsync();

    /// <summary>Has a request signed; null when nobody does.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="nonce">The authority's nonce.</param>
    /// <param name="place">Where it goes.</param>
    /// <param name="account">The account; null while there is none.</param>
    ValueTask<byte[]?> SignAsync(SignedPurpose purpose, string nonce, WebPlace place, WebPlace? account);

    /// <summary>Hands in the certificate that came of it; null when nobody takes it, and the state that is then otherwise.</summary>
    ValueTask<KeyState?> HandInAsync(byte[] chain);
}
