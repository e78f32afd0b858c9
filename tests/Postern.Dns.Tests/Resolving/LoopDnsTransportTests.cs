using System.Net;
using Postern.Dns.Exchangers;
using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.TestKit.Dns;

namespace Postern.Dns.Tests.Resolving;

/// <summary>The whole resolver over real sockets on the loopback interface, against a name server that shares no code with it.</summary>
public class LoopDnsTransportTests
{
    private static readonly Dictionary<string, string[]> _zone = new()
    {
        ["example.org MX"] = ["20 mx2.example.org", "10 mx1.example.org"],
        ["mx1.example.org A"] = ["192.0.2.1", "192.0.2.2"],
        ["mx1.example.org AAAA"] = ["2001:db8::1"],
        ["mx2.example.org CNAME"] = ["mx1.example.org"],
        ["long.example.org TXT"] = [.. Enumerable.Range(0, 40).Select(n => new string((char)('a' + (n % 26)), 300))],
        ["_25._tcp.mx1.example.org TLSA"] = ["3 1 1 00ff"],
        ["broken.example.org *"] = ["SERVFAIL"],
        ["null.example.org MX"] = ["0 ."],
    };

    [Fact]
    public void MailRoute_IsFound()
    {
        using var server = new FakeNameServer(_zone);
        (MailRoute route, ExchangerStep first, ExchangerStep second) = Run(server, async resolver =>
        {
            var exchangers = new MailExchangers(resolver, new SystemRandomSource(), OwnIdentity.None);
            MailRoute route = await exchangers.FindAsync(Names.Of("example.org"));
            ExchangerWalk walk = exchangers.Walk(Assert.IsType<MailRoute.Exchangers>(route));
            return (route, await walk.NextAsync(), await walk.NextAsync());
        });

        Assert.Equal([10, 20], ((MailRoute.Exchangers)route).InOrder.Select(exchanger => (int)exchanger.Preference));
        Assert.Equal(3, Assert.IsType<ExchangerStep.Host>(first).Addresses.Count);
        Assert.Equal(3, Assert.IsType<ExchangerStep.Host>(second).Addresses.Count);
        Assert.Equal("udp example.org MX", server.Asked[0]);
        Assert.DoesNotContain(server.Asked, asked => asked.StartsWith("tcp", StringComparison.Ordinal));
    }

    [Fact]
    public void AnswerThatDoesNotFit_ComesByTcp()
    {
        using var server = new FakeNameServer(_zone);
        var found = Assert.IsType<Resolution.Found>(Resolve(server, "long.example.org", DnsType.Txt));
        Assert.Equal(40, found.Records.Count);
        Assert.All(found.Records, record => Assert.Equal(300, ((TextRecord)record).Text.Length));
        Assert.Equal(["udp long.example.org TXT", "tcp long.example.org TXT"], server.Asked);
    }

    [Fact]
    public void EachOutcome_IsToldApart()
    {
        using var server = new FakeNameServer(_zone);
        Assert.IsType<Resolution.NoRecords>(Resolve(server, "example.org", DnsType.A));
        Assert.IsType<Resolution.NoSuchName>(Resolve(server, "nowhere.example.org", DnsType.A));
        Assert.Equal(
            UnavailableReason.ServerFailure,
            Assert.IsType<Resolution.Unavailable>(Resolve(server, "broken.example.org", DnsType.Mx)).Reason);
        Assert.Equal([0, 255], Association(Resolve(server, "_25._tcp.mx1.example.org", DnsType.Tlsa)));
        Assert.Equal(
            Names.Of("mx1.example.org"),
            Assert.IsType<Resolution.Found>(Resolve(server, "mx2.example.org", DnsType.A)).CanonicalName);
    }

