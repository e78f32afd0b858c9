namespace Postern.Directory.Tables;

/// <summary>The tables in force: replaced on a reload, and when the system users change.</summary>
internal sealed class CurrentBook(PasswordWatch passwords)
{
    private AddressBook? _book;
    private SystemUserSet? _users;

    /// <summary>The tables.</summary>
    /// <exception cref="InvalidOperationException">Asked before there were any: our own bug.</exception>
    internal AddressBook Book
    {
        get
        {
            var book = _book ?? throw new InvalidOperationException("No tables yet.");
            if (book.WantsSystemUsers && (passwords.Look() ?? _users) is { } users && users != book.SystemUsers)
            {
                _users = users;
                _book = book = book.With(users);
            }

            return book;
        }
    }

    /// <summary>Takes a new slice.</summary>
    /// <returns>False when it can't be read; the old tables stay.</returns>
    internal bool Replace(ReadOnlySpan<byte> slice)
    {
        if (!AddressBookBuilder.TryRead(slice, out var book))
        {
            return false;
        }

        _book = book;
        return true;
    }
}
