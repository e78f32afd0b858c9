using Postern.Config.Errors;
using Postern.Config.Values;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>[logins] and [tokens]: who judges passwords, whose tokens hold, and whether users are told of logins from new places.</summary>
internal static class LoginsSection
{
    private const string Accounts = "accounts";
    private const string Dovecot = "dovecot:";

    /// <summary>What identity providers have an address in.</summary>
    private const string DefaultClaim = "email";

    private const uint DefaultLeeway = 60;
    private const uint MaxLeeway = 600;

    /// <summary>Reads both.</summary>
    internal static LoginSettings Read(SectionReader root)
    {
        var logins = root.Section("logins");
        return new(Source(logins), root.Has("tokens") ? Tokens(root.Section("tokens")) : null, logins.Flag("notices", fallback: true));
    }

    private static string? Source(SectionReader section)
    {
        if (section.Text("passwords") is not { } text || text.Text == Accounts)
        {
            return null;
        }

        if (!text.Text.StartsWith(Dovecot, StringComparison.Ordinal))
        {
            section.Errors.Add(text.Place, $"passwords must be \"{Accounts}\" or \"{Dovecot}/path\", not {Printable.Quote(text.Text)}");
            return null;
        }

        var path = text.Text[Dovecot.Length..];
        if (PathText.Fault(path, SliceLimits.MaxSocket) is not { } fault)
        {
            return path;
        }

        section.Errors.Add(text.Place, $"the socket's path {fault}");
        return null;
    }

    private static TokenSettings? Tokens(SectionReader section)
    {
        foreach (var (key, what) in new[]
        {
            ("issuer", "who issues the tokens, as it stands in them"),
            ("audience", "for whom they are, as it stands in them: else tokens for any other server would log in to this one"),
            ("keys", "the file with the keys that sign them (JWKS)"),
        })
        {
            if (!section.Has(key))
            {
                section.Errors.Add(section.Place, $"{key} is missing in [tokens]: {what}");
            }
        }

        var (issuer, audience, claim) = (Word(section, "issuer"), Word(section, "audience"), Word(section, "claim"));
        var keys = TlsSection.PathWithFolder(section, "keys");
        var leeway = section.Duration("leeway", 0, MaxLeeway) ?? DefaultLeeway;
        return issuer is null || audience is null || keys is null ? null : new TokenSettings(issuer, audience, keys, claim ?? DefaultClaim, leeway);
    }

    private static string? Word(SectionReader section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (text.Text.Length is > 0 and <= SliceLimits.MaxTokenText && !text.Text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text.Text;
        }

        section.Errors.Add(text.Place, $"{key} must have 1 to {SliceLimits.MaxTokenText} printable characters of ASCII");
        return null;
    }
}
