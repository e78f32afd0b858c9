using System.Text;
using Postern.Ipc.Delivery;
using Postern.Loop;
using Postern.Posix.Files;
using Postern.Remote.Hops;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Tests.Harness;
using Postern.Role.Logging;
using Postern.TestKit.Servers;

namespace Postern.Remote.Tests.Protection;

/// <summary>Who had TLS before: for how long that is remembered, how much of it, and what is kept over a restart. C6.</summary>
public sealed class TlsMemoryTests : IDisposable
{
    private const string Heading = "postern-tls-seen 1\n";

    private static readonly Hop _domain = new(HopKind.Exchangers, "Example.NET", 0);

    private readonly ManualClock _clock = new();
    private readonly EventLoop _loop;
    private readonly StringBuilder _logged = new();
    private readonly Scratch _scratch = new();
    private readonly EventLog _log;
    private int _changes;

    public TlsMemoryTests()
    {
        _loop = new EventLoop(_clock);
        _log = new EventLog("remote", _loop, lines =>
        {
            _logged.Append(Encoding.ASCII.GetString(lines));
            return true;
        });
    }

    public void Dispose()
    {
        _loop.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void DestinationThatHadTls_HasToHaveItForTheHold()
    {
        var memory = Memory();
        Assert.Null(memory.Demand(_domain));
        memory.HasTls(_domain);
        Assert.Equal("example.net had it before; mail waits for it until 1970-01-03 00:00 UTC", memory.Demand(_domain));
        memory.LacksTls(_domain);
        _clock.Pass(TimeSpan.FromHours(23));
        // Since it was missed first, and not since it was missed last.
        memory.LacksTls(_domain);
        Assert.Contains("until 1970-01-03 00:00", memory.Demand(_domain), StringComparison.Ordinal);
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Null(memory.Demand(_domain));
        memory.IsClear(_domain);
        Assert.Empty(memory.Traces);
        memory.IsClear(_domain);
        Assert.Equal(["warning remote tls-lost destination=\"example.net\" hold=86400", "warning remote tls-forgotten destination=\"example.net\""], Logged());
        Assert.Equal(3, _changes);
    }

    [Fact]
    public void TlsThatComesBack_IsDemandedAsBefore()
    {
        var memory = Memory();
        memory.HasTls(_domain);
        memory.LacksTls(_domain);
        _clock.Pass(TimeSpan.FromHours(20));
        memory.HasTls(_domain);
        _clock.Pass(TimeSpan.FromHours(20));
        Assert.Contains("until 1970-01-04 16:00", memory.Demand(_domain), StringComparison.Ordinal);
        Assert.Contains("info remote tls-back destination=\"example.net\"", Logged());
    }

    [Fact]
    public void SessionsOfOneDay_AreOneChange()
    {
        var memory = Memory();
        memory.HasTls(_domain);
        memory.HasTls(_domain);
        _clock.Pass(TimeSpan.FromHours(23));
        memory.HasTls(_domain);
        Assert.Equal(1, _changes);
        _clock.Pass(TimeSpan.FromHours(1));
        memory.HasTls(_domain);
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void WhatWasSeenLongAgo_SaysNothing()
    {
        var memory = Memory();
        memory.HasTls(_domain);
        _clock.Pass(TlsMemory.MaxAge - TimeSpan.FromSeconds(1));
        Assert.NotNull(memory.Demand(_domain));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(memory.Demand(_domain));
        var later = Memory();
        later.Restore(memory.Traces);
        Assert.Empty(later.Traces);
    }

    [Fact]
    public void WhatWasNotKnown_IsNotLost()
    {
        var memory = Memory();
        memory.LacksTls(_domain);
        Assert.Empty(memory.Traces);
        Assert.Equal(0, _changes);
    }

    [Fact]
    public void RouteAndDomainOfOneName_AreTwoDestinations()
    {
        var memory = Memory();
        memory.HasTls(new Hop(HopKind.Host, "example.net", 25));
        Assert.NotNull(memory.Demand(new Hop(HopKind.Host, "example.net", 25)));
        Assert.Null(memory.Demand(new Hop(HopKind.Host, "example.net", 26)));
        Assert.Null(memory.Demand(_domain));
    }

    // A clock that was put back does not prolong the hold without end.
    [Fact]
    public void LossInTheFuture_IsOneOfNow()
    {
        var memory = Memory();
        memory.Restore([new TlsTrace("example.net", _clock.GetUtcNow(), _clock.GetUtcNow().AddYears(1))]);
        Assert.Contains("until 1970-01-03 00:00", memory.Demand(_domain), StringComparison.Ordinal);
    }

    [Fact]
    public void LossInTheFuture_EndsAfterTheHold()
    {
        var memory = Memory();
        memory.Restore([new TlsTrace("example.net", _clock.GetUtcNow(), _clock.GetUtcNow().AddYears(1))]);
        memory.LacksTls(_domain);
        _clock.Pass(TimeSpan.FromDays(1));
        Assert.Null(memory.Demand(_domain));
    }

    [Fact]
    public void TooMany_CrowdOutTheOldest()
    {
        var memory = Memory();
        memory.Restore(Enumerable.Range(0, TlsMemory.MaxTraces).Select(one => new TlsTrace($"d{one}.example", _clock.GetUtcNow().AddSeconds(one), null)));
        memory.HasTls(_domain with { Destination = "late.example" });
        Assert.Equal(TlsMemory.MaxTraces, memory.Traces.Count);
        // Its time is the first one's, too, which stands in front.
        Assert.DoesNotContain(memory.Traces, trace => trace.Destination == "d0.example");
        Assert.Contains(memory.Traces, trace => trace.Destination == "d1.example");
    }

    [Fact]
    public void WhatCouldNotBeKept_IsNotRemembered()
    {
        var memory = Memory();
        memory.HasTls(_domain with { Destination = "bücher.example" });
        memory.HasTls(_domain with { Destination = "a b" });
        Assert.Empty(memory.Traces);
    }

    [Fact]
    public void TheFormat_IsThis()
    {
        TlsTrace[] traces = [new("example.net", Moment(86_400), null), new("mx.example:25", Moment(86_401), Moment(86_402))];
        var text = TlsMemoryText.Compose(traces);
        Assert.Equal(Heading + "example.net\t86400\t-\nmx.example:25\t86401\t86402\n", Encoding.ASCII.GetString(text));
        Assert.True(TlsMemoryText.TryRead(text, out var read, out var damaged));
        Assert.Equal(traces, read);
        Assert.Equal(0, damaged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\t1")]
    [InlineData("a\t1\t-\t")]
    [InlineData("\t1\t-")]
    [InlineData("A\t1\t-")]
    [InlineData("a b\t1\t-")]
    [InlineData("a\t-\t-")]
    [InlineData("a\t1\tx")]
    [InlineData("a\t1\t")]
    [InlineData("a\t+1\t-")]
    [InlineData("a\t99999999999999\t-")]
    [InlineData("a\t1\t99999999999999")]
    public void DamagedLine_IsPassedOver(string line)
    {
        Assert.True(TlsMemoryText.TryRead(Encoding.Latin1.GetBytes($"{Heading}b\t1\t-\n{line}\nc\t2\t3\n"), out var traces, out var damaged));
        Assert.Equal(["b", "c"], traces.Select(trace => trace.Destination));
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void FileCutAnywhere_KeepsTheLinesInFront()
    {
        var text = TlsMemoryText.Compose([new("a.example", Moment(1), null), new("b.example", Moment(2), Moment(30))]);
        for (var length = Heading.Length; length < text.Length; length++)
        {
            Assert.True(TlsMemoryText.TryRead(text.AsSpan(0, length), out var traces, out _));
            Assert.Equal(text.AsSpan(0, length).Count((byte)'\n') - 1, traces.Count);
        }
    }

    [Theory]
    [InlineData("postern-tls-seen 2\n")]
    [InlineData("")]
    public void OtherFormat_IsNotRead(string text) => Assert.False(TlsMemoryText.TryRead(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void WhatIsWritten_ComesBackAfterAStart()
    {
        Assert.True(DirectoryHandle.Open(_scratch.Folder, out var folder).Ok);
        using (folder)
        {
            var file = new TlsMemoryFile(folder!, _log);
            Assert.Empty(file.Read());
            TlsTrace[] traces = [new("old.example", Moment(1), null), new("new.example", Moment(2), Moment(3))];
            file.Write(traces);
            Assert.Equal(traces.Reverse(), file.Read());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scratch["tls-seen"]));
            Assert.Empty(Logged());
            File.WriteAllText(_scratch["tls-seen"], "nonsense");
            Assert.Empty(file.Read());
            Assert.Contains("warning remote tls-memory-unreadable reason=\"0 of them are damaged\"", Logged());
            File.Delete(_scratch["tls-seen"]);
            Directory.CreateDirectory(_scratch["tls-seen"]);
            file.Write(traces);
            file.Write(traces);
            Assert.Single(Logged(), line => line.StartsWith("warning remote tls-memory-not-kept reason=", StringComparison.Ordinal));
        }
    }

    private TlsMemory Memory() => new(_clock, _log) { Changed = () => _changes++ };

    private static DateTimeOffset Moment(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    // Without their times.
    private string[] Logged()
    {
        _log.Flush();
        return [.. _logged.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
    }
}
