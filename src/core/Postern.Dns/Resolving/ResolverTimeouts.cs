namespace Postern.Dns.Resolving;

/// <summary>How long a resolver waits. RFC 1123 §6.1.3.3 demands a finite bound and growing intervals; the numbers are:</summary>
public static class ResolverTimeouts
{
    /// <summary>
    /// For an answer to the first datagram to a server: the lower end of the 2 to 5 seconds of RFC 1035 §4.2.1, and c-ares'
    /// default. A resolver next door has either the answer in milliseconds or a slow zone to ask, for which the second round is.
    /// </summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>Each server is asked at most twice, as by default in resolv.conf(5); the second wait is twice the first.</summary>
    public const int Rounds = 2;

    /// <summary>For a whole exchange by TCP: resolv.conf(5)'s default for any answer.</summary>
    public static readonly TimeSpan StreamWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For a question altogether, aliases included: three servers, two rounds, 3 × 2 + 3 × 4 s = 18 s. Mail can wait, and a
    /// later attempt costs nothing, so there is no reason to hold a delivery slot for longer.
    /// </summary>
    public static readonly TimeSpan Overall = TimeSpan.FromSeconds(20);
}

/// <summary>A point in time after which a question is given up.</summary>
internal readonly struct Deadline(TimeProvider clock, TimeSpan span)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>What is left, zero or more.</summary>
    internal TimeSpan Remaining
    {
        get
        {
            TimeSpan left = span - clock.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    internal bool HasPassed => Remaining == TimeSpan.Zero;

    /// <summary>A deadline this far from now, but no later than this one.</summary>
    internal Deadline Within(TimeSpan wait) => new(clock, wait < Remaining ? wait : Remaining);
}
