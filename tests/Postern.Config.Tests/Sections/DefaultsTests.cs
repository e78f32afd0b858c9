using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Config.Tests.Sections;

/// <summary>What a configuration of two lines means.</summary>
public class DefaultsTests
{
    private readonly Configuration _read = Reading.Good(string.Empty);

    [Fact]
    public void TwoLines_AreEnough()
    {
        Assert.Equal("mx.example.org", _read.HostName.ToString());
        // The host's own name is ours, too.
        Assert.Equal(["example.org", "mx.example.org"], _read.Domains.Select(domain => domain.ToString()));
        Assert.Equal("/var/lib/postern", _read.State);
    }

    [Fact]
    public void Nobody_ButThisHost_MayRelay() =>
        Assert.Equal(["127.0.0.0/8", "::1/128"], _read.Trusted.Select(network => network.ToString()));

    [Fact]
    public void TheListener_IsLocalAndNeedsNoPrivilege() =>
        Assert.Equal([new ListeningAddress(IpAddress.Loopback4, 2525, ServiceKind.Smtp)], _read.Listeners);

    [Fact]
    public void Mailboxes_AreBelowTheState()
    {
        Assert.Equal("/var/lib/postern/mail", _read.Mailboxes.Root);
        Assert.Equal("postern-mail", _read.Mailboxes.User);
        Assert.False(_read.Mailboxes.System);
        Assert.Empty(_read.Mailboxes.Addresses);
        Assert.Empty(_read.Aliases);
        Assert.Empty(_read.Routes);
    }

    [Fact]
    public void Times_AreThoseOfTheManual() => Assert.Equal(new QueueTimes(300, 14_400, 432_000, 14_400), _read.Queue);

    [Fact]
    public void Limits_AreThoseOfTheManual() => Assert.Equal(
        new Limits
        {
            MessageSize = 52_428_800,
            Recipients = 1000,
            Connections = 10_000,
            ConnectionsPerClient = 50,
            CommandSeconds = 300,
            SessionSeconds = 3600,
            Concurrency = 20,
        },
        _read.Limits);

    [Fact]
    public void WithoutResolvConf_TheNameServerOfThisHostIsAsked()
    {
        Assert.Equal([new NameServer(IpAddress.Loopback4, 53)], _read.Resolvers);
        Assert.False(_read.AllowPrivate);
    }

    [Fact]
    public void TheMailboxes_FollowAnotherState() => Assert.Equal("/srv/postern/mail", Reading.Good("state = \"/srv/postern\"").Mailboxes.Root);

    [Fact]
    public void AHostNameInTheList_KeepsItsPlace()
    {
        var read = Reading.Of("hostname = \"MX.example.org\"\ndomains = [\"mx.example.org\", \"Example.ORG\"]\n");
        Assert.Equal(["mx.example.org", "example.org"], read.Configuration!.Domains.Select(domain => domain.ToString()));
    }

    [Fact]
    public void ADomainInAnotherScript_BecomesItsAsciiForm() =>
        Assert.Equal("xn--bcher-kva.example", Reading.Of("hostname = \"mx.example.org\"\ndomains = [\"bücher.example\"]\n").Configuration!.Domains[0].ToString());

    [Fact]
    public void NoDomains_LeavesTheHostName() =>
        Assert.Equal(["mx.example.org"], Reading.Of("hostname = \"mx.example.org\"\ndomains = []\n").Configuration!.Domains.Select(domain => domain.ToString()));
}
