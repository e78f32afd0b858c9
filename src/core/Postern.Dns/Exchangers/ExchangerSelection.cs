using Postern.Dns.Wire;

namespace Postern.Dns.Exchangers;

/// <summary>Picks and orders the exchangers of a domain (RFC 5321 §5.1). Pure but for the order of equals.</summary>
public static class ExchangerSelection
{
    /// <summary>Exchangers that are kept, the best ones. Large domains have five to ten; arbitrary above that.</summary>
    public const int MaxExchangers = 20;

    /// <summary>Judges the MX records of a domain, at least one.</summary>
    /// <param name="records">Of type MX; others are passed over.</param>
    /// <param name="ownNames">Names of this host.</param>
    /// <param name="random">Decides the order among equal preferences.</param>
    /// <param name="isAuthenticated">Handed on.</param>
    public static MailRoute Select(
        IReadOnlyList<DnsRecord> records, IReadOnlySet<DnsName> ownNames, IRandomSource random, bool isAuthenticated)
    {
        List<MailExchanger> usable = Usable(records, out bool areAllNull);
        if (usable.Count == 0)
            return areAllNull ? new MailRoute.NullMx() : new MailRoute.NoUsableExchanger();
        DropFromOwnPreferenceOn(usable, ownNames);
        if (usable.Count == 0)
            return new MailRoute.LoopsToSelf();
        // Shuffled first and then sorted by a sort that keeps the order of equals: RFC 5321 §5.1 wants the load spread.
        MailExchanger[] shuffled = [.. usable];
        random.Shuffle<MailExchanger>(shuffled);
        MailExchanger[] inOrder = [.. shuffled.OrderBy(exchanger => exchanger.Preference).Take(MaxExchangers)];
        return new MailRoute.Exchangers(inOrder, IsImplicit: false, isAuthenticated);
    }

    // RFC 7505 §3 speaks of a single "MX 0 .". With another number, or said twice, it still can't mean anything else; beside
    // real exchangers it is a mistake and is passed over like other entries that name no host.
    private static List<MailExchanger> Usable(IReadOnlyList<DnsRecord> records, out bool areAllNull)
    {
        areAllNull = true;
        var best = new Dictionary<DnsName, ushort>();
        foreach (DnsRecord record in records)
        {
            if (record is not ExchangerRecord { Exchanger: var name, Preference: ushort preference } || name.IsRoot)
                continue;
            areAllNull = false;
            if (!name.IsHostName)
                continue;
            best[name] = best.TryGetValue(name, out ushort earlier) ? Math.Min(earlier, preference) : preference;
        }
        return [.. best.Select(entry => new MailExchanger(entry.Value, entry.Key))];
    }

    // Hosts with our preference value or a higher one would hand the mail to us: that is the loop.
    private static void DropFromOwnPreferenceOn(List<MailExchanger> exchangers, IReadOnlySet<DnsName> ownNames)
    {
        int own = int.MaxValue;
        foreach (MailExchanger exchanger in exchangers)
        {
            if (ownNames.Contains(exchanger.Name))
                own = Math.Min(own, exchanger.Preference);
        }
        exchangers.RemoveAll(exchanger => exchanger.Preference >= own);
    }
}
