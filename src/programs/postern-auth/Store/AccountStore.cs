using Postern.Posix;
using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>The accounts as they stand in their file.</summary>
internal sealed class AccountStore
{
    // The salts of names that nobody has are made from it: the same until the next start.
    private readonly byte[] _secret = RandomBytes.Take(32);
    private readonly WatchedFile<AccountTable> _file;

    /// <param name="folder">The folder.</param>
    /// <param name="log">The log.</param>
    internal AccountStore(DirectoryHandle folder, EventLog log) => _file = new(folder, AccountFile.FileName.ToArray(), AccountFile.MaxLength)
    {
        // Nobody has an account yet.
        WhenMissing = () => new AccountTable([], _secret),
        Read = Read,
        Taken = accounts => log.Info("accounts-read").Number("accounts", accounts.Count).Write(),
        Refused = (reason, stay) => log.Error("accounts-unreadable").Quoted("reason", reason).Word("stay", stay ? "the-old" : "none").Write(),
    };

    /// <summary>The accounts; null when they can't be read, and never could.</summary>
    internal AccountTable? Current => _file.Current;

    private AccountTable? Read(ReadOnlySpan<byte> text, out string? reason)
    {
        var isGood = AccountFile.TryRead(text, out var accounts, out var fault);
        reason = isGood ? null : $"line {fault!.Line}: {fault.Reason}";
        return isGood ? new AccountTable(accounts!, _secret) : null;
    }
}
