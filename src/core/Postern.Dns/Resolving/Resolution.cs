using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>Something that answers questions: a resolver, a cache before one, or a table in a test.</summary>
public interface INameResolver
{
    /// <summary>Looks a name up, aliases followed. Never throws for anything that the network or a server does.</summary>
    ValueTask<Resolution> ResolveAsync(DnsQuestion question);
}

/// <summary>What came of a question: one of four outcomes, of which only <see cref="Unavailable"/> may be different in a minute.</summary>
public abstract record Resolution
{
    private Resolution()
    {
    }

    /// <summary>The answer's signatures were verified by a server that we trust to say so (AD); meaningless when unavailable.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>Seconds for which the outcome holds; 0: not to be remembered.</summary>
    internal uint TimeToLive { get; init; }

    /// <summary>There are records.</summary>
    /// <param name="CanonicalName">The owner of the records: the name asked for, or where its aliases lead.</param>
    /// <param name="Records">At least one, all of the type asked for, at most <see cref="DnsResponse.MaxRecords"/>.</param>
    public sealed record Found(DnsName CanonicalName, IReadOnlyList<DnsRecord> Records) : Resolution;

    /// <summary>The name exists, but has no record of this type (NODATA, RFC 2308 §2.2).</summary>
    /// <param name="CanonicalName">The name asked for, or where its aliases lead.</param>
    public sealed record NoRecords(DnsName CanonicalName) : Resolution;

    /// <summary>The name, or the one that its aliases lead to, does not exist (NXDOMAIN, RFC 2308 §2.1).</summary>
    public sealed record NoSuchName : Resolution;

    /// <summary>Nobody knows at present: temporary, whatever the reason.</summary>
    public sealed record Unavailable(UnavailableReason Reason) : Resolution;
}

/// <summary>Why a question stayed without an answer.</summary>
public enum UnavailableReason
{
    None = 0,
    /// <summary>No server is configured.</summary>
    NoServer,
    /// <summary>No server answered in time.</summary>
    TimedOut,
    /// <summary>A server could not be reached, or closed the connection.</summary>
    NetworkError,
    /// <summary>SERVFAIL, which is also how a validating server reports forged or broken signatures (RFC 4035 §5.5).</summary>
    ServerFailure,
    /// <summary>REFUSED: the server does not work for us.</summary>
    Refused,
    /// <summary>The server does not resolve, or sent something that is no usable answer.</summary>
    BadAnswer,
    /// <summary>The aliases of the name lead in a circle or through more than eight others.</summary>
    TooManyAliases,
}
