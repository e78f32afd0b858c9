using Postern.Ipc.Slices;

namespace Postern.Config.Tests.Sections;

/// <summary>[[listen]].</summary>
public class ListenTests
{
    private static string Section(string address, string service = "smtp") => $"[[listen]]\naddress = \"{address}\"\nservice = \"{service}\"\n";

    [Theory]
    [InlineData("127.0.0.1:2525", "127.0.0.1", 2525)]
    [InlineData("[::]:25", "::", 25)]
    [InlineData("[2001:DB8::1]:65535", "2001:db8::1", 65535)]
    [InlineData("0.0.0.0:1", "0.0.0.0", 1)]
    // A mapped address is the IPv4 address.
    [InlineData("[::ffff:192.0.2.1]:25", "192.0.2.1", 25)]
    public void AnAddressAndPort_AreTaken(string written, string address, int port)
    {
        var listener = Assert.Single(Reading.Good(Section(written)).Listeners);
        Assert.Equal((address, port), (listener.Address.ToString(), listener.Port));
    }

    [Theory]
    // No port, a port that is none, an octal one.
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:025")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:99999999999")]
    [InlineData("127.0.0.1:+25")]
    [InlineData("127.0.0.1:25 ")]
    [InlineData("127.0.0.1:smtp")]
    // Other servers' ways to say "everywhere".
    [InlineData(":25")]
    [InlineData("25")]
    // IPv6 without brackets: which colon is the port's?
    [InlineData("::1:25")]
    [InlineData("[::1]")]
    [InlineData("[::1")]
    [InlineData("[]:25")]
    [InlineData("")]
    public void AnAddressWithoutItsPort_IsAnError(string written) =>
        Assert.Equal(
            [$"4: address must be an IP address and a port from 1 to 65535, as in \"192.0.2.1:25\" or \"[::]:25\", not \"{written}\""],
            Reading.After(Section(written)).Errors);

    [Theory]
    [InlineData("mx.example.org:25", "\"mx.example.org\" is not an IP address; names are not looked up here")]
    [InlineData("localhost:25", "\"localhost\" is not an IP address; names are not looked up here: write \"127.0.0.1\" or \"[::1]\"")]
    [InlineData("*:25", "\"*\" is not an IP address; names are not looked up here")]
    [InlineData("0x7f.1:25", "\"0x7f.1\" is not an IP address; names are not looked up here")]
    [InlineData("127.0.0.01:25", "\"127.0.0.01\" is not an IP address; names are not looked up here")]
    [InlineData("[127.0.0.1]:25", "brackets are for IPv6 addresses: write \"127.0.0.1:25\"")]
    [InlineData("[fe80::1%eth0]:25", "\"fe80::1%eth0\" is not an IP address; names are not looked up here")]
    public void AName_IsAnError(string written, string error) => Assert.Equal(["4: " + error], Reading.After(Section(written)).Errors);

    [Theory]
    [InlineData("smtp", ServiceKind.Smtp)]
    [InlineData("lmtp", ServiceKind.Lmtp)]
    [InlineData("submission", ServiceKind.Submission)]
    [InlineData("submissions", ServiceKind.Submissions)]
    public void AService_IsTaken(string written, ServiceKind service) =>
        Assert.Equal(service, Assert.Single(Reading.Good(Section("127.0.0.1:24", written)).Listeners).Service);

    [Theory]
    [InlineData("submission")]
    [InlineData("submissions")]
    public void SubmissionWithoutTls_IsAnError(string service) =>
        Assert.Equal([$"5: {service} needs TLS, and [tls] enabled is false"], Reading.After(Section("127.0.0.1:587", service) + "[tls]\nenabled = false\n").Errors);

    [Fact]
    public void WithoutAService_ItIsSmtp() =>
        Assert.Equal(ServiceKind.Smtp, Assert.Single(Reading.Good("[[listen]]\naddress = \"[::]:25\"\n").Listeners).Service);

    [Theory]
    [InlineData("SMTP", "5: service must be \"smtp\", \"submission\", \"submissions\" or \"lmtp\", not \"SMTP\"")]
    [InlineData("smtps", "5: service must be \"smtp\", \"submission\", \"submissions\" or \"lmtp\", not \"smtps\"")]
    public void AServiceThatCannotBe_IsAnError(string service, string error) =>
        Assert.Equal([error], Reading.After(Section("127.0.0.1:587", service)).Errors);

    [Fact]
    public void LmtpOnPort25_IsAnError() =>
        Assert.Equal(["4: lmtp must not be served on port 25 (RFC 2033)"], Reading.After(Section("127.0.0.1:25", "lmtp")).Errors);

    [Fact]
    public void AMissingAddress_IsAnErrorAtItsSection() => Assert.Equal(
        ["6: address is missing in [[listen]], as in address = \"127.0.0.1:2525\""],
        Reading.After(Section("127.0.0.1:25") + "[[listen]]\nservice = \"smtp\"\n").Errors);

    [Theory]
    // The same one, in the same or in another spelling.
    [InlineData("127.0.0.1:25", "127.0.0.1:25", "this address stands here again")]
    [InlineData("[2001:db8::1]:25", "[2001:db8:0::1]:25", "this address stands here again")]
    [InlineData("127.0.0.1:25", "[::ffff:127.0.0.1]:25", "this address stands here again")]
    // The kernel refuses the second of these (EADDRINUSE), in either order.
    [InlineData("0.0.0.0:25", "192.0.2.1:25", "this address and \"0.0.0.0:25\" overlap: one of them is every address of the host")]
    [InlineData("192.0.2.1:25", "0.0.0.0:25", "this address and \"192.0.2.1:25\" overlap: one of them is every address of the host")]
    [InlineData("[::]:25", "192.0.2.1:25", "this address and \"[::]:25\" overlap: one of them is every address of the host")]
    [InlineData("[::]:25", "0.0.0.0:25", "this address and \"[::]:25\" overlap: one of them is every address of the host")]
    public void AddressesThatMeet_AreAnError(string one, string other, string error) =>
        Assert.Equal(["7: " + error], Reading.After(Section(one) + Section(other)).Errors);

    [Theory]
    [InlineData("127.0.0.1:25", "127.0.0.1:26")]
    [InlineData("127.0.0.1:25", "127.0.0.2:25")]
    [InlineData("0.0.0.0:25", "[::1]:25")]
    [InlineData("[::]:25", "127.0.0.1:26")]
    public void AddressesThatDoNotMeet_AreTaken(string one, string other) =>
        Assert.Equal(2, Reading.Good(Section(one) + Section(other)).Listeners.Count);

    [Fact]
    public void TooManyListeners_AreAnError()
    {
        var sections = string.Concat(Enumerable.Range(1, 65).Select(port => Section($"127.0.0.1:{port}")));
        Assert.Equal(["3: there may be 64 listening addresses at most"], Reading.After(sections).Errors);
    }

    [Fact]
    public void AnInlineList_IsTakenAsWell() =>
        Assert.Equal(2, Reading.Good("listen = [{address = \"127.0.0.1:25\"}, {address = \"[::1]:25\", service = \"smtp\"}]").Listeners.Count);
}
