using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Writing;
using Postern.Role.Logging;

namespace Postern.Remote.Reports.Sending;

/// <summary>Counts sessions day by day, and has the reports of days that are over sent when their time comes.</summary>
/// <remarks>Not safe for several threads.</remarks>
internal sealed class ReportDesk : ISessionCounts
{
    /// <summary>The reports of a day are spread over so long (RFC 8460 §4.1): all servers of the world have the same midnight.</summary>
    internal static readonly TimeSpan Spread = TimeSpan.FromHours(4);

    /// <summary>A report that is older is given up: its server stood still for days. Arbitrary.</summary>
    internal const int MaxDays = 3;

    /// <summary>Reports that are sent at one time: one host that is slow must not hold up all others. Arbitrary.</summary>
    private const int MaxUnderWay = 5;

    // The clock may be set: so it is looked at now and then, whatever there is to wait for.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(30);

    // Between the tries of a report: a day in all (RFC 8460 §5.5 wants it tried for as long).
    private static readonly TimeSpan[] _pauses =
        [TimeSpan.FromMinutes(20), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(15)];

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly LoopTimer _timer;
    private ReportBook _book = new();
    private int _underWay;
    private bool _isStopped;

    internal ReportDesk(EventLoop loop, EventLog log)
    {
        (_loop, _log) = (loop, log);
        _timer = loop.CreateTimer(Look);
    }

    /// <summary>Sends reports; null while none are sent, and then nothing is counted.</summary>
    internal ReportCourier? Courier { get; set; }

    /// <summary>Called when the book has changed: with true when that should be written down at once.</summary>
    internal Action<bool> Changed { get; init; } = static _ => { };

    /// <summary>What was counted.</summary>
    internal ReportBook Book => _book;

    /// <summary>Takes over what was kept before, and begins.</summary>
    internal void Start(ReportBook? kept)
    {
        _book = kept ?? new ReportBook();
        if (kept is null)
        {
            _book.Begin(Today);
        }

        GiveUpOld();
        Look();
    }

    /// <summary>Begins nothing any more.</summary>
    internal void Stop()
    {
        _isStopped = true;
        _timer.Unset();
    }

    /// <inheritdoc/>
    public void Count(string domain, AppliedPolicy policy, SessionFailure? failure)
    {
        if (Courier is null)
        {
            return;
        }

        EndDays();
        _book.Count(domain, policy, failure);
        Changed(false);
        Arm();
    }

    /// <summary>Ends a day that is over, and sends what is due.</summary>
    internal void Look()
    {
        if (Courier is null || _isStopped)
        {
            return;
        }

        EndDays();
        var now = _loop.Time.GetUtcNow();
        foreach (var report in _book.Pending.Where(report => !report.IsUnderWay && report.Due <= now).OrderBy(static report => report.Due).Take(MaxUnderWay - _underWay).ToArray())
        {
            report.IsUnderWay = true;
            _underWay++;
            _loop.Adopt(SendAsync(report));
        }

        Arm();
    }

    private DateOnly Today => DateOnly.FromDateTime(_loop.Time.GetUtcNow().UtcDateTime);

    private static DateTimeOffset EndOf(DateOnly day) => new(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    // Only forwards: a clock that is set back over midnight would else end each day twice.
    private void EndDays()
    {
        // One that was ahead by days was wrong.
        if (Today <= _book.Day && _book.Day <= Today.AddDays(1))
        {
            return;
        }

        if (_book.Uncounted > 0)
        {
            _log.Warning("tls-reports-full").Number("sessions", _book.Uncounted).Write();
        }

        var now = _loop.Time.GetUtcNow();
        var end = EndOf(_book.Day) < now ? EndOf(_book.Day) : now;
        var name = Courier!.Submitter.HostName;
        _book.EndDay(Today, domain => end.AddSeconds(ReportTitle.Hash($"{name}!{domain}") % (ulong)Spread.TotalSeconds));
        GiveUpOld();
        Changed(true);
    }

    private void Arm()
    {
        if (_isStopped || (_book.Domains.Count == 0 && _book.Pending.Count == 0))
        {
            return;
        }

        var now = _loop.Time.GetUtcNow();
        var next = EndOf(_book.Day);
        foreach (var report in _book.Pending)
        {
            // Who waits for a place is looked at when one is free.
            next = !report.IsUnderWay && report.Due < next && (report.Due > now || _underWay < MaxUnderWay) ? report.Due : next;
        }

        _timer.Set(next <= now ? TimeSpan.Zero : next - now < _longestWait ? next - now : _longestWait);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask SendAsync(PendingReport report)
    {
        var isLast = report.Tries >= _pauses.Length;
        var mayPass = false;
        try
        {
            mayPass = await Courier!.CarryAsync(report, isLast);
        }
        catch (Exception failure)
        {
            // The root of a report: what strangers publish must not end the mail of others, should it bring out a bug.
            _log.Error("tls-report-failed").Quoted("domain", report.Domain).Quoted("to", string.Empty).Quoted("why", failure.ToString()).Word("again", "no").Write();
        }

        _underWay--;
        report.IsUnderWay = false;
        if (mayPass)
        {
            report.Due = _loop.Time.GetUtcNow() + _pauses[report.Tries++];
        }
        else
        {
            _book.Forget(report);
        }

        Changed(false);
        // Not from here: of many that end at once each would begin the next one inside itself.
        Arm();
    }

    // Each day: what is not got rid of would else take the room of what is counted.
    private void GiveUpOld()
    {
        foreach (var old in _book.Pending.Where(report => !report.IsUnderWay && report.Day.AddDays(MaxDays) < Today).ToArray())
        {
            _log.Warning("tls-report-failed").Quoted("domain", old.Domain).Quoted("to", string.Empty).Quoted("why", "it is too old").Word("again", "no").Write();
            _book.Forget(old);
        }
    }
}
