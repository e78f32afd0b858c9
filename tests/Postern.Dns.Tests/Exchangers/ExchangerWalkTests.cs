using Postern.Dns.Exchangers;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Tests.Exchangers;

/// <summary>From host to host of a route, addresses included (attacks I7 and I9).</summary>
public class ExchangerWalkTests
{
    private readonly TableResolver _table = new();

    [Fact]
    public async Task Hosts_AreLookedUpOneAfterAnother()
    {
        _table.Mx("example.org", "10 a.example", "20 b.example").V4("a.example", 1).V4("b.example", 2);
        ExchangerWalk walk = await Walk();
        Assert.Equal("a.example 1", Told(await walk.NextAsync()));
        Assert.DoesNotContain("b.example A", _table.Asked);
        Assert.Equal(["b.example 1", "end"], await All(walk));
    }

    [Fact]
    public async Task EqualsWithoutAnAddressOfOurs_AreLookedUpOneAfterAnother()
    {
        _table.Mx("example.org", "10 a.example", "10 b.example").V4("a.example", 1).V4("b.example", 2);
        await (await Walk()).NextAsync();
        Assert.Equal(3, _table.Asked.Count);
    }

    [Fact]
    public async Task HostsWithoutAddressAndFailures_AreSteps()
    {
        _table.Mx("example.org", "10 a.example", "20 b.example", "30 c.example").Fails("a.example", DnsType.A).V6("c.example", 1);
        Assert.Equal(["a.example ServerFailure", "b.example none", "c.example 1", "end"], await All(await Walk()));
    }

    [Fact]
    public async Task ManyAddressesPerHost_AreCutToFortyInAll()
    {
        byte[] many = [.. Enumerable.Range(0, 30).Select(n => (byte)n)];
        _table.Mx("example.org", "10 a.example", "20 b.example", "30 c.example").V4("a.example", many).V4("b.example", many).V4("c.example", many);
        Assert.Equal(["a.example 30", "b.example 10", "end"], await All(await Walk()));
        Assert.DoesNotContain("c.example A", _table.Asked);
    }

    [Fact]
    public async Task OwnAddress_EndsTheWalk()
    {
        _table.Mx("example.org", "10 a.example", "20 b.example", "30 c.example")
            .V4("a.example", 1).V4("b.example", 2, 3).V4("c.example", 4);
        Assert.Equal(["a.example 1", "b.example self", "end"], await All(await Walk(TableResolver.Address4(3))));
        Assert.DoesNotContain("c.example A", _table.Asked);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task OwnAddressInAGroupOfEquals_TakesAllOfThemOut(byte own)
    {
        _table.Mx("example.org", "10 a.example", "20 b.example", "20 c.example", "20 d.example")
            .V4("a.example", 1).V4("b.example", 2).V4("c.example", 3).V4("d.example", 4);
        List<string> steps = await All(await Walk(TableResolver.Address4(own)));
        Assert.Equal(["a.example 1", $"{(char)('a' + own - 1)}.example self", "end"], steps);
    }

    [Fact]
    public async Task AddressThatIsRecognised_IsOursWithoutBeingListed()
    {
        _table.Mx("example.org", "10 a.example", "20 b.example", "20 c.example").V4("a.example", 1).V4("b.example", 2).V4("c.example", 3);
        var self = new OwnIdentity(new HashSet<DnsName>(), new HashSet<IpAddress>()) { Recognises = address => address == TableResolver.Address4(3) };
        var exchangers = new MailExchangers(_table, new CountingRandom(), self);
        var route = Assert.IsType<MailRoute.Exchangers>(await exchangers.FindAsync(Names.Of("example.org")));
        Assert.Equal(["a.example 1", "c.example self", "end"], await All(exchangers.Walk(route)));
    }

    [Fact]
    public async Task OwnAddressAsTheBest_IsALoopFromTheStart()
    {
        _table.V6("example.org", 9).V4("example.org", 1);
        Assert.Equal(["example.org self", "end"], await All(await Walk(TableResolver.Address6(9))));
    }

    [Fact]
    public async Task OwnAddressBehindForty_IsStillSeen()
    {
        byte[] many = [.. Enumerable.Range(0, 60).Select(n => (byte)n)];
        _table.V4("example.org", many);
        Assert.Equal(["example.org 40", "end"], await All(await Walk()));
        foreach (byte own in many)
            Assert.Equal(["example.org self", "end"], await All(await Walk(TableResolver.Address4(own))));
    }

    [Fact]
    public async Task OwnAddressInAGroupThatHasFortyWithoutIt_IsStillSeen()
    {
        byte[] many = [.. Enumerable.Range(0, 60).Select(n => (byte)n)];
        _table.Mx("example.org", "10 a.example", "10 b.example").V4("a.example", many).V4("b.example", [.. many, 99]);
        Assert.Equal(["b.example self", "end"], await All(await Walk(TableResolver.Address4(99))));
        Assert.Equal(["40", "end"], (await All(await Walk(TableResolver.Address4(98)))).Select(step => step.Split(' ')[^1]));
    }

    [Fact]
    public async Task GroupOfEquals_IsHandedOutHostByHost()
    {
        _table.Mx("example.org", "10 a.example", "10 b.example", "20 c.example").V4("a.example", 1).V4("b.example", 2).V4("c.example", 3);
        List<string> steps = await All(await Walk(TableResolver.Address4(99)));
        Assert.Equal(["a.example 1", "b.example 1"], steps.Take(2).Order());
        Assert.Equal(["c.example 1", "end"], steps.Skip(2));
    }

    private static string Told(ExchangerStep step) => step switch
    {
        ExchangerStep.Host host => $"{host.Exchanger.Name} {host.Addresses.Count}",
        ExchangerStep.NoAddress none => $"{none.Exchanger.Name} none",
        ExchangerStep.Unavailable unavailable => $"{unavailable.Exchanger.Name} {unavailable.Reason}",
        ExchangerStep.LoopsToSelf loop => $"{loop.Exchanger.Name} self",
        _ => "end",
    };

    private static async Task<List<string>> All(ExchangerWalk walk)
    {
        var steps = new List<string>();
        do
        {
            steps.Add(Told(await walk.NextAsync()));
        }
        while (steps[^1] != "end");
        Assert.IsType<ExchangerStep.End>(await walk.NextAsync());
        return steps;
    }

    private async Task<ExchangerWalk> Walk(params IpAddress[] own)
    {
        var exchangers = new MailExchangers(_table, new CountingRandom(), new OwnIdentity(new HashSet<DnsName>(), own.ToHashSet()));
        return exchangers.Walk(Assert.IsType<MailRoute.Exchangers>(await exchangers.FindAsync(Names.Of("example.org"))));
    }
}
