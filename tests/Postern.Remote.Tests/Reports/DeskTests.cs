using System.Text;
using System.Text.Json;
using Postern.Mail;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Records;
using Postern.Remote.Reports.Sending;
using Postern.Remote.Reports.Writing;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Reports;

/// <summary>When reports are sent, to whom, and how often it is tried; the time is simulated.</summary>
public sealed class DeskTests : IDisposable
{
    private const string Wanted = "_smtp._tls.example.net TXT v=TLSRPTv1;rua=mailto:a@example.net";

    // The clock of the tests begins here.
    private static readonly DateOnly _first = new(1970, 1, 2);

    private readonly RemoteUnderTest _remote = new();
    private readonly Recipients _sent = new();
    private readonly List<bool> _changes = [];

    public void Dispose() => _remote.Dispose();

    [Fact]
    public void ReportOfADay_IsSentOnceWithinSomeHoursOfItsEnd()
    {
        var desk = Desk(Wanted);
        desk.Count("example.net", AppliedPolicy.None, null);
        desk.Count("example.net", AppliedPolicy.None, null);
        Pass(TimeSpan.FromHours(23.9));
        Assert.Empty(_sent.Lines);
        Pass(ReportDesk.Spread + TimeSpan.FromHours(0.2));
        Assert.Equal(["mail a@example.net 1970-01-02 2"], _sent.Lines);
        Assert.Empty(desk.Book.Pending);
        Assert.Contains("info remote tls-report-sent domain=\"example.net\" to=\"mailto:a@example.net\"", Logged(), StringComparison.Ordinal);
        Pass(TimeSpan.FromDays(2));
        Assert.Single(_sent.Lines);
    }

    [Fact]
    public void ReportsOfManyDomains_AreSpread()
    {
        var rows = Enumerable.Range(0, 40).Select(each => $"_smtp._tls.d{each}.example TXT v=TLSRPTv1;rua=mailto:a@d{each}.example").ToArray();
        var desk = Desk(rows);
        for (var each = 0; each < 40; each++)
        {
            desk.Count($"d{each}.example", AppliedPolicy.None, null);
        }

        Pass(TimeSpan.FromDays(1));
        var early = _sent.Lines.Count;
        Pass(TimeSpan.FromHours(2));
        Assert.InRange(_sent.Lines.Count - early, 8, 32);
        Pass(TimeSpan.FromHours(2));
        Assert.Equal(40, _sent.Lines.Count);
    }

