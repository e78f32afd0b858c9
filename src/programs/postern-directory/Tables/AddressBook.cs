using System.Diagnostics.CodeAnalysis;
using Postern.Ipc.Directory;
using Postern.Mail;
using Postern.Text;

namespace Postern.Directory.Tables;

/// <summary>Everything that is known of addresses, as it stood at one moment; it never changes.</summary>
/// <remarks>
/// A local part is looked up whole and then, from its end, without one extension after another ("user-a+b", "user-a",
/// "user"): the longest match wins. At each length an alias goes before a mailbox, and an entry for the one domain before
/// an entry for all. What nobody has goes to the domain's catch-all. ASCII case makes no difference.
/// <para>
/// An extension does not reach an alias that is a list: anybody can make up as many of them as he likes, and each would be
/// another copy for every member at the price of one RCPT (attack F10).
/// </para>
/// </remarks>
internal sealed class AddressBook
{
    private readonly AddressBookBuilder _tables;
    private readonly MailDomain _ownName;

    /// <summary>Takes over the tables, which must not change any more.</summary>
    internal AddressBook(AddressBookBuilder tables, MailDomain ownName, SystemUserSet? users = null)
    {
        _tables = tables;
        _ownName = ownName;
        SystemUsers = users;
    }

    /// <summary>True when system accounts are mailboxes of the own domains.</summary>
    internal bool WantsSystemUsers => _tables.WantsSystemUsers;

    /// <summary>The system users; null while they could not be read.</summary>
    internal SystemUserSet? SystemUsers { get; }

    private static ReadOnlySpan<byte> PostmasterName => "postmaster"u8;

    /// <summary>The same book with other system users.</summary>
    internal AddressBook With(SystemUserSet users) => new(_tables, _ownName, users);

    /// <summary>Reads an address from a peer; the bare postmaster of RFC 5321 §4.5.1 is this host's.</summary>
    internal bool TryRead(ReadOnlySpan<byte> address, [NotNullWhen(true)] out Mailbox? mailbox) =>
        Ascii.EqualsIgnoreCase(address, PostmasterName)
            ? Mailbox.TryCreate(PostmasterName, _ownName, out mailbox)
            : Mailbox.TryParse(address, allowUtf8: true, out mailbox);

    /// <summary>Says at RCPT whether an address is ours and somebody has it.</summary>
    internal AddressVerdict Judge(ReadOnlySpan<byte> address)
    {
        if (!TryRead(address, out var mailbox))
        {
            return AddressVerdict.Unknown;
        }

        // A literal names a host, not a domain of ours: only smtpd knows which addresses are its own.
        if (OwnDomainOf(mailbox) is not { } domain)
        {
            return AddressVerdict.Foreign;
        }

        return Find(mailbox, final: false).Found switch
        {
            // Somebody else knows the users of a domain that is only passed on, unless they are listed here.
            MatchKind.Nobody => domain is { Relayed: true, HasMailboxes: false } ? AddressVerdict.Local : AddressVerdict.Unknown,
            MatchKind.Unavailable => AddressVerdict.Unavailable,
            _ => AddressVerdict.Local,
        };
    }

    /// <summary>True when the address's mail is delivered here: its domain is ours, and no route takes it elsewhere.</summary>
    internal bool IsDeliveredHere(Mailbox mailbox) => OwnDomainOf(mailbox) is { Relayed: false };

    /// <summary>True when mail for the end of an alias gets to somebody, as far as that can be known here.</summary>
    internal bool HasSomebody(Mailbox end) =>
        !IsDeliveredHere(end) || Find(end, final: true).Mailbox is { Kind: not MailboxKind.Postmaster };

    /// <summary>Looks up an address of an own domain.</summary>
    /// <param name="mailbox">The address.</param>
    /// <param name="final">True: a mailbox or nobody, aliases do not count.</param>
    internal Match Find(Mailbox mailbox, bool final) => Find(mailbox, final ? AliasUse.None : AliasUse.ListsByName);

