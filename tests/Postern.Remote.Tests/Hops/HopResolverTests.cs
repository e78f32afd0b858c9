using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Dns.Wire;
using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.Text;

namespace Postern.Remote.Tests.Hops;

public sealed class HopResolverTests
{
    // A server that writes names as the question did writes them in the random letters that we asked in.
    [Fact]
    public void NameInRandomLetters_IsTakenInSmallOnes()
    {
        var resolution = Resolve(new Hop(HopKind.Exchangers, "e.test", 25), "e.test MX 10 mX.TeSt|mX.TeSt A 8.8.8.8");
        Assert.Equal("mx.test", resolution.Targets.Single().Name);
    }

    [Theory]
    // RFC 7505: takes no mail.
    [InlineData("e.test MX 0 .", DeliveryOutcome.Permanent, "5.1.10")]
    [InlineData("other.test A 8.8.8.8", DeliveryOutcome.Permanent, "5.1.2")]
    [InlineData("e.test MX SERVFAIL", DeliveryOutcome.Temporary, "4.4.3")]
    // An alias for an address where the names should be: no host can have that name.
    [InlineData("e.test MX 10 192.0.2.1", DeliveryOutcome.Permanent, "5.4.4")]
    // Null MX beside others is a mistake and means nothing.
    [InlineData("e.test MX 0 .|e.test MX 10 mx.test|mx.test A SERVFAIL", DeliveryOutcome.Temporary, "4.4.3")]
    // MX records that lead nowhere: the domain's own address is not the way out (RFC 5321 §5.1).
    [InlineData("e.test MX 10 gone.test|e.test A 8.8.8.8", DeliveryOutcome.Permanent, "5.4.4")]
    // No MX record, and nobody knows the address: implicit MX waits.
    [InlineData("e.test A SERVFAIL", DeliveryOutcome.Temporary, "4.4.3")]
    // The best exchanger is this host.
    [InlineData("e.test MX 10 self.test", DeliveryOutcome.Permanent, "5.4.6")]
    [InlineData("e.test MX 10 mx.test|mx.test A 8.8.4.4", DeliveryOutcome.Permanent, "5.4.6")]
    // Nowhere that may be connected to.
    [InlineData("e.test MX 10 mx.test|mx.test A 127.0.0.1|mx.test A 10.0.0.1", DeliveryOutcome.Permanent, "5.4.4")]
    [InlineData("e.test A 192.168.0.1", DeliveryOutcome.Permanent, "5.4.4")]
    [InlineData("e.test MX 10 mx.test|mx.test TXT x", DeliveryOutcome.Permanent, "5.4.4")]
    [InlineData("e.test TXT x", DeliveryOutcome.Permanent, "5.1.2")]
    // One is private, the other unknown: the other may be the one.
    [InlineData("e.test MX 10 mx.test|mx.test A 10.0.0.1|e.test MX 20 b.test|b.test A SERVFAIL", DeliveryOutcome.Temporary, "4.4.3")]
    public void NoTarget_SaysWhy(string zone, DeliveryOutcome outcome, string status)
    {
        var resolution = Resolve(new Hop(HopKind.Exchangers, "e.test", 25), zone);
        Assert.Empty(resolution.Targets);
        Assert.Equal((outcome, FaultOf.World), (resolution.Failure!.Outcome, resolution.Failure.FaultOf));
        Assert.Equal(status, resolution.Failure.Status.ToString());
    }

    [Theory]
    [InlineData("e.test A 8.8.8.8", "e.test [8.8.8.8]:25")]
    // In the order of preference; private addresses are passed over.
    [InlineData("e.test MX 20 b.test|e.test MX 10 a.test|b.test A 8.8.8.2|a.test A 10.0.0.1|a.test A 8.8.8.1", "a.test [8.8.8.1]:25|b.test [8.8.8.2]:25")]
    [InlineData("e.test MX 10 a.test|a.test AAAA 2606:4700::1", "a.test [2606:4700::1]:25")]
    // Beyond this host's own preference is the way back to it.
    [InlineData("e.test MX 10 a.test|e.test MX 20 self.test|e.test MX 30 c.test|a.test A 8.8.8.1|c.test A 8.8.8.3", "a.test [8.8.8.1]:25")]
    public void Exchangers_AreTriedInOrder(string zone, string targets) =>
        Assert.Equal(targets.Split('|'), Texts(Resolve(new Hop(HopKind.Exchangers, "e.test", 25), zone)));

