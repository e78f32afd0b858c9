using CsCheck;
using Postern.Dns.Exchangers;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Exchangers;

/// <summary>Which MX records count, and in which order (RFC 5321 §5.1, RFC 7505; attacks I8 and I9).</summary>
public class ExchangerSelectionTests
{
    public static TheoryData<string, string> NamesOfNoHost => new()
    {
        { "address", "192.0.2.1" },
        { "number at the end", "mx.1" },
        { "space", "a b.example" },
        { "NUL", "a\0.example" },
        { "semicolon", "a;b.example" },
        { "octet above 127", "b\u00fccher.example" },
        { "hyphen first", "-a.example" },
        { "hyphen last", "a-.example" },
        { "brackets", "[192.example" },
        { "line end", "a\r\n.example" },
    };

    public static TheoryData<string[], string[]> OwnPlaces => new()
    {
        // We are the backup: only better ones are left.
        { ["10 a.example", "20 self.example", "30 c.example"], ["10 a.example"] },
        // Equal ones go with us.
        { ["10 a.example", "20 self.example", "20 b.example"], ["10 a.example"] },
        // Two of our names: the better one counts.
        { ["10 a.example", "20 other.example", "30 b.example", "40 self.example"], ["10 a.example"] },
        // In another letter case.
        { ["10 a.example", "20 SELF.example"], ["10 a.example"] },
        // Not among them.
        { ["10 a.example", "20 notself.example"], ["10 a.example", "20 notself.example"] },
    };

    [Fact]
    public void LowestPreference_ComesFirst() =>
        Assert.Equal(
            ["0 a.example", "10 b.example", "20 c.example", "65535 d.example"],
            Hosts("20 c.example", "65535 d.example", "0 a.example", "10 b.example"));

    [Theory]
    [InlineData("0 .")]
    // Nothing else can be meant by these.
    [InlineData("10 .")]
    [InlineData("0 .", "0 .")]
    [InlineData("0 .", "10 .")]
    public void NullMx_TakesNoMail(params string[] records)
    {
        MailRoute route = Select(records);
        Assert.IsType<MailRoute.NullMx>(route);
        Assert.False(route.IsTemporary);
    }

    [Theory]
    [InlineData("0 .")]
    [InlineData("10 .")]
    [InlineData("30 .")]
    public void NullMxBesideOthers_IsPassedOver(string record) => Assert.Equal(["20 a.example"], Hosts("20 a.example", record));

    [Fact]
    public void NullMxBesideNamesOfNoHost_IsNotANullMx() => Assert.IsType<MailRoute.NoUsableExchanger>(Select("0 .", "10 192.0.2.1"));

    [Theory]
    [MemberData(nameof(NamesOfNoHost))]
    public void NameThatNoHostHas_IsPassedOver(string reason, string name)
    {
        Assert.True(Hosts($"5:{name}", "10 a.example") is ["10 a.example"], reason);

        // Alone it leaves no way: neither later nor by the domain's own address (RFC 5321 §5.1).
        MailRoute route = Select($"5:{name}");
        Assert.IsType<MailRoute.NoUsableExchanger>(route);
        Assert.False(route.IsTemporary);
    }

    [Fact]
    public void HostNamedTwice_IsTriedOnceWithItsBestPreference() =>
        Assert.Equal(["10 a.example", "15 b.example"], Hosts("20 a.example", "10 A.example", "30 a.EXAMPLE", "15 b.example"));

    [Fact]
    public void ThousandExchangers_AreCutToTheBestTwenty()
    {
        string[] hosts = Hosts([.. Enumerable.Range(0, 1000).Select(n => $"{1000 - n} mx{n}.example")]);
        Assert.Equal(ExchangerSelection.MaxExchangers, hosts.Length);
        Assert.Equal("1 mx999.example", hosts[0]);
        Assert.Equal("20 mx980.example", hosts[^1]);
    }

