using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.Directory.Tables;

/// <summary>Follows aliases to their ends.</summary>
/// <remarks>
/// Each address is followed once, so that two lists that name each other cost no more than their length. An alias that
/// leads back to an address which has a mailbox, as in <c>bob -> bob, carol</c>, leaves a copy there. An end that nobody
/// has stays among the targets: its failure is reported for it alone, the others get their copy.
///
/// Postmaster gets its mail whatever the tables say (RFC 5321 §4.5.1): where its alias reaches nobody, it is its own end.
/// What is lost there is the report that nobody else could be told.
/// </remarks>
internal sealed class Expansion
{
    /// <summary>Aliases in a row (attack F8); lists of lists of lists seldom need more than three.</summary>
    internal const int MaxDepth = 20;

    /// <summary>Addresses that one may come to stand for (attack F8).</summary>
    internal const int MaxTargets = 10_000;

    private readonly AddressBook _book;

    // True while it is only asked whether postmaster's alias reaches anybody: then no postmaster on the way is an end.
    private readonly bool _judges;
    private readonly HashSet<Mailbox> _seen = [];
    private readonly HashSet<Mailbox> _path = [];
    private readonly HashSet<Mailbox> _kept = [];
    private readonly List<Mailbox> _targets = [];
    private MeaningOutcome _outcome = MeaningOutcome.Found;

    private Expansion(AddressBook book, bool judges = false) => (_book, _judges) = (book, judges);

    /// <summary>Says what an address from a peer means.</summary>
    /// <param name="book">The tables.</param>
    /// <param name="address">The address.</param>
    /// <param name="final">True: a mailbox or nobody, aliases do not count.</param>
    internal static Meaning Of(AddressBook book, ReadOnlySpan<byte> address, bool final)
    {
        if (!book.TryRead(address, out var mailbox) || !book.IsDeliveredHere(mailbox))
        {
            // The postmaster of our own address was given his name by smtpd, which alone knows our addresses.
            return Meaning.Of(mailbox is { Domain.IsLiteral: true } ? MeaningOutcome.Literal : MeaningOutcome.Unknown);
        }

        var match = book.Find(mailbox, final);
        if (match.Found == MatchKind.Alias && mailbox.IsPostmaster && IsDeadEnd(book, mailbox, match.Targets!))
        {
            match = book.Find(mailbox, final: true);
        }

        return match.Found switch
        {
            MatchKind.Mailbox => new Meaning(MeaningOutcome.Found, match.Mailbox, []),
            MatchKind.Alias => new Expansion(book).Expand(mailbox, match.Targets!),
            MatchKind.Unavailable => Meaning.Of(MeaningOutcome.Unavailable),
            _ => Meaning.Of(MeaningOutcome.Unknown),
        };
    }

    /// <summary>True when nobody gets what goes to postmaster's alias, as far as that can be known here.</summary>
    private static bool IsDeadEnd(AddressBook book, Mailbox postmaster, IReadOnlyList<AliasTarget> targets)
    {
        var way = new Expansion(book, judges: true);
        way.Follow(postmaster, targets, 1);
        return way._outcome == MeaningOutcome.Found ? !way._targets.Exists(book.HasSomebody) : way._outcome != MeaningOutcome.Unavailable;
    }

    private Meaning Expand(Mailbox mailbox, IReadOnlyList<AliasTarget> targets)
    {
        Follow(mailbox, targets, 1);
        return _outcome != MeaningOutcome.Found ? Meaning.Of(_outcome)
            : _targets.Count == 0 ? Meaning.Of(MeaningOutcome.Loop)
            : new Meaning(MeaningOutcome.Found, null, _targets);
    }

    /// <summary>Follows one alias; the depth, and with it the recursion, has a limit.</summary>
    private void Follow(Mailbox alias, IReadOnlyList<AliasTarget> targets, int depth)
    {
        _seen.Add(alias);
        _path.Add(alias);
        foreach (var target in targets)
        {
            if (_outcome != MeaningOutcome.Found)
            {
                break;
            }

            if (target.TryResolve(alias.Domain, out var mailbox))
            {
                Take(mailbox, depth);
            }
            else
            {
                // A name that does not fit its domain: somebody has to correct the table, meanwhile nothing is dropped. But
                // postmaster's mail does not wait for that, since it may be what tells of it.
                _outcome = _judges ? MeaningOutcome.Unknown : MeaningOutcome.Unavailable;
            }
        }

        _path.Remove(alias);
    }

    private void Take(Mailbox mailbox, int depth)
    {
        if (_path.Contains(mailbox))
        {
            TakeBack(mailbox);
            return;
        }

        if (!_seen.Add(mailbox))
        {
            return;
        }

        var match = _book.IsDeliveredHere(mailbox) ? _book.Find(mailbox, final: false) : Match.Nobody;
        if (match.Found == MatchKind.Unavailable)
        {
            _outcome = MeaningOutcome.Unavailable;
        }
        else if (match.Found != MatchKind.Alias || (!_judges && mailbox.IsPostmaster && IsDeadEnd(_book, mailbox, match.Targets!)))
        {
            Keep(mailbox);
        }
        else if (depth == MaxDepth)
        {
            _outcome = MeaningOutcome.TooMany;
        }
        else
        {
            Follow(mailbox, match.Targets!, depth + 1);
        }
    }

    /// <summary>An alias on the way leads back to itself: a copy for its mailbox, if it has one.</summary>
    private void TakeBack(Mailbox mailbox)
    {
        var match = _book.Find(mailbox, final: true);
        if (match.Found == MatchKind.Unavailable)
        {
            _outcome = MeaningOutcome.Unavailable;
        }
        else if (match.Found == MatchKind.Mailbox)
        {
            Keep(mailbox);
        }
    }

    private void Keep(Mailbox mailbox)
    {
        if (!_kept.Add(mailbox))
        {
            return;
        }

        if (_targets.Count == MaxTargets)
        {
            _outcome = MeaningOutcome.TooMany;
            return;
        }

        _targets.Add(mailbox);
    }
}
