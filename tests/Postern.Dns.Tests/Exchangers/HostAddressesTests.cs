using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Tests.Exchangers;

public class HostAddressesTests
{
    private const string Host = "mx.example";

    private readonly TableResolver _table = new();

    [Fact]
    public async Task BothKinds_TakeTurnsBeginningWithIPv6()
    {
        _table.V4(Host, 1, 2, 3).V6(Host, 1, 2);
        for (ulong seed = 0; seed < 20; seed++)
        {
            IReadOnlyList<IpAddress> addresses = await Found(seed: seed);
            Assert.Equal([false, true, false, true, true], addresses.Select(address => address.IsIPv4));
            Assert.Equal(5, addresses.Distinct().Count());
        }
    }

    [Fact]
    public async Task AddressesOfOneKind_AreShuffled()
    {
        _table.V4(Host, 1, 2, 3);
        var first = new HashSet<IpAddress>();
        for (ulong seed = 0; seed < 50; seed++)
            first.Add((await Found(seed: seed))[0]);

        Assert.Equal(3, first.Count);
    }

    [Fact]
    public async Task AddressGivenTwice_IsTriedOnce()
    {
        _table.V4(Host, 1, 1, 1);
        Assert.Equal([TableResolver.Address4(1)], await Found());
    }

    [Fact]
    public async Task HostWithoutIPv6_AsksForIPv4Only()
    {
        _table.V4(Host, 1).V6(Host, 1);
        Assert.Equal([TableResolver.Address4(1)], await Found(usesIPv6: false));
        Assert.Equal(["mx.example A"], _table.Asked);
    }

    [Fact]
    public async Task OneKind_SufficesWhenTheOtherFails()
    {
        _table.V4(Host, 1).Fails(Host, DnsType.Aaaa);
        Assert.Single(await Found());
        _table.V6(Host, 1).Fails(Host, DnsType.A);
        Assert.Single(await Found());
    }

    [Fact]
    public async Task FailureBesideNoRecords_IsAFailure()
    {
        _table.Fails(Host, DnsType.Aaaa);
        Assert.Equal(new HostAddresses.Unavailable(UnavailableReason.ServerFailure), await Look());
        _table.Fails(Host, DnsType.A);
        Assert.Equal(new HostAddresses.Unavailable(UnavailableReason.ServerFailure), await Look(usesIPv6: false));
        _table.Says(Host, DnsType.Aaaa, new Resolution.NoSuchName());
        Assert.IsType<HostAddresses.Unavailable>(await Look());
    }

    [Fact]
    public async Task NoRecordsOfEitherKind_IsNone()
    {
        Assert.IsType<HostAddresses.None>(await Look());
        _table.Says(Host, DnsType.A, new Resolution.NoSuchName()).Says(Host, DnsType.Aaaa, new Resolution.NoSuchName());
        Assert.IsType<HostAddresses.None>(await Look());
    }

    [Fact]
    public async Task Addresses_AreAuthenticatedOnlyWhenEachAnswerIs()
    {
        _table.IsAuthenticated = true;
        _table.V4(Host, 1);
        Assert.True(Assert.IsType<HostAddresses.Found>(await Look()).IsAuthenticated);
        // A suppressed answer must not be able to switch DANE off.
        _table.Fails(Host, DnsType.Aaaa);
        Assert.True(Assert.IsType<HostAddresses.Found>(await Look()).IsAuthenticated);
        _table.IsAuthenticated = false;
        _table.V6(Host, 1);
        Assert.False(Assert.IsType<HostAddresses.Found>(await Look()).IsAuthenticated);
    }

    private async Task<HostAddresses> Look(bool usesIPv6 = true, ulong seed = 1) =>
        await new MailExchangers(_table, new CountingRandom(seed), OwnIdentity.None) { UsesIPv6 = usesIPv6 }.AddressesAsync(Names.Of(Host));

    private async Task<IReadOnlyList<IpAddress>> Found(bool usesIPv6 = true, ulong seed = 1) =>
        Assert.IsType<HostAddresses.Found>(await Look(usesIPv6, seed)).InOrder;
}
