using Postern.Posix;
using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>The accounts as they stand in their file, read again whenever another file has its name.</summary>
/// <param name="folder">The folder.</param>
/// <param name="log">The log.</param>
internal sealed class AccountStore(DirectoryHandle folder, EventLog log)
{
    // The salts of names that nobody has are made from it: the same until the next start.
    private readonly byte[] _secret = RandomBytes.Take(32);
    private FileStatus? _seen;
    private bool _isMissing;
    private AccountTable? _table;

    /// <summary>The accounts; null when they can't be read, and never could.</summary>
    internal AccountTable? Current
    {
        get
        {
            var found = folder.GetStatus(AccountFile.FileName, out var status);
            if (found.Fault == FileFault.NotFound)
            {
                // Nobody has an account yet.
                (_table, _seen) = (_isMissing ? _table : new AccountTable([], _secret), null);
                _isMissing = true;
                return _table;
            }

            // Whole files alone get the name: one that was read needs no second look.
            if (!found.Ok || status != _seen)
            {
                _isMissing = false;
                _seen = found.Ok ? status : null;
                Read();
            }

            return _table;
        }
    }

    private void Read()
    {
        var opened = folder.OpenFile(AccountFile.FileName, OpenFlags.Read | OpenFlags.NoWait, 0, out var file);
        using (file)
        {
            var text = new byte[AccountFile.MaxLength + 1];
            var read = opened.Ok ? file!.Read(0, text) : opened;
            if (!read.Ok || read.Value > AccountFile.MaxLength)
            {
                Tell(read.Ok ? $"it has more than {AccountFile.MaxLength} bytes" : read.ToString());
                return;
            }

            if (!AccountFile.TryRead(text.AsSpan(0, (int)read.Value), out var accounts, out var fault))
            {
                Tell($"line {fault!.Line}: {fault.Reason}");
                return;
            }

            _table = new AccountTable(accounts, _secret);
            log.Info("accounts-read").Number("accounts", accounts.Count).Write();
        }
    }

    private void Tell(string reason) =>
        log.Error("accounts-unreadable").Quoted("reason", reason).Word("stay", _table is null ? "none" : "the-old").Write();
}