    [Fact]
    public void WrongIdentifiers_AreIgnored()
    {
        using var server = new FakeNameServer(_zone) { WrongIdentifiers = 10 };
        Assert.IsType<Resolution.Found>(Resolve(server, "example.org", DnsType.Mx));
        Assert.Equal(["udp example.org MX"], server.Asked);
    }

    [Fact]
    public void FloodOfWrongIdentifiers_IsAvoidedByTcp()
    {
        using var server = new FakeNameServer(_zone) { WrongIdentifiers = 100, SendsOnlyWrongIdentifiers = true };
        Assert.IsType<Resolution.Found>(Resolve(server, "example.org", DnsType.Mx));
        Assert.Equal(["udp example.org MX", "tcp example.org MX"], server.Asked);
    }

    [Fact]
    public void TruncatedDatagrams_AreAskedForByTcp()
    {
        using var server = new FakeNameServer(_zone) { TruncatesDatagrams = true };
        Assert.IsType<Resolution.Found>(Resolve(server, "example.org", DnsType.Mx));
        Assert.Equal(2, server.Asked.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AuthenticData_ReachesTheOutcome(bool isSaid)
    {
        using var server = new FakeNameServer(_zone) { SaysAuthentic = isSaid };
        Assert.Equal(isSaid, Resolve(server, "example.org", DnsType.Mx).IsAuthenticated);
    }

    [Fact]
    public void PortWhereNobodyListens_IsANetworkError()
    {
        using var server = new FakeNameServer(_zone);
        server.Dispose();
        Assert.Equal(
            UnavailableReason.NetworkError,
            Assert.IsType<Resolution.Unavailable>(Resolve(server, "example.org", DnsType.Mx)).Reason);
    }

    [Fact]
    public void SilentServer_IsGivenUp()
    {
        using var server = new FakeNameServer(_zone) { DropsDatagrams = true };
        var clock = new ManualClock();
        Resolution resolution = Run(server, Mx, clock);
        Assert.Equal(UnavailableReason.TimedOut, Assert.IsType<Resolution.Unavailable>(resolution).Reason);
        Assert.InRange(clock.Now, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void ServerOnIPv6_IsAsked()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var server = new FakeNameServer(_zone, IPAddress.IPv6Loopback);
        Assert.IsType<Resolution.Found>(Resolve(server, "example.org", DnsType.Mx));
    }

    private static byte[] Association(Resolution resolution) =>
        Assert.IsType<CertificateAssociationRecord>(Assert.IsType<Resolution.Found>(resolution).Records[0]).Association;

    private static Resolution Resolve(FakeNameServer server, string name, DnsType type) =>
        Run(server, resolver => resolver.ResolveAsync(new DnsQuestion(Names.Of(name), type)).AsTask());

    private static Task<Resolution> Mx(INameResolver resolver) =>
        resolver.ResolveAsync(new DnsQuestion(Names.Of("example.org"), DnsType.Mx)).AsTask();

    /// <summary>Runs the work on a loop on this thread, as a program does: nothing may go on elsewhere.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="work">What to run.</param>
    /// <param name="clock">When given, a tenth of a second passes in each turn that has nothing to do.</param>
    private static T Run<T>(FakeNameServer server, Func<INameResolver, Task<T>> work, ManualClock? clock = null)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            using var loop = new EventLoop(clock ?? TimeProvider.System);
            var address = new NameServer(Addresses.Of(server.EndPoint.Address.GetAddressBytes()), (ushort)server.EndPoint.Port, IsTrusted: true);
            var resolver = new StubResolver([address], new LoopDnsTransport(loop), loop.Time, new SystemRandomSource());
            Task<T> task = OnThisThread(work(resolver), Environment.CurrentManagedThreadId);
            while (!task.IsCompleted)
            {
                if (!loop.RunTurn(wait: clock is null))
                    clock?.Advance(TimeSpan.FromSeconds(0.1));
            }
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static async Task<T> OnThisThread<T>(Task<T> work, int thread)
    {
        T result = await work;
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        return result;
    }
}
