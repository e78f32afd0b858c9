using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Tests.Exchangers;

/// <summary>From the MX question for a domain to its hosts (RFC 5321 §5.1, RFC 7505; attack I8).</summary>
public class MailExchangersTests
{
    private readonly TableResolver _table = new();

    [Fact]
    public async Task MxRecords_AreTheRoute()
    {
        _table.Mx("example.org", "20 b.example", "10 a.example");
        var route = Assert.IsType<MailRoute.Exchangers>(await Find());
        Assert.False(route.IsImplicit);
        Assert.Equal([new MailExchanger(10, Names.Of("a.example")), new MailExchanger(20, Names.Of("b.example"))], route.InOrder);
        // Nothing is looked up before it is needed.
        Assert.Equal(["example.org MX"], _table.Asked);
    }

    [Fact]
    public async Task NoMxRecord_MakesTheDomainItsOwnHost()
    {
        var route = Assert.IsType<MailRoute.Exchangers>(await Find());
        Assert.True(route.IsImplicit);
        Assert.Equal([new MailExchanger(0, Names.Of("example.org"))], route.InOrder);
    }

    [Fact]
    public async Task NoMxRecordBehindAnAlias_MakesTheAliasedNameTheHost()
    {
        _table.Says("example.org", DnsType.Mx, new Resolution.NoRecords(Names.Of("www.example.net")));
        var route = Assert.IsType<MailRoute.Exchangers>(await Find());
        Assert.Equal([new MailExchanger(0, Names.Of("www.example.net"))], route.InOrder);
    }

    [Fact]
    public async Task NoMxRecordAndANameOfNoHost_IsNoWay()
    {
        _table.Says("example.org", DnsType.Mx, new Resolution.NoRecords(Names.Of("192.0.2.1")));
        Assert.IsType<MailRoute.NoUsableExchanger>(await Find());
    }

    [Fact]
    public async Task DomainThatDoesNotExist_FailsForGood()
    {
        _table.Says("example.org", DnsType.Mx, new Resolution.NoSuchName());
        MailRoute route = await Find();
        Assert.IsType<MailRoute.DoesNotExist>(route);
        Assert.False(route.IsTemporary);
    }

    [Theory]
    [InlineData(UnavailableReason.ServerFailure)]
    [InlineData(UnavailableReason.TimedOut)]
    [InlineData(UnavailableReason.Refused)]
    [InlineData(UnavailableReason.BadAnswer)]
    [InlineData(UnavailableReason.TooManyAliases)]
    [InlineData(UnavailableReason.NetworkError)]
    [InlineData(UnavailableReason.NoServer)]
    public async Task UnansweredQuestion_IsTemporaryAndNeverAnImplicitHost(UnavailableReason reason)
    {
        _table.Says("example.org", DnsType.Mx, new Resolution.Unavailable(reason)).V4("example.org", 1);
        MailRoute route = await Find();
        Assert.Equal(new MailRoute.Unavailable(reason), route);
        Assert.True(route.IsTemporary);
    }

    [Fact]
    public async Task OwnNameWithoutMxRecord_IsALoop() => Assert.IsType<MailRoute.LoopsToSelf>(await Find("example.org"));

    [Fact]
    public async Task OwnNameAsMx_IsALoop()
    {
        _table.Mx("example.org", "10 self.example");
        Assert.IsType<MailRoute.LoopsToSelf>(await Find("self.example"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authentication_IsHandedOn(bool isAuthenticated)
    {
        _table.IsAuthenticated = isAuthenticated;
        Assert.Equal(isAuthenticated, Assert.IsType<MailRoute.Exchangers>(await Find()).IsAuthenticated);
        _table.Mx("example.org", "10 a.example");
        Assert.Equal(isAuthenticated, Assert.IsType<MailRoute.Exchangers>(await Find()).IsAuthenticated);
    }

    private async Task<MailRoute> Find(params string[] ownNames)
    {
        var self = new OwnIdentity(ownNames.Select(Names.Of).ToHashSet(), new HashSet<IpAddress>());
        return await new MailExchangers(_table, new CountingRandom(), self).FindAsync(Names.Of("example.org"));
    }
}