    [Fact]
    public void EqualPreferences_AreShuffledAndOthersKeepTheirPlace()
    {
        var orders = new Dictionary<string, int>();
        for (ulong seed = 0; seed < 600; seed++)
        {
            MailRoute route = ExchangerSelection.Select(
                Records("5 first.example", "10 a.example", "10 b.example", "10 c.example", "20 last.example"),
                new HashSet<DnsName>(),
                new CountingRandom(seed),
                isAuthenticated: false);
            IReadOnlyList<MailExchanger> hosts = Assert.IsType<MailRoute.Exchangers>(route).InOrder;
            Assert.Equal(Names.Of("first.example"), hosts[0].Name);
            Assert.Equal(Names.Of("last.example"), hosts[4].Name);
            string order = string.Concat(hosts.Skip(1).Take(3).Select(exchanger => exchanger.Name.ToString()[0]));
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 50, 150));
    }

    [Theory]
    [MemberData(nameof(OwnPlaces))]
    public void OwnName_GoesWithAllOfEqualOrHigherPreference(string[] records, string[] left) => Assert.Equal(left, Hosts(records));

    [Theory]
    [InlineData("10 self.example")]
    [InlineData("10 self.example", "10 b.example")]
    [InlineData("10 self.example", "20 b.example")]
    public void OwnNameAsTheBest_IsALoop(params string[] records)
    {
        MailRoute route = Select(records);
        Assert.IsType<MailRoute.LoopsToSelf>(route);
        Assert.False(route.IsTemporary);
    }

    [Fact]
    public void OwnNameBeyondTheTwentieth_IsStillSeen() =>
        Assert.IsType<MailRoute.LoopsToSelf>(Select([.. Enumerable.Range(0, 30).Select(n => $"10 mx{n}.example"), "10 self.example"]));

    [Fact]
    public void AnyRecords_GiveAnOrderedListWithoutOurselves() =>
        Gen.Select(Gen.UShort, Gen.OneOf(WireGen.HostName, Gen.Const("."), Gen.Const("self.example"), Gen.Const("192.0.2.1"))).Array[1, 40]
            .Sample(entries =>
            {
                DnsRecord[] records = Records([.. entries.Select(entry => $"{entry.Item1} {entry.Item2}")]);
                DnsName self = Names.Of("self.example");
                MailRoute route = ExchangerSelection.Select(records, new HashSet<DnsName> { self }, new CountingRandom(), false);
                Assert.False(route.IsTemporary);
                if (route is not MailRoute.Exchangers { InOrder: var hosts })
                    return;
                Assert.InRange(hosts.Count, 1, ExchangerSelection.MaxExchangers);
                Assert.All(hosts, host => Assert.True(host.Name.IsHostName && !host.Name.Equals(self)));
                Assert.Equal(hosts.Count, hosts.Select(host => host.Name).Distinct().Count());
                Assert.Equal(hosts.Select(host => host.Preference).Order(), hosts.Select(host => host.Preference));
                int own = records.OfType<ExchangerRecord>().Where(record => record.Exchanger.Equals(self))
                    .Select(record => (int)record.Preference).DefaultIfEmpty(int.MaxValue).Min();
                Assert.All(hosts, host => Assert.True(host.Preference < own));
            });

    /// <summary>Records as "10 mx.example"; the name may have any octets.</summary>
    private static DnsRecord[] Records(params string[] records) =>
    [
        .. records.Select(record => record.Split([' ', ':'], 2)).Select(parts => new ExchangerRecord(
            Names.Of("example.org"), 60, ushort.Parse(parts[0]), Names.OfWire(Message.Name(parts[1])))),
    ];

    private static MailRoute Select(params string[] records) => ExchangerSelection.Select(
        Records(records), new HashSet<DnsName> { Names.Of("self.example"), Names.Of("other.example") }, new CountingRandom(), false);

    private static string[] Hosts(params string[] records) =>
    [
        .. Assert.IsType<MailRoute.Exchangers>(Select(records)).InOrder
            .Select(exchanger => $"{exchanger.Preference} {exchanger.Name.ToString().ToLowerInvariant()}"),
    ];
}