    [Theory]
    [InlineData("_smtp._tls.other.example TXT x")]
    [InlineData("_smtp._tls.example.net TXT v=TLSRPTv1;rua=ftp://example.net/")]
    [InlineData("_smtp._tls.example.net TXT v=TLSRPTv1;rua=nonsense")]
    [InlineData(Wanted + "|" + Wanted)]
    public void DomainThatWantsNone_GetsNone(string rows)
    {
        var desk = Desk(rows.Split('|'));
        desk.Count("example.net", AppliedPolicy.None, null);
        Pass(TimeSpan.FromHours(29));
        Assert.Empty(_sent.Lines);
        Assert.Empty(desk.Book.Pending);
        Assert.DoesNotContain("tls-report", Logged(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReportThatFails_IsTriedAgainForADay_AndThenGivenUp()
    {
        var desk = Desk(Wanted);
        _sent.Answer = _ => new SendResult("not now", true);
        desk.Count("example.net", AppliedPolicy.None, null);
        Pass(TimeSpan.FromHours(24 + 4));
        var began = _sent.Lines.Count;
        Assert.InRange(began, 1, 3);
        Pass(TimeSpan.FromHours(24));
        Assert.Equal(5, _sent.Lines.Count);
        Assert.Empty(desk.Book.Pending);
        Assert.Equal(4, Count("why=\"not now\" again=yes"));
        Assert.Equal(1, Count("why=\"not now\" again=no"));
    }

    [Fact]
    public void EachAddress_GetsItOnce_AndTheOneThatFailedIsTriedAgain()
    {
        var desk = Desk("_smtp._tls.example.net TXT v=TLSRPTv1;rua=mailto:a@example.net,https://b.example/c,mailto:d@example.net");
        _sent.Answer = to => to == "a@example.net" ? SendResult.Sent : new SendResult("no", to == "https://b.example/c");
        desk.Count("example.net", AppliedPolicy.None, null);
        Pass(TimeSpan.FromHours(28));
        _sent.Answer = _ => SendResult.Sent;
        Pass(TimeSpan.FromHours(24));
        Assert.Equal(1, _sent.Lines.Count(line => line.StartsWith("mail a@", StringComparison.Ordinal)));
        Assert.Equal(1, _sent.Lines.Count(line => line.StartsWith("mail d@", StringComparison.Ordinal)));
        Assert.Equal(1, Count("info remote tls-report-sent domain=\"example.net\" to=\"https://b.example/c\""));
        Assert.Empty(desk.Book.Pending);
    }

    [Fact]
    public void AddressThatNobodyCanTell_IsAskedForAgain()
    {
        var desk = Desk("_smtp._tls.example.net TXT SERVFAIL");
        desk.Count("example.net", AppliedPolicy.None, null);
        Pass(TimeSpan.FromHours(28));
        Assert.Single(desk.Book.Pending);
        Assert.Contains("why=\"no name server could tell where it goes\" again=yes", Logged(), StringComparison.Ordinal);
        Pass(TimeSpan.FromHours(24));
        Assert.Empty(desk.Book.Pending);
    }

    // Whoever has many domains could have all of them send their reports to somebody who never asked.
    [Fact]
    public void OneHost_GetsSoManyADayAndNoMore()
    {
        var domains = ReportLimits.MaxReports + 20;
        var desk = Desk([.. Enumerable.Range(0, domains).Select(each => $"_smtp._tls.d{each}.example TXT v=TLSRPTv1;rua=mailto:u{each}@victim.example")]);
        for (var each = 0; each < domains; each++)
        {
            desk.Count($"d{each}.example", AppliedPolicy.None, null);
        }

        Pass(TimeSpan.FromHours(28.5));
        Assert.Equal(ReportLimits.MaxReports, _sent.Lines.Count);
        Assert.Equal(20, Count("so many reports went there today"));
        Assert.Empty(desk.Book.Pending);
    }

    [Fact]
    public void WhatIsKept_IsSentByTheNextStart()
    {
        var desk = Desk(Wanted);
        desk.Book.Count("example.net", AppliedPolicy.None, null, 3);
        Assert.True(ReportsText.TryRead(ReportsText.Write(desk.Book), out var kept));
        desk.Stop();
        _remote.Clock.Pass(TimeSpan.FromHours(30));
        var next = new ReportDesk(_remote.Loop, _remote.EventLog) { Courier = Courier(Wanted) };
        next.Start(kept);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["mail a@example.net 1970-01-02 3"], _sent.Lines);
    }

    [Fact]
    public void WhatIsKeptAndTooOld_IsGivenUp()
    {
        var desk = Desk(Wanted);
        desk.Count("example.net", AppliedPolicy.None, null);
        desk.Stop();
        desk.Book.EndDay(_first.AddDays(1), _ => _remote.Clock.GetUtcNow());
        _remote.Clock.Pass(TimeSpan.FromDays(5));
        var next = new ReportDesk(_remote.Loop, _remote.EventLog) { Courier = Courier(Wanted) };
        next.Start(desk.Book);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(_sent.Lines);
        Assert.Contains("why=\"it is too old\" again=no", Logged(), StringComparison.Ordinal);
    }

    // Also where nothing starts anew for weeks.
    [Fact]
    public void WhatIsOwedForTooLong_IsGivenUp()
    {
        var desk = Desk(Wanted);
        desk.Book.Owe(new PendingReport("example.net", _first, new DomainCounts()) { Due = _remote.Clock.GetUtcNow().AddDays(30) });
        desk.Look();
        Pass(TimeSpan.FromDays(ReportDesk.MaxDays + 0.9));
        Assert.Single(desk.Book.Pending);
        Pass(TimeSpan.FromDays(0.2));
        Assert.Empty(desk.Book.Pending);
        Assert.Empty(_sent.Lines);
        Assert.Contains("domain=\"example.net\" to=\"\" why=\"it is too old\" again=no", Logged(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsUnderWay_IsNotGivenUpMeanwhile()
    {
        var desk = Desk(Wanted);
        _sent.Delay = new TaskCompletionSource();
        desk.Book.Owe(new PendingReport("example.net", _first, new DomainCounts()) { Due = _remote.Clock.GetUtcNow() });
        desk.Look();
        Pass(TimeSpan.FromDays(ReportDesk.MaxDays + 2));
        Assert.True(Assert.Single(desk.Book.Pending).IsUnderWay);
        _sent.Delay.SetResult();
        Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(["mail a@example.net 1970-01-02 0"], _sent.Lines);
        Assert.Empty(desk.Book.Pending);
        Assert.DoesNotContain("too old", Logged(), StringComparison.Ordinal);
    }

    // What is tried again stands behind what was owed later, and must not be behind it for ever.
    [Fact]
    public void WhatIsDueFirst_IsSentFirst()
    {
        string[] domains = [.. Enumerable.Range(0, 7).Select(each => $"d{each}.example")];
        var desk = Desk([.. domains.Select(domain => $"_smtp._tls.{domain} TXT v=TLSRPTv1;rua=mailto:a@{domain}")]);
        for (var each = 0; each < domains.Length; each++)
        {
            desk.Book.Owe(new PendingReport(domains[each], _first, new DomainCounts()) { Due = _remote.Clock.GetUtcNow().AddMinutes(-each) });
        }

        desk.Look();
        Assert.Equal(["d6", "d5", "d4", "d3", "d2"], _sent.Lines.Select(line => line.Split('@', '.')[1]).Take(5));
    }

    [Fact]
    public void ClockThatIsSetBackOverMidnight_EndsNoDayTwice()
    {
        var desk = Desk(Wanted);
        Pass(TimeSpan.FromHours(24.01));
        desk.Count("example.net", AppliedPolicy.None, null);
        _remote.Clock.Pass(TimeSpan.FromHours(-0.1));
        desk.Count("example.net", AppliedPolicy.None, null);
        Assert.Equal((_first.AddDays(1), 2), (desk.Book.Day, desk.Book.Domains["example.net"].Policies[0].Successes));
        Assert.Empty(desk.Book.Pending);
    }

    [Fact]
    public void ClockThatWasAheadByDays_HoldsNoReportBack()
    {
        var desk = Desk(Wanted);
        desk.Book.Begin(_first.AddDays(4000));
        desk.Book.Count("example.net", AppliedPolicy.None, null);
        desk.Count("other.example", AppliedPolicy.None, null);
        Assert.Equal(_first, desk.Book.Day);
        Pass(ReportDesk.Spread + TimeSpan.FromHours(1));
        Assert.Single(_sent.Lines);
    }

    // The ends of what a file may say: a start that failed over them would fail each time.
    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9998-12-31")]
    public void BookOfAnyDay_IsTakenOver(string day)
    {
        var text = $"postern-tls-reports 1\nday\t{day}\t0\ndomain\texample.net\npolicy\tno-policy-found\t1\n"
            + $"report\told.example\t{day}\t{DateTimeOffset.MaxValue.ToUnixTimeSeconds()}\t0\npolicy\tno-policy-found\t1\n";
        Assert.True(ReportsText.TryRead([.. Encoding.UTF8.GetBytes(text), .. "end\t"u8, .. ReportsText.SumOf(Encoding.UTF8.GetBytes(text))], out var book));
        var desk = new ReportDesk(_remote.Loop, _remote.EventLog) { Courier = Courier(Wanted), Changed = _changes.Add };
        desk.Start(book);
        desk.Count("example.net", AppliedPolicy.None, null);
        Assert.Equal(_first, desk.Book.Day);
    }

    [Fact]
    public void WhatThereWasNoRoomFor_IsToldAtTheDaysEnd()
    {
        var desk = Desk();
        for (var each = 0; each < ReportBook.MaxDomains + 7; each++)
        {
            desk.Count($"d{each}.example", AppliedPolicy.None, null);
        }

        Pass(TimeSpan.FromDays(1));
        Assert.Contains("warning remote tls-reports-full sessions=7", Logged(), StringComparison.Ordinal);
        // Of ten thousand that nobody wants none is left, and none began inside another.
        Pass(ReportDesk.Spread + TimeSpan.FromHours(1));
        Assert.Empty(desk.Book.Pending);
        Assert.Contains(true, _changes);
    }

    [Fact]
    public void WhereNoneAreSent_NothingIsCounted()
    {
        var desk = Desk(Wanted);
        desk.Courier = null;
        desk.Count("example.net", AppliedPolicy.None, null);
        Assert.Empty(desk.Book.Domains);
    }

    private ReportDesk Desk(params string[] rows)
    {
        var desk = new ReportDesk(_remote.Loop, _remote.EventLog) { Courier = Courier(rows), Changed = _changes.Add };
        desk.Start(null);
        return desk;
    }

    private ReportCourier Courier(params string[] rows) =>
        new(new TableResolver(rows), _sent, _sent, _remote.Clock, _remote.EventLog) { Submitter = WritingTests.Submitter("mx.example.org"), Limits = new ReportLimits() };

    // In steps, as timers see it that are set anew.
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(5))
        {
            var step = time - passed < TimeSpan.FromMinutes(5) ? time - passed : TimeSpan.FromMinutes(5);
            _remote.Clock.Pass(step);
            for (var quiet = 0; quiet < 3; quiet++)
            {
                quiet = _remote.Loop.RunTurn(wait: false) ? 0 : quiet;
            }
        }
    }

    private string Logged()
    {
        _remote.EventLog.Flush();
        return _remote.Logged.ToString();
    }

    private int Count(string text) => Logged().Split(text).Length - 1;

    /// <summary>Everybody who may get reports.</summary>
    private sealed class Recipients : IReportMail, IReportWeb
    {
        internal Func<string, SendResult> Answer { get; set; } = _ => SendResult.Sent;

        /// <summary>While it is set, nothing is taken before it is done.</summary>
        internal TaskCompletionSource? Delay { get; set; }

        /// <summary>What was sent: how, to whom, of which day, about how many sessions.</summary>
        internal List<string> Lines { get; } = [];

        public ValueTask<SendResult> SendAsync(Mailbox from, Mailbox to, byte[] message)
        {
            var lines = Encoding.ASCII.GetString(message).Split("\r\n");
            var body = string.Concat(lines.SkipWhile(line => !line.StartsWith(" filename=", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line[0] != '-'));
            return Take("mail", Encoding.ASCII.GetString(to.Text), Convert.FromBase64String(body));
        }

        public ValueTask<SendResult> PostAsync(ReportAddress.Web place, byte[] body) => Take("web", place.Text, body);

        private async ValueTask<SendResult> Take(string way, string to, byte[] body)
        {
            if (Delay is not null)
            {
                await Delay.Task;
            }

            using var json = JsonDocument.Parse(WritingTests.Unpack(body));
            var day = json.RootElement.GetProperty("date-range").GetProperty("start-datetime").GetString()![..10];
            var sessions = json.RootElement.GetProperty("policies").EnumerateArray()
                .Sum(policy => policy.GetProperty("summary").GetProperty("total-successful-session-count").GetInt64());
            Lines.Add($"{way} {to} {day} {sessions}");
            return Answer(to);
        }
    }
}
