using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Resolving;

/// <summary>A resolver on a fake network.</summary>
internal sealed class ResolverFixture
{
    internal ResolverFixture(int servers = 1, bool isTrusted = false)
    {
        Network = new FakeNetwork(Clock);
        NameServer[] list =
            [.. Enumerable.Range(1, servers).Select(n => new NameServer(Addresses.Of(192, 0, 2, (byte)n), (ushort)n, isTrusted))];
        Resolver = new StubResolver(list, Network, Clock, new CountingRandom());
    }

    internal ManualClock Clock { get; } = new();

    internal FakeNetwork Network { get; }

    internal StubResolver Resolver { get; }

    internal async Task<Resolution> Resolve(string name = "example.org", DnsType type = DnsType.A)
    {
        TimeSpan start = Clock.Now;
        Resolution resolution = await Resolver.ResolveAsync(new DnsQuestion(Names.Of(name), type));
        Assert.Equal(0, Network.OpenSockets);
        Assert.True(Clock.Now - start <= ResolverTimeouts.Overall);
        return resolution;
    }

    internal async Task<UnavailableReason> Fail(string name = "example.org") =>
        Assert.IsType<Resolution.Unavailable>(await Resolve(name)).Reason;

    /// <summary>Resolves to the address that <see cref="Asked.ReplyAddress"/> gives; returns the server that it came from.</summary>
    internal async Task<int> Server()
    {
        var found = Assert.IsType<Resolution.Found>(await Resolve());
        AddressRecord record = Assert.IsType<AddressRecord>(Assert.Single(found.Records));
        return Enumerable.Range(0, 256).Single(n => record.Address == Addresses.Of(192, 0, 2, (byte)n));
    }
}
