namespace Postern.Remote.Reports.Counts;

/// <summary>A report that is owed: the sessions of a domain on a day that is over.</summary>
/// <param name="domain">The domain.</param>
/// <param name="day">The day (UTC).</param>
/// <param name="counts">Its sessions.</param>
internal sealed class PendingReport(string domain, DateOnly day, DomainCounts counts)
{
    /// <summary>Addresses of which is kept that they need nothing more: as many as a record may have.</summary>
    internal const int MaxDone = 5;

    private readonly List<string> _done = [];

    /// <summary>The domain.</summary>
    internal string Domain { get; } = domain;

    /// <summary>The day.</summary>
    internal DateOnly Day { get; } = day;

    /// <summary>Its sessions.</summary>
    internal DomainCounts Counts { get; } = counts;

    /// <summary>When it is to be sent, or tried again.</summary>
    internal DateTimeOffset Due { get; set; }

    /// <summary>How often it was tried.</summary>
    internal int Tries { get; set; }

    /// <summary>True while it is being sent.</summary>
    internal bool IsUnderWay { get; set; }

    /// <summary>The addresses that have it, or will never take it.</summary>
    internal IReadOnlyList<string> Done => _done;

    /// <summary>Notes one of them.</summary>
    internal void Settle(string address)
    {
        if (_done.Count < MaxDone)
        {
            _done.Add(address);
        }
    }
}
