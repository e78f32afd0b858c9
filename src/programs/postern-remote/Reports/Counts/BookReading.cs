using Postern.Mail;

namespace Postern.Remote.Reports.Counts;

/// <summary>Makes a book of the lines of its text, one after the other.</summary>
internal sealed class BookReading
{
    private readonly List<string> _lines = [];
    private readonly List<string> _hosts = [];

    // Where counts go that are read now; null before the first domain.
    private DomainCounts? _counts;
    private PendingReport? _report;
    private (PolicyType Type, long Successes)? _policy;
    private AppliedPolicy? _built;

    /// <summary>What was read so far.</summary>
    internal ReportBook Book { get; } = new();

    /// <summary>True once the day was read.</summary>
    internal bool HasDay { get; private set; }

    /// <summary>Takes a line; false when it is none, or has no place here.</summary>
    internal bool Take(string[] fields) => (fields[0], fields.Length) switch
    {
        ("day", 3) => TakeDay(fields[1], fields[2]),
        ("domain", 2) => HasDay && TakeDomain(fields[1]),
        ("report", 5) => HasDay && TakeReport(fields),
        ("done", 2) => _report is not null && _policy is null && TakeDone(fields[1]),
        ("policy", 3) => _counts is not null && TakePolicy(fields[1], fields[2]),
        ("line", 2) => TakeText(_lines, fields[1]),
        ("host", 2) => TakeText(_hosts, fields[1]),
        ("failure", 6) => TakeFailure(fields),
        _ => false,
    };

    /// <summary>No more lines: the last policy is whole.</summary>
    internal bool Finish() => Build();

    private bool TakeDay(string text, string uncounted)
    {
        if (HasDay || ReportsText.DayOf(text) is not { } day || ReportsText.Number(uncounted) is not { } sessions)
        {
            return false;
        }

        Book.Begin(day, sessions);
        return HasDay = true;
    }

    private bool TakeDomain(string domain)
    {
        _counts = Build() && _report is null && IsDomain(domain) ? Book.Open(domain) : null;
        return _counts is not null;
    }

    private bool TakeReport(string[] fields)
    {
        if (!Build() || !IsDomain(fields[1]) || ReportsText.DayOf(fields[2]) is not { } day
            || ReportsText.Number(fields[3]) is not { } due || due > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || ReportsText.Number(fields[4]) is not { } tries || tries > int.MaxValue)
        {
            return false;
        }

        _counts = new DomainCounts();
        _report = new PendingReport(fields[1], day, _counts) { Due = DateTimeOffset.FromUnixTimeSeconds(due), Tries = (int)tries };
        Book.Owe(_report);
        return true;
    }

    private bool TakeDone(string address)
    {
        _report!.Settle(address);
        return true;
    }

    private bool TakePolicy(string type, string successes)
    {
        if (!Build() || ReportWords.PolicyOf(type) is not { } known || ReportsText.Number(successes) is not { } sessions)
        {
            return false;
        }

        _policy = (known, sessions);
        return true;
    }

    private bool TakeText(List<string> list, string text)
    {
        list.Add(text);
        return _policy is not null && _built is null;
    }

    private bool TakeFailure(string[] fields)
    {
        if (_policy is null || ReportWords.FailureOf(fields[1]) is not { } type || ReportsText.Number(fields[5]) is not { } sessions || !BuildPolicy())
        {
            return false;
        }

        return Book.TryCount(_counts!, _built!, new SessionFailure(type, fields[2], fields[3], fields[4]), sessions);
    }

    // A policy without failures is counted when the next thing begins.
    private bool Build()
    {
        var isRight = _policy is null || BuildPolicy();
        _policy = null;
        _built = null;
        _lines.Clear();
        _hosts.Clear();
        return isRight;
    }

    private bool BuildPolicy()
    {
        if (_built is not null)
        {
            return true;
        }

        _built = new AppliedPolicy(_policy!.Value.Type, _lines, _hosts);
        return Book.TryCount(_counts!, _built, null, _policy.Value.Successes);
    }

    private static bool IsDomain(string text) => DomainName.TryParse(text, out var domain) && domain.ToString() == text;
}