    [Fact]
    public async Task AddressThatIsJudged_IsTheOneThatIsConnectedTo()
    {
        // A name server that changes its mind with every question: one question each, and its answer is what was judged.
        var names = new ChangingResolver();
        var exchangers = new MailExchangers(names, new SystemRandomSource(), OwnIdentity.None);
        var resolver = new HopResolver(exchangers, new AddressPolicy(false, new HashSet<IpAddress>()));
        Assert.Equal(["e.test [8.8.8.1]:25"], Texts(await resolver.ResolveAsync(new Hop(HopKind.Exchangers, "e.test", 25))));
        Assert.Equal(names.Asked.Distinct(), names.Asked);
    }

    [Fact]
    public void ManyAddresses_AreCutToFive()
    {
        var zone = string.Join('|', Enumerable.Range(1, 50).Select(i => $"e.test A 8.8.8.{i}"));
        Assert.Equal(HopResolver.MaxTargets, Resolve(new Hop(HopKind.Exchangers, "e.test", 0), zone).Targets.Count);
    }

    [Theory]
    [InlineData("127.0.0.1", "[127.0.0.1]:2525")]
    [InlineData("[::1]", "[::1]:2525")]
    // Chosen by the administrator: private is meant.
    [InlineData("e.test", "e.test [10.0.0.1]:2525")]
    [InlineData("localhost", "localhost [127.0.0.1]:2525|localhost [::1]:2525")]
    public void ConfiguredHost_IsTakenAsItIs(string host, string targets) =>
        Assert.Equal(targets.Split('|'), Texts(Resolve(new Hop(HopKind.Host, host, 2525), "e.test A 10.0.0.1|e.test MX 10 a.test")));

    [Theory]
    [InlineData("none.test")]
    [InlineData("bad name")]
    [InlineData("s.test")]
    public void ConfiguredHostWithoutAddress_IsTemporary(string host) =>
        Assert.Equal(DeliveryOutcome.Temporary, Resolve(new Hop(HopKind.LmtpHost, host, 24), "s.test A SERVFAIL").Failure!.Outcome);

    private static string[] Texts(HopResolution resolution) =>
        [.. resolution.Targets.Select(target => System.Text.Encoding.ASCII.GetString(target.Text))];

    private static HopResolution Resolve(Hop hop, string zone)
    {
        Assert.True(IpAddress.TryParse("8.8.4.4", out var mine));
        var own = new HashSet<IpAddress> { mine };
        var self = new OwnIdentity(new HashSet<DnsName> { TableResolver.Name("self.test") }, own);
        var exchangers = new MailExchangers(new TableResolver(zone.Split('|')), new SystemRandomSource(), self);
        var resolution = new HopResolver(exchangers, new AddressPolicy(false, own)).ResolveAsync(hop).AsTask();
        Assert.True(resolution.IsCompleted);
        return resolution.GetAwaiter().GetResult();
    }

    /// <summary>Says a public address when first asked for A, and this host's from then on.</summary>
    private sealed class ChangingResolver : Postern.Dns.Resolving.INameResolver
    {
        internal List<string> Asked { get; } = [];

        public ValueTask<Postern.Dns.Resolving.Resolution> ResolveAsync(DnsQuestion question)
        {
            Asked.Add($"{question.Name} {question.Type}");
            var address = Asked.Count(asked => asked.EndsWith(" A", StringComparison.Ordinal)) > 1 ? "127.0.0.1" : "8.8.8.1";
            return new TableResolver($"e.test A {address}").ResolveAsync(question);
        }
    }
}
