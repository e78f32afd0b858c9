namespace Postern.Sasl;

/// <summary>What PLAIN and LOGIN have in common: a password that the client says.</summary>
internal static class PasswordCheck
{
    /// <summary>Judges name and password. It hashes once, whoever it is and whatever was said, so that time tells nothing.</summary>
    /// <param name="accounts">Who may log in; null when somebody else knows.</param>
    /// <param name="identity">Whom to act as; empty for the account itself.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="password">What was said.</param>
    public static SaslStep Judge(IAccounts? accounts, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        if (accounts is null) return JudgeElsewhere(identity, name, password);
        bool known = accounts.TryFind(name, out var account);
        bool sayable = PasswordText.IsPassword(password);
        // A password that can be nobody's costs what another one does.
        var found = account.Find(sayable ? password : "no password"u8);
        if (!known || !sayable || found is null) return SaslStep.Fail(SaslFailure.Refused);
        return IsOwn(identity, name)
            ? SaslStep.Succeed(new Login(account.Name, found.Label))
            : SaslStep.Fail(SaslFailure.NotAuthorized);
    }

    // Whoever knows gets names that are names, in one spelling, and no other sign of the client's.
    private static SaslStep JudgeElsewhere(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password) =>
        !AccountName.TryParse(name, out string text) || password.Length is 0 or > PasswordClaim.MaxPassword ? SaslStep.Fail(SaslFailure.Refused)
        : !IsOwn(identity, name) ? SaslStep.Fail(SaslFailure.NotAuthorized)
        : SaslStep.Pass(new PasswordClaim(text, password.ToArray()));

    /// <summary>Nobody acts as somebody else: an identity is empty or the name once more.</summary>
    public static bool IsOwn(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> name) =>
        identity.IsEmpty || Ascii.EqualsIgnoreCase(identity, name);
}
