using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sasl;

/// <summary>The file with all accounts: a line for each password, three fields parted by tabs: name, label, verifier.</summary>
/// <remarks>
/// The label of an account's own password is "-". Lines that begin with "#" and empty ones are passed over when read, and
/// gone when written. All passwords of an account have one salt (docs/adr/0033).
/// </remarks>
public static class AccountFile
{
    /// <summary>The largest file, in bytes; arbitrary: about 100,000 passwords.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The longest label, in bytes; arbitrary.</summary>
    public const int MaxLabel = 64;

    private const string OwnLabel = "-";

    /// <summary>The file's name; "postern user" puts a new one in its place.</summary>
    public static ReadOnlySpan<byte> FileName => "accounts"u8;

    private static ReadOnlySpan<byte> Heading => "# Written by \"postern user\": name, label, verifier.\n"u8;

    /// <summary>True for the label of an app password: printable ASCII, and not what stands for none.</summary>
    public static bool IsLabel(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text.Length <= MaxLabel && Ascii.IsPrintable(text) && text[0] != ' ' && text[^1] != ' ' && !text.SequenceEqual("-"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="accounts">The accounts, in the order of their names.</param>
    /// <param name="fault">Where and why it can not be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IReadOnlyList<Account>? accounts, out AccountFault? fault)
    {
        accounts = null;
        fault = null;
        var found = new SortedDictionary<string, Account>(StringComparer.Ordinal);
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty || line[0] == '#') continue;
            if (Take(line, found) is not { } reason) continue;
            fault = new AccountFault(number, reason);
            return false;
        }
        accounts = [.. found.Values];
        return true;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="accounts">Accounts with names as <see cref="AccountName"/> reads them.</param>
    public static byte[] Write(IEnumerable<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var text = new StringBuilder();
        foreach (var account in accounts)
        {
            foreach (var password in account.Passwords)
            {
                string label = password.Label.Length == 0 ? OwnLabel : password.Label;
                text.Append(account.Name).Append('\t').Append(label).Append('\t').Append(VerifierText.Write(account.Salt, password.Verifier)).Append('\n');
            }
        }
        return [.. Heading, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>Takes a line; returns what is wrong with it, or null.</summary>
    private static string? Take(ReadOnlySpan<byte> line, SortedDictionary<string, Account> found)
    {
        int first = line.IndexOf((byte)'\t');
        int last = line.LastIndexOf((byte)'\t');
        if (first < 0 || first == last) return "not three fields parted by tabs";
        var label = line[(first + 1)..last];
        if (!AccountName.TryParse(line[..first], out string name)) return "not a name";
        if (!IsLabel(label) && !label.SequenceEqual("-"u8)) return "not a label";
        if (!VerifierText.TryRead(line[(last + 1)..], out var salt, out var verifier)) return "not a verifier";
        string labelText = label.SequenceEqual("-"u8) ? "" : Encoding.ASCII.GetString(label);
        var password = new AccountPassword(labelText, verifier);
        if (!found.TryGetValue(name, out var account))
        {
            found.Add(name, new Account(name, salt, [password]));
            return null;
        }
        if (account.Salt.Iterations != salt.Iterations || !account.Salt.Salt.Span.SequenceEqual(salt.Salt.Span)) return "another salt than the account's first password has";
        if (account.Passwords.Any(other => other.Label == labelText)) return "a second password of the same label";
        found[name] = account with { Passwords = [.. account.Passwords, password] };
        return null;
    }
}

/// <summary>What is wrong with a file of accounts.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Reason">What a person is told.</param>
public sealed record AccountFault(int Line, string Reason);