    private Match Find(Mailbox mailbox, AliasUse use)
    {
        var final = use == AliasUse.None;
        var local = mailbox.LocalPart;
        for (var length = local.Length; length > 0; length = local[..length].LastIndexOfAny((byte)'+', (byte)'-'))
        {
            var match = FindExactly(
                local[..length], mailbox.Domain, use == AliasUse.ListsByName && length < local.Length ? AliasUse.NoLists : use);
            if (match.Found != MatchKind.Nobody)
            {
                return match;
            }
        }

        if (mailbox.IsPostmaster)
        {
            // The one address that every domain must have (RFC 5321 §4.5.1): a catch-all does not swallow it.
            return PostmastersAlias(mailbox.Domain) is not { } alias ? Match.Of(_tables.FirstMailbox ?? MailboxEntry.Postmaster)
                : !final ? Match.Of(alias)
                // The alias was to take it away from the first user, and failed: nobody else is to find it in his mailbox.
                : Match.Of(MailboxEntry.Postmaster);
        }

        return !final && TryFind(_tables.Aliases, [], mailbox.Domain.Text, out var targets) ? Match.Of(targets) : Match.Nobody;
    }

    private static bool TryFind<T>(
        Dictionary<byte[], T> table, ReadOnlySpan<byte> local, ReadOnlySpan<byte> domain, [MaybeNullWhen(false)] out T value)
    {
        Span<byte> key = stackalloc byte[AddressBookBuilder.MaxKey];
        return TryFind(table, key[..AddressBookBuilder.WriteKey(local, domain, key)], out value);
    }

    private static bool TryFind<T>(Dictionary<byte[], T> table, ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out T value) =>
        table.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out value);

    private DomainEntry? OwnDomainOf(Mailbox mailbox) =>
        TryFind(_tables.Domains, mailbox.Domain.Text, out var entry) && entry.Own ? entry : null;

    /// <summary>The alias of a domain's postmaster; this host's is the first domain's, unless it has one of its own.</summary>
    private List<AliasTarget>? PostmastersAlias(MailDomain domain) =>
        TryFind(_tables.Aliases, PostmasterName, domain.Text, out var targets) || TryFind(_tables.AliasesEverywhere, PostmasterName, out targets) ? targets
        : domain.Equals(_ownName) ? _tables.FirstPostmaster
        : null;

    private Match FindExactly(ReadOnlySpan<byte> local, MailDomain domain, AliasUse use)
    {
        if (use != AliasUse.None
            && (TryFind(_tables.Aliases, local, domain.Text, out var targets) || TryFind(_tables.AliasesEverywhere, local, out targets))
            && (use != AliasUse.NoLists || !LeadsToAList(Match.Of(targets), domain)))
        {
            return Match.Of(targets);
        }

        if (TryFind(_tables.Mailboxes, local, domain.Text, out var entry))
        {
            return Match.Of(entry);
        }

        return !WantsSystemUsers ? Match.Nobody
            : SystemUsers is null ? Match.Unavailable
            : SystemUsers.TryFind(local, out entry) ? Match.Of(entry)
            : Match.Nobody;
    }

    /// <summary>True when an alias stands for several addresses, or for one that does; following it has an end.</summary>
    private bool LeadsToAList(Match match, MailDomain domain)
    {
        // More steps than that, or a circle, are no way to anybody.
        for (var step = 0; step < Expansion.MaxDepth && match.Targets is { } targets; step++)
        {
            if (targets.Count > 1)
            {
                return true;
            }

            if (!targets[0].TryResolve(domain, out var mailbox) || !IsDeliveredHere(mailbox))
            {
                return false;
            }

            (match, domain) = (Find(mailbox, AliasUse.All), mailbox.Domain);
        }

        return false;
    }

    /// <summary>Which aliases count in a lookup.</summary>
    private enum AliasUse
    {
        /// <summary>None.</summary>
        None,

        /// <summary>Those that stand for one address.</summary>
        NoLists,

        /// <summary>All by their own names, those that stand for one address with an extension, too.</summary>
        ListsByName,

        /// <summary>All, with an extension, too.</summary>
        All,
    }
}
