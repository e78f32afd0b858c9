using CsCheck;
using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Resolving;

public class AnswerCacheTests
{
    private readonly ManualClock _clock = new();

    public static TheoryData<string, double> Lifetimes => new()
    {
        { "found 0", 1 },
        { "found 1", 1 },
        { "found 300", 300 },
        { "found 3600", 3600 },
        { "found 86400", 3600 },
        { "found 4294967295", 3600 },
        // No SOA: not at all.
        { "none 0", 0 },
        { "none 60", 60 },
        { "none 86400", 300 },
        { "nosuch 0", 0 },
        { "nosuch 299", 299 },
        { "nosuch 4294967295", 300 },
        { "unavailable 0", 5 },
        { "unavailable 1000", 5 },
    };

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public void Outcome_IsRememberedForAsLongAsItHolds(string what, double lifetime)
    {
        uint seconds = uint.Parse(what.Split(' ')[1]);
        Resolution resolution = what.Split(' ')[0] switch
        {
            "found" => Found(seconds),
            "none" => new Resolution.NoRecords(Names.Of("a")) { TimeToLive = seconds },
            "nosuch" => new Resolution.NoSuchName { TimeToLive = seconds },
            _ => new Resolution.Unavailable(UnavailableReason.TimedOut) { TimeToLive = seconds },
        };
        var cache = new AnswerCache(_clock);
        cache.Add(Question("a"), resolution);
        Assert.Equal(lifetime > 0 ? 1 : 0, cache.Count);
        if (lifetime == 0)
            return;

        _clock.Advance(TimeSpan.FromSeconds(lifetime) - TimeSpan.FromTicks(1));
        Assert.True(cache.TryGet(Question("a"), out Resolution? kept));
        Assert.Same(resolution, kept);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(cache.TryGet(Question("a"), out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void NameInAnotherLetterCase_IsTheSame_ButAnotherTypeIsNot()
    {
        var cache = new AnswerCache(_clock);
        cache.Add(Question("example.org"), Found(60));

        Assert.True(cache.TryGet(Question("EXAMPLE.org"), out _));
        Assert.False(cache.TryGet(Question("example.org", DnsType.Aaaa), out _));
        Assert.False(cache.TryGet(Question("example.net"), out _));
    }

    [Fact]
    public void FullCache_DropsWhatWasNotUsedForTheLongest()
    {
        var cache = new AnswerCache(_clock, capacity: 2);
        cache.Add(Question("a"), Found(60));
        cache.Add(Question("b"), Found(60));
        Assert.True(cache.TryGet(Question("a"), out _));
        cache.Add(Question("c"), Found(60));

        Assert.Equal(2, cache.Count);
        Assert.True(cache.TryGet(Question("a"), out _));
        Assert.False(cache.TryGet(Question("b"), out _));
        Assert.True(cache.TryGet(Question("c"), out _));
    }

    [Fact]
    public void NewOutcome_ReplacesTheOld()
    {
        var cache = new AnswerCache(_clock);
        cache.Add(Question("a"), Found(3600));
        cache.Add(Question("a"), new Resolution.Unavailable(UnavailableReason.TimedOut));
        Assert.True(cache.TryGet(Question("a"), out Resolution? kept));
        Assert.IsType<Resolution.Unavailable>(kept);

        // What may not be remembered still makes the old one untrue.
        cache.Add(Question("a"), new Resolution.NoSuchName());
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void HugeAnswer_IsNotKept()
    {
        var cache = new AnswerCache(_clock);
        cache.Add(Question("a"), Found(60, DnsResponse.MaxRecords));
        Assert.Equal(0, cache.Count);
        var text = new TextRecord(Names.Of("a"), 60, new byte[AnswerCache.MaxWeight]);
        cache.Add(Question("a"), new Resolution.Found(Names.Of("a"), [text]) { TimeToLive = 60 });
        Assert.Equal(0, cache.Count);
        cache.Add(Question("a"), Found(60, 20));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void AnySequence_KeepsToTheCapacityAndToWhatWasAddedLast() =>
        Gen.Select(Gen.Int[0, 9], Gen.Bool, Gen.Int[0, 40]).Array[1, 60].Sample(steps =>
        {
            var clock = new ManualClock();
            var cache = new AnswerCache(clock, capacity: 4);
            var model = new Dictionary<int, (Resolution Resolution, TimeSpan Until)>();
            foreach ((int name, bool adds, int wait) in steps)
            {
                clock.Advance(TimeSpan.FromSeconds(wait));
                if (adds)
                {
                    Resolution.Found found = Found(30);
                    cache.Add(Question($"n{name}"), found);
                    model[name] = (found, clock.Now + TimeSpan.FromSeconds(30));
                }
                else if (cache.TryGet(Question($"n{name}"), out Resolution? kept))
                {
                    Assert.Same(model[name].Resolution, kept);
                    Assert.True(clock.Now < model[name].Until);
                }
                Assert.InRange(cache.Count, 0, 4);
            }
        });

    private static DnsQuestion Question(string name, DnsType type = DnsType.A) => new(Names.Of(name), type);

    private static Resolution.Found Found(uint seconds, int records = 1)
    {
        var record = new AddressRecord(Names.Of("a"), seconds, DnsType.A, Addresses.Of(192, 0, 2, 1));
        return new(Names.Of("a"), [.. Enumerable.Repeat(record, records)]) { TimeToLive = seconds };
    }
}
