using System.Text;
using CsCheck;
using Postern.Config.Sections;
using Postern.Mail;

namespace Postern.Config.Tests.Sections;

/// <summary>[routes].</summary>
public class RoutesTests
{
    private static string Section(string pattern, string target) => $"[routes]\n\"{pattern}\" = \"{target}\"\n";

    [Theory]
    [InlineData("127.0.0.1:2600", "Host 127.0.0.1 2600")]
    [InlineData("[2001:DB8::1]:26", "Host 2001:db8::1 26")]
    [InlineData("[2001:db8::1]", "Host 2001:db8::1 25")]
    [InlineData("relay.example", "Host relay.example 25")]
    [InlineData("Relay.Example:587", "Host relay.example 587")]
    [InlineData("localhost:10025", "Host localhost 10025")]
    [InlineData("smtps:relay.example", "TlsHost relay.example 465")]
    [InlineData("smtps:[::1]:2465", "TlsHost ::1 2465")]
    [InlineData("lmtp:127.0.0.1:24", "LmtpHost 127.0.0.1 24")]
    [InlineData("lmtp:dovecot.example:24", "LmtpHost dovecot.example 24")]
    [InlineData("lmtp:[::1]:24", "LmtpHost ::1 24")]
    [InlineData("lmtp:/run/dovecot/lmtp", "LmtpSocket /run/dovecot/lmtp 0")]
    public void ANextHop_IsTaken(string written, string expected)
    {
        var route = Assert.Single(Reading.Good(Section("relay.example", written)).Routes);
        Assert.Equal(expected, $"{route.Hop} {route.Destination} {route.Port}");
    }

    [Theory]
    [InlineData("Relay.Example", "relay.example")]
    [InlineData("*.Internal.Example", "*.internal.example")]
    [InlineData("*", "*")]
    [InlineData("*.bücher.example", "*.xn--bcher-kva.example")]
    public void APattern_IsTaken(string written, string kept) => Assert.Equal(kept, Assert.Single(Reading.Good(Section(written, "127.0.0.1:26")).Routes).Pattern);

    [Fact]
    public void EveryPatternTaken_IsOneToTheQueue()
    {
        // queue gives up on a slice with a pattern that its table does not take.
        var pieces = Gen.Int[0, 7].Select(index => new[] { "*", ".", "a", "EXAMPLE", "-", "bücher", "xn--", "1" }[index]).Array[0, 6];
        Check.Sample(
            pieces,
            parts => Reading.After(Section(string.Concat(parts), "127.0.0.1:26")).Configuration is not { } read
                || new RouteTable<int>().TryAdd(Encoding.ASCII.GetBytes(read.Routes[0].Pattern), 1),
            iter: 2000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.")]
    [InlineData("**")]
    [InlineData("a*.example")]
    [InlineData(".example")]
    [InlineData("*.*.example")]
    [InlineData("alice@example.org")]
    [InlineData("192.0.2.1")]
    public void APatternThatIsNone_IsAnError(string written) => Assert.Equal(
        [$"4: \"{written}\" must be a domain, \"*.\" and a domain, or \"*\""], Reading.After(Section(written, "127.0.0.1:26")).Errors);

    [Theory]
    [InlineData("")]
    [InlineData("::1")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("smtp:host:25")]
    [InlineData("lmtp:")]
    [InlineData("smtps:")]
    [InlineData("host:25:26")]
    public void ANextHopThatIsNone_IsAnError(string written) => Assert.Equal(
        [$"4: \"{written}\" must be \"host:port\", \"[ipv6]:port\", \"host\", \"smtps:host\", \"lmtp:host:port\" or \"lmtp:/path\""],
        Reading.After(Section("relay.example", written)).Errors);

    [Theory]
    [InlineData("smtps://host", "\"//host\" is not a host name or IP address")]
    [InlineData("a b:25", "\"a b\" is not a host name or IP address")]
    [InlineData("[relay.example]:25", "brackets are for IPv6 addresses: write \"relay.example:25\"")]
    [InlineData("[127.0.0.1]:25", "brackets are for IPv6 addresses: write \"127.0.0.1:25\"")]
    [InlineData("[127.0.0.1]", "brackets are for IPv6 addresses: write \"127.0.0.1\"")]
    [InlineData("[::g]:25", "\"::g\" is not a host name or IP address")]
    [InlineData("0x7f.1:25", "\"0x7f.1\" is not a host name or IP address")]
    [InlineData("lmtp:127.0.0.1", "a route by lmtp needs a port, and not 25 (RFC 2033)")]
    [InlineData("lmtp:127.0.0.1:25", "a route by lmtp needs a port, and not 25 (RFC 2033)")]
    [InlineData("/run/lmtp", "a socket is reached by lmtp only: write \"lmtp:/path\"")]
    [InlineData("lmtp:/run/../lmtp", "the socket's path must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    public void AWrongNextHop_IsAnError(string written, string error) =>
        Assert.Equal(["4: " + error], Reading.After(Section("relay.example", written)).Errors);

    [Theory]
    [InlineData("relay.example = \"127.0.0.1:26\"", "4: a domain must stand in quotes: \"relay...\" = \"...\"")]
    [InlineData("\"relay.example\" = [\"127.0.0.1:26\"]", "4: \"relay.example\" must have a text in quotes, and this is a list")]
    [InlineData("\"a.example\" = \"[::1]\"\n\"A.example\" = \"[::1]\"", "5: \"A.example\" stands here again; it was on line 4 before")]
    public void AWrongEntry_IsAnError(string lines, string error) => Assert.Equal([error], Reading.After("[routes]\n" + lines).Errors);

    [Theory]
    // Its own route, or one for everything below a domain, takes an own domain elsewhere.
    [InlineData("example.org", "example.org")]
    [InlineData("*.example.org", "mx.example.org")]
    [InlineData("*.org", "example.org mx.example.org")]
    // The smarthost does not: it is for other people's mail.
    [InlineData("*", "")]
    [InlineData("ample.org", "")]
    [InlineData("*.ample.org", "")]
    public void OnlyARouteOfItsOwn_TakesAnOwnDomainElsewhere(string pattern, string relayed)
    {
        var read = Reading.Good(Section(pattern, "127.0.0.1:26"));
        Assert.Equal(relayed, string.Join(' ', RoutesSection.Relayed(read.Routes, read.Domains)));
    }
}
