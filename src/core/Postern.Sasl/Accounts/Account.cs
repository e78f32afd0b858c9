namespace Postern.Sasl;

/// <summary>Somebody who may log in: a name, and one or more passwords under one salt.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Salt">What all its passwords are hashed with.</param>
/// <param name="Passwords">The password and the app passwords.</param>
public sealed record Account(string Name, ScramSalt Salt, IReadOnlyList<AccountPassword> Passwords)
{
    /// <summary>Finds which of the passwords one is; null when it is none. Hashes once, and compares with all.</summary>
    /// <param name="password">As the client sent it.</param>
    public AccountPassword? Find(ReadOnlySpan<byte> password)
    {
        if (!PasswordText.IsPassword(password)) return null;
        var offered = ScramVerifier.Create(Salt, password);
        AccountPassword? found = null;
        foreach (var one in Passwords)
        {
            if (one.Verifier.Matches(offered)) found = one;
        }
        return found;
    }
}

/// <summary>One password of an account.</summary>
/// <param name="Label">Empty for the account's own, else the name of the device or program that an app password is for.</param>
/// <param name="Verifier">What is kept of it.</param>
public sealed record AccountPassword(string Label, ScramVerifier Verifier);
