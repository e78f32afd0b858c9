using Postern.Remote.Protection.Sts;
using Postern.Remote.Tests.Harness;
using Postern.Sts;

namespace Postern.Remote.Tests.Protection;

/// <summary>When a policy is got, how long it is kept, and who can make it go away.</summary>
public sealed class StsBookTests : IDisposable
{
    private const string Domain = "example.net";

    private readonly ManualClock _clock = new();
    private readonly TablePolicies _fetch = new();
    private readonly RemoteUnderTest _remote = new();
    private int _changes;

    public void Dispose() => _remote.Dispose();

    [Fact]
    public async Task Policy_IsGotOnce()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        Assert.Equal(StsMode.Enforce, (await book.FindAsync(Domain))!.Mode);
        Assert.Equal(StsMode.Enforce, (await book.FindAsync(Domain))!.Mode);
        Assert.Equal((1, 1), (_fetch.Asked.Count, _changes));
    }

    [Fact]
    public async Task DomainInCapitals_IsTheSame()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync("EXAMPLE.Net");
        Assert.NotNull(await book.FindAsync(Domain));
        Assert.Equal(Domain, Assert.Single(Written(book)).Domain);
        Assert.Single(_fetch.Asked);
    }

    [Theory]
    [InlineData("a_b.example")]
    [InlineData("ä.example")]
    [InlineData("-.example")]
    [InlineData("")]
    public async Task WhatIsNoDomain_HasNone(string domain)
    {
        var book = new StsBook(new TableResolver($"_mta-sts.{domain} TXT v=STSv1;_id=1;"), _fetch, _clock, _remote.EventLog);
        _fetch[domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync(domain);
        _ = Written(book);
    }

    [Fact]
    public async Task AnotherId_BringsAnotherPolicy()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync(Domain);
        _clock.Pass(TimeSpan.FromMinutes(5));
        var changed = Book("2");
        changed.Restore(book.Entries);
        _fetch[Domain] = TablePolicies.Policy("none", "mx.example.net");
        Assert.Equal(StsMode.None, (await changed.FindAsync(Domain))!.Mode);
    }

    // Each message would else have us knock at a server that need not be the domain's own.
    [Theory]
    [InlineData("2", 604_800)]
    [InlineData("1", 0)]
    [InlineData("1", 60)]
    public async Task PolicyThatWasGotJustNow_IsNotGotAgain(string later, int seconds)
    {
        var known = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net", seconds);
        Assert.NotNull(await known.FindAsync(Domain));
        var book = known;
        if (later != "1")
        {
            book = Book(later);
            book.Restore(known.Entries);
        }

        _fetch[Domain] = TablePolicies.Policy("testing", "mx.example.net", seconds);
        _clock.Pass(TimeSpan.FromSeconds(299));
        Assert.Equal(StsMode.Enforce, (await book.FindAsync(Domain))!.Mode);
        Assert.Single(_fetch.Asked);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(StsMode.Testing, (await book.FindAsync(Domain))!.Mode);
        Assert.Equal(2, _fetch.Asked.Count);
    }

    // Of a clock that was ahead when it was got.
    [Fact]
    public async Task PolicyOfTheFuture_IsGotAgain()
    {
        var known = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await known.FindAsync(Domain);
        _clock.Pass(TimeSpan.FromSeconds(-1));
        var book = Book("2");
        book.Restore(known.Entries);
        await book.FindAsync(Domain);
        Assert.Equal(2, _fetch.Asked.Count);
    }

    // Whoever can suppress the record, or the web server, must not be able to switch the policy off (RFC 8461 §5.1).
    [Theory]
    [InlineData(null)]
    [InlineData("SERVFAIL")]
    [InlineData("2")]
    [InlineData("not an id")]
    public async Task PolicyThatIsKnown_HoldsWithoutRecordOrServer(string? later)
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync(Domain);
        _clock.Pass(TimeSpan.FromMinutes(5));
        _fetch[Domain] = null;
        var next = Book(later);
        next.Restore(book.Entries);
        Assert.Equal(StsMode.Enforce, (await next.FindAsync(Domain))!.Mode);
    }

    [Fact]
    public async Task Policy_HoldsNoLongerThanItSays()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net", seconds: 3600);
        await book.FindAsync(Domain);
        _fetch[Domain] = null;
        _clock.Pass(TimeSpan.FromSeconds(3599));
        Assert.NotNull(await book.FindAsync(Domain));
        _clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(await book.FindAsync(Domain));
    }

    [Fact]
    public async Task PolicyInUse_IsRenewedBeforeItsEnd()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync(Domain);
        _clock.Pass(TimeSpan.FromHours(23));
        await book.FindAsync(Domain);
        Assert.Single(_fetch.Asked);
        _clock.Pass(TimeSpan.FromHours(2));
        await book.FindAsync(Domain);
        Assert.Equal(2, _fetch.Asked.Count);
        Assert.Equal(_clock.GetUtcNow(), book.Entries.Single().Fetched);
    }

    [Fact]
    public async Task ManyWhoWait_AskOnce()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        _fetch.Delay = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 5).Select(_ => book.FindAsync(Domain).AsTask()).ToArray();
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        _fetch.Delay.SetResult();
        Assert.All(await Task.WhenAll(waiting), policy => Assert.Equal(StsMode.Enforce, policy!.Mode));
        Assert.Single(_fetch.Asked);
    }

    [Fact]
    public async Task LongPolicies_CrowdOutTheOldestAlone()
    {
        var comment = string.Concat(Enumerable.Range(0, 60).Select(i => $"x{i}: {new string('y', 1000)}\n"));
        var domains = Enumerable.Range(0, 300).Select(i => $"d{i}.example").ToArray();
        var rows = domains.Select(domain => $"_mta-sts.{domain} TXT v=STSv1;_id=1;").ToArray();
        var book = new StsBook(new TableResolver(rows), _fetch, _clock, _remote.EventLog);
        foreach (var domain in domains)
        {
            _fetch[domain] = TablePolicies.Policy("enforce", "mx.example") + comment;
            await book.FindAsync(domain);
            _clock.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(book.Entries.Sum(entry => (long)entry.Policy.Source.Length), 1, StsBook.MaxOctets);
        Assert.InRange(book.Entries.Count, 200, 299);
        Assert.Contains(book.Entries, entry => entry.Domain == domains[^1]);
        Assert.DoesNotContain(book.Entries, entry => entry.Domain == domains[0]);
    }

    // Some hundred domains of a stranger would else be enough to forget the policy of another one, and then hide its record.
    [Fact]
    public async Task LongPolicies_DoNotCrowdOutShortOnes()
    {
        var comment = string.Concat(Enumerable.Range(0, 60).Select(i => $"x{i}: {new string('y', 1000)}\n"));
        string[] domains = [Domain, .. Enumerable.Range(0, 300).Select(i => $"d{i}.example")];
        var book = new StsBook(new TableResolver([.. domains.Select(domain => $"_mta-sts.{domain} TXT v=STSv1;_id=1;")]), _fetch, _clock, _remote.EventLog);
        foreach (var domain in domains)
        {
            _fetch[domain] = TablePolicies.Policy("enforce", "mx.example") + (domain == Domain ? string.Empty : comment);
            await book.FindAsync(domain);
            _clock.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Contains(book.Entries, entry => entry.Domain == Domain);
    }

    [Fact]
    public async Task WhatIsKept_ComesBack()
    {
        var book = Book("1");
        _fetch[Domain] = TablePolicies.Policy("enforce", "mx.example.net");
        await book.FindAsync(Domain);
        var next = Book("1");
        next.Restore(Written(book));
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.NotNull(await next.FindAsync(Domain));
        Assert.Single(_fetch.Asked);
        _clock.Pass(TimeSpan.FromDays(8));
        var late = Book("1");
        late.Restore(Written(book));
        Assert.Empty(late.Entries);
    }

    private static IReadOnlyList<StsEntry> Written(StsBook book)
    {
        Assert.True(StsCacheText.TryRead(StsCacheText.Write(book.Entries), out var entries, out var damaged));
        Assert.Equal(0, damaged);
        return entries;
    }

    private StsBook Book(string? id)
    {
        string[] rows = id is null ? [] : id == "SERVFAIL" ? [$"_mta-sts.{Domain} TXT SERVFAIL"] : [$"_mta-sts.{Domain} TXT v=STSv1;_id={id.Replace(' ', '_')};"];
        return new StsBook(new TableResolver(rows), _fetch, _clock, _remote.EventLog) { Changed = () => _changes++ };
    }
}
