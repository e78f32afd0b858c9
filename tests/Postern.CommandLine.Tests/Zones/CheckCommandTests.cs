using System.Text.Json;
using Postern.CommandLine.Tests.Fakes;
using Postern.TestKit.Dns;

namespace Postern.CommandLine.Tests.Zones;

/// <summary><c>postern dns --check</c> over real sockets of the loopback interface.</summary>
public sealed class CheckCommandTests
{
    private static readonly Dictionary<string, string[]> _zone = new()
    {
        ["mx.example.org A"] = ["192.0.2.1"],
        ["1.2.0.192.in-addr.arpa PTR"] = ["mx.example.org"],
        ["example.org MX"] = ["10 mx.example.org"],
        ["example.org TXT"] = ["v=spf1 mx -all"],
        ["_dmarc.example.org TXT"] = ["v=DMARC1; p=\u001b[2J"],
        ["_submissions._tcp.example.org SRV"] = ["0 1 465 mx.example.org"],
        ["_25._tcp.mx.example.org TLSA"] = [$"3 1 1 {ZoneSamples.Key256}"],
    };

    [Fact]
    public void Findings_AreATableWithRemarks()
    {
        using var server = new FakeNameServer(_zone);
        var (code, output) = Run(server);
        Assert.Equal(65, code);
        Assert.Equal(
            $"""
            RESULT     NEED      DNSSEC  TYPE  NAME                            THERE
            right      required  no      A     mx.example.org.                 192.0.2.1
            right      required  no      MX    example.org.                    10 mx.example.org.
            right      required  no      TXT   example.org.                    "v=spf1 mx -all"
            different  advised   no      TXT   _dmarc.example.org.             "v=DMARC1; p=\x1b[2J"
            right      advised   no      SRV   _submissions._tcp.example.org.  0 1 465 mx.example.org.
            right      advised   no      TLSA  _25._tcp.mx.example.org.        3 1 1 {ZoneSamples.Key256}
            missing    advised   no      TXT   _mta-sts.example.org.
            missing    advised   no      TXT   _smtp._tls.example.org.
            right      required  no      PTR   1.2.0.192.in-addr.arpa.         mx.example.org.

            _dmarc.example.org. TXT: not well-formed
            _dmarc.example.org. TXT: wanted "v=DMARC1; p=none; rua=mailto:postmaster@example.org"
            _25._tcp.mx.example.org. TLSA: the zone is not signed, and without that nobody heeds it
            _mta-sts.example.org. TXT: wanted "v=STSv1; id=45d04e4b09853e28a8c1;"
            _smtp._tls.example.org. TXT: wanted "v=TLSRPTv1; rua=mailto:postmaster@example.org"

            """,
            output);
    }

    [Fact]
    public void SignedZone_IsSaidToBeSigned()
    {
        using var server = new FakeNameServer(_zone) { SaysAuthentic = true };
        var (_, output) = Run(server, "--json");
        using var json = JsonDocument.Parse(output);
        var records = json.RootElement.GetProperty("records").EnumerateArray().ToList();
        Assert.Equal(9, records.Count);
        Assert.All(records, record => Assert.True(record.GetProperty("authenticated").GetBoolean()));
        var tlsa = records.Single(record => record.GetProperty("type").GetString() == "TLSA");
        Assert.Equal("right", tlsa.GetProperty("result").GetString());
        Assert.Equal([$"3 1 1 {ZoneSamples.Key256}"], tlsa.GetProperty("there").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("missing", records.Single(record => record.GetProperty("name").GetString() == "_mta-sts.example.org.").GetProperty("result").GetString());
    }

    [Fact]
    public void ResolverThatFails_IsATemporaryFailure()
    {
        using var server = new FakeNameServer(new Dictionary<string, string[]> { ["mx.example.org *"] = ["SERVFAIL"], ["example.org *"] = ["REFUSED"] });
        var (code, output) = Run(server);
        Assert.Equal(75, code);
        Assert.Contains("unanswered  required  -       MX ", output, StringComparison.Ordinal);
        Assert.Contains("example.org. MX: the resolver refuses to answer\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ResolversOfTheConfiguration_AreAskedUnlessAnotherIsNamed()
    {
        using var server = new FakeNameServer(_zone);
        using var samples = new ZoneSamples { Listeners = ["192.0.2.1 25 Smtp"], Resolvers = [("127.0.0.1", (ushort)server.EndPoint.Port)] };
        using var caller = new Caller { Slices = samples.Slices() };
        Assert.Equal(65, Called(() => caller.Run("", "postern", "dns", "example.org", "--check")));
        Assert.Contains("udp example.org MX", server.Asked);
    }

    // As remote does: it is not asked, and what the other one says counts.
    [Fact]
    public void ResolverThatIsNotBelieved_IsLeftOutBesideOneThatIs()
    {
        using var server = new FakeNameServer(_zone);
        using var samples = new ZoneSamples { Listeners = ["192.0.2.1 25 Smtp"], Resolvers = [("192.0.2.53", 53), ("127.0.0.1", (ushort)server.EndPoint.Port)] };
        using var caller = new Caller { Slices = samples.Slices() };
        Assert.Equal(65, Called(() => caller.Run("", "postern", "dns", "example.org", "--check")));
        Assert.DoesNotContain("DNSSEC can't be told", caller.Output, StringComparison.Ordinal);
        Assert.Contains("right      required  no      MX ", caller.Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Run(FakeNameServer server, params string[] more)
    {
        using var samples = new ZoneSamples { Listeners = ["192.0.2.1 25 Smtp", "192.0.2.1 465 Submissions"] };
        using var caller = new Caller { Slices = samples.Slices() };
        var code = Called(() => caller.Run("", ["postern", "dns", "example.org", "--check", "--server", $"127.0.0.1:{server.EndPoint.Port}", .. more]));
        return (code, caller.Output);
    }

    // As in the program, where nobody but the loop runs what goes on.
    private static int Called(Func<int> run)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
