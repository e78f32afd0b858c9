using System.Diagnostics.CodeAnalysis;
using Postern.Ipc.Directory;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Directory.Tables;

/// <summary>Reads the slice of <c>directory</c> into an <see cref="AddressBook"/>.</summary>
/// <remarks>
/// postern-config has judged everything already and told the administrator what was wrong. What it can't have written is
/// refused here all the same: a name that would lead out of a folder must not enter the tables by any way.
/// </remarks>
internal sealed class AddressBookBuilder
{
    /// <summary>Room for the longest key.</summary>
    internal const int MaxKey = Mail.Mailbox.MaxLocalPart + 1 + DomainName.MaxLength;

    private AddressBookBuilder()
    {
    }

    /// <summary>Own domains by name.</summary>
    internal Dictionary<byte[], DomainEntry> Domains { get; } = new(FoldedBytes.Comparer);

    /// <summary>Virtual mailboxes by local part without quotes, "@", domain.</summary>
    internal Dictionary<byte[], MailboxEntry> Mailboxes { get; } = new(FoldedBytes.Comparer);

    /// <summary>Aliases of one domain by local part without quotes, "@", domain; catch-alls have no local part.</summary>
    internal Dictionary<byte[], List<AliasTarget>> Aliases { get; } = new(FoldedBytes.Comparer);

    /// <summary>Aliases of every own domain, by local part: apart, since a quoted local part may look like an address.</summary>
    internal Dictionary<byte[], List<AliasTarget>> AliasesEverywhere { get; } = new(FoldedBytes.Comparer);

    /// <summary>The mailbox that was listed first.</summary>
    internal MailboxEntry? FirstMailbox { get; private set; }

    /// <summary>The alias of the first domain that names its postmaster.</summary>
    internal List<AliasTarget>? FirstPostmaster { get; private set; }

    /// <summary>True when system accounts are mailboxes of the own domains.</summary>
    internal bool WantsSystemUsers { get; private set; }

    /// <summary>Reads a slice.</summary>
    /// <returns>False when a frame or a name in it is not as postern-config writes it.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> slice, [NotNullWhen(true)] out AddressBook? book)
    {
        book = null;
        var reader = new SliceReader(slice);
        if (!reader.TryNext(out var type, out var frame) || type != DirectorySlice.Type
            || !DirectorySlice.TryRead(ref frame, out var first) || !DomainName.TryParse(first.HostName, out var name))
        {
            return false;
        }

        var builder = new AddressBookBuilder { WantsSystemUsers = first.SystemUsers };
        builder.AddDomain(name, relayed: false);
        while (reader.TryNext(out type, out frame))
        {
            if (!builder.Add(type, ref frame))
            {
                return false;
            }
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        book = new AddressBook(builder, new MailDomain(name));
        return true;
    }

    /// <summary>The key of an address: its local part without quotes and its domain.</summary>
    /// <param name="local">The local part; empty for a catch-all.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="key">At least <see cref="MaxKey"/> bytes.</param>
    /// <returns>How many bytes of the key were filled.</returns>
    internal static int WriteKey(ReadOnlySpan<byte> local, ReadOnlySpan<byte> domain, Span<byte> key)
    {
        local.CopyTo(key);
        key[local.Length] = (byte)'@';
        domain.CopyTo(key[(local.Length + 1)..]);
        return local.Length + 1 + domain.Length;
    }

    private static byte[] KeyOf(ReadOnlySpan<byte> local, ReadOnlySpan<byte> domain)
    {
        Span<byte> key = stackalloc byte[MaxKey];
        return key[..WriteKey(local, domain, key)].ToArray();
    }

    private bool Add(ushort type, ref FrameReader frame)
    {
        if (type == DomainSlice.Type)
        {
            return DomainSlice.TryRead(ref frame, out var domain) && AddDomain(domain.Domain, relayed: false);
        }

        if (type == RelayedDomainSlice.Type)
        {
            return RelayedDomainSlice.TryRead(ref frame, out var domain) && AddDomain(domain.Domain, relayed: true);
        }

        if (type == MailboxSlice.Type)
        {
            return MailboxSlice.TryRead(ref frame, out var mailbox) && AddMailbox(mailbox.Address);
        }

        return type == AliasSlice.Type && AliasSlice.TryRead(ref frame, out var alias) && AddAlias(alias.Key, alias.Target);
    }

    private bool AddDomain(string text, bool relayed)
    {
        if (!DomainName.TryParse(text, out var name))
        {
            return false;
        }

        AddDomain(name, relayed);
        return true;
    }

    private void AddDomain(DomainName name, bool relayed)
    {
        var entry = EntryOf(name);
        entry.Own = true;
        entry.Relayed |= relayed;
    }

    private DomainEntry EntryOf(DomainName name)
    {
        var key = name.Text.ToArray();
        if (!Domains.TryGetValue(key, out var entry))
        {
            entry = new DomainEntry();
            Domains.Add(key, entry);
        }

        return entry;
    }

    private bool AddMailbox(ReadOnlySpan<byte> address)
    {
        if (!Mail.Mailbox.TryParse(address, allowUtf8: true, out var mailbox) || mailbox.Domain.Name is not { } domain
            || !IsSafeFolder(mailbox.LocalPart))
        {
            return false;
        }

        byte[] folder = [.. domain.Text, (byte)'/', .. mailbox.LocalPart];
        var entry = new MailboxEntry(MailboxKind.Virtual, string.Empty, folder);
        if (Mailboxes.TryAdd(KeyOf(mailbox.LocalPart, domain.Text), entry))
        {
            FirstMailbox ??= entry;
            EntryOf(domain).HasMailboxes = true;
        }

        return true;
    }

    private bool AddAlias(ReadOnlySpan<byte> key, ReadOnlySpan<byte> target)
    {
        if (key.IsEmpty)
        {
            return false;
        }

        if (key[0] == '@')
        {
            return MailDomain.TryParse(key[1..], allowUtf8: true, out var domain, out _)
                && AddTarget(Aliases, KeyOf([], domain.Text), target, domain);
        }

        if (Mail.Mailbox.TryParse(key, allowUtf8: true, out var mailbox))
        {
            var listed = AddTarget(Aliases, KeyOf(mailbox.LocalPart, mailbox.Domain.Text), target, mailbox.Domain);
            if (listed && mailbox.IsPostmaster)
            {
                FirstPostmaster ??= Aliases[KeyOf(mailbox.LocalPart, mailbox.Domain.Text)];
            }

            return listed;
        }

        return BareName.IsValid(key) && AddTarget(AliasesEverywhere, key.ToArray(), target, null);
    }

    private static bool AddTarget(Dictionary<byte[], List<AliasTarget>> aliases, byte[] key, ReadOnlySpan<byte> text, MailDomain? domain)
    {
        if (!AliasTarget.TryRead(text, domain, out var target))
        {
            return false;
        }

        if (!aliases.TryGetValue(key, out var targets))
        {
            targets = [];
            aliases.Add(key, targets);
        }

        targets.Add(target);
        return true;
    }

    /// <summary>True for a local part that can name a folder: one part, not hidden, and readable as it is.</summary>
    private static bool IsSafeFolder(ReadOnlySpan<byte> local)
    {
        if (local[0] == '.')
        {
            return false;
        }

        foreach (var value in local)
        {
            if (value is <= 0x20 or 0x7f or (byte)'/' or (byte)'\\' or (byte)'"')
            {
                return false;
            }
        }

        return true;
    }
}
