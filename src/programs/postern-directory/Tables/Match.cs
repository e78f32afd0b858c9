using Postern.Ipc.Directory;

namespace Postern.Directory.Tables;

/// <summary>What the tables hold for one address.</summary>
/// <param name="Found">Whether anybody has it.</param>
/// <param name="Mailbox">Its mailbox, when it is one.</param>
/// <param name="Targets">Its targets, when it is an alias.</param>
internal readonly record struct Match(MatchKind Found, MailboxEntry? Mailbox, IReadOnlyList<AliasTarget>? Targets)
{
    /// <summary>Nobody has it.</summary>
    internal static readonly Match Nobody = new(MatchKind.Nobody, null, null);

    /// <summary>The list of system users can't be read, so nothing can be told.</summary>
    internal static readonly Match Unavailable = new(MatchKind.Unavailable, null, null);

    /// <summary>A mailbox.</summary>
    internal static Match Of(MailboxEntry mailbox) => new(MatchKind.Mailbox, mailbox, null);

    /// <summary>An alias.</summary>
    internal static Match Of(IReadOnlyList<AliasTarget> targets) => new(MatchKind.Alias, null, targets);
}

/// <summary>What a lookup ended with.</summary>
internal enum MatchKind
{
    /// <summary>Nobody has the address.</summary>
    Nobody,

    /// <summary>It is a mailbox.</summary>
    Mailbox,

    /// <summary>It is an alias.</summary>
    Alias,

    /// <summary>It can't be told now.</summary>
    Unavailable,
}

/// <summary>A mailbox as the tables name it: what a peer wrote never becomes part of it.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="User">The system user; empty for the other kinds.</param>
/// <param name="Folder">The folder of a virtual mailbox as domain/user; empty for the other kinds.</param>
internal sealed record MailboxEntry(MailboxKind Kind, string User, byte[] Folder)
{
    /// <summary>Where postmaster's mail goes when nobody was named.</summary>
    internal static readonly MailboxEntry Postmaster = new(MailboxKind.Postmaster, string.Empty, []);
}
