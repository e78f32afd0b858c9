using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>Follows the aliases of a name through one response and, where it ends too early, through further ones. Pure.</summary>
internal sealed class AliasChain(DnsQuestion question)
{
    /// <summary>Aliases that are followed: recursive resolvers stop at about a dozen, honest chains have one to three. Arbitrary.</summary>
    internal const int MaxAliases = 8;

    private readonly List<DnsName> _passed = [];
    private bool _isAuthenticated = true;
    private uint _timeToLive = uint.MaxValue;

    /// <summary>What has to be asked now: first the question itself, later the end of the chain so far.</summary>
    internal DnsQuestion Next { get; private set; } = question;

    /// <summary>Takes the response to <see cref="Next"/>, NOERROR or NXDOMAIN. Null: <see cref="Next"/> has to be asked.</summary>
    internal Resolution? Follow(DnsResponse response, bool isAuthenticated)
    {
        _isAuthenticated &= isAuthenticated;
        bool hasMoved = false;
        while (true)
        {
            List<DnsRecord> found = Records(response, Next.Type);
            if (found.Count > 0)
                return Found(found, response.ResponseCode);
            if (Records(response, DnsType.Cname) is not [AliasRecord alias, ..])
                return End(response, hasMoved);
            _passed.Add(Next.Name);
            if (_passed.Count > MaxAliases || _passed.Contains(alias.Target))
                return new Resolution.Unavailable(UnavailableReason.TooManyAliases);
            _timeToLive = Math.Min(_timeToLive, alias.TimeToLive);
            Next = Next with { Name = alias.Target };
            hasMoved = true;
        }
    }

    private List<DnsRecord> Records(DnsResponse response, DnsType type)
    {
        var found = new List<DnsRecord>();
        foreach (DnsRecord record in response.Answers)
        {
            if (record.Type == type && record.Owner.Equals(Next.Name))
                found.Add(record);
        }
        return found;
    }

    private Resolution Found(List<DnsRecord> records, DnsResponseCode code)
    {
        // The code speaks of the last name of the chain (RFC 6604 §3): "does not exist" beside its records is no answer that
        // mail should be bounced or sent upon.
        if (code != DnsResponseCode.NoError)
            return new Resolution.Unavailable(UnavailableReason.BadAnswer);
        foreach (DnsRecord record in records)
            _timeToLive = Math.Min(_timeToLive, record.TimeToLive);
        return new Resolution.Found(Next.Name, records) { IsAuthenticated = _isAuthenticated, TimeToLive = Math.Max(_timeToLive, 1) };
    }

    private Resolution? End(DnsResponse response, bool hasMoved)
    {
        // Without an SOA nobody has said how long the "no" holds: not to be remembered (RFC 2308 §5).
        uint timeToLive = Math.Min(_timeToLive, response.NegativeTimeToLive ?? 0);
        if (response.ResponseCode == DnsResponseCode.NameError)
            return new Resolution.NoSuchName { IsAuthenticated = _isAuthenticated, TimeToLive = timeToLive };
        // An alias and nothing else: without an SOA the server has merely not gone on (RFC 2308 §2.2 has one in a "no").
        if (hasMoved && response.NegativeTimeToLive is null)
            return null;
        return new Resolution.NoRecords(Next.Name) { IsAuthenticated = _isAuthenticated, TimeToLive = timeToLive };
    }
}
