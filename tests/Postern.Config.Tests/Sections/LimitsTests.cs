namespace Postern.Config.Tests.Sections;

/// <summary>[limits], [dns] and [remote].</summary>
public class LimitsTests
{
    [Theory]
    [InlineData("\"50M\"", 52_428_800)]
    [InlineData("\"1K\"", 1024)]
    [InlineData("\"10K\"", 10_240)]
    [InlineData("\"2G\"", 2_147_483_648)]
    [InlineData("\"65536\"", 65_536)]
    [InlineData("1024", 1024)]
    [InlineData("1_000_000", 1_000_000)]
    [InlineData("0x10000", 65_536)]
    public void ASize_IsTaken(string written, ulong bytes) => Assert.Equal(bytes, Reading.Good($"[limits]\nmessage_size = {written}").Limits.MessageSize);

    [Theory]
    [InlineData("\"1023\"", "message_size must be from 1K to 2G")]
    [InlineData("1023", "message_size must be from 1K to 2G")]
    [InlineData("-1", "message_size must be from 1K to 2G")]
    [InlineData("0", "message_size must be from 1K to 2G")]
    [InlineData("9223372036854775807", "message_size must be from 1K to 2G")]
    [InlineData("\"3G\"", "message_size must be from 1K to 2G")]
    [InlineData("\"999999999G\"", "message_size must be from 1K to 2G")]
    [InlineData("\"50m\"", "message_size must be a number of bytes, or one with K, M or G in quotes, as in \"50M\"")]
    [InlineData("\"50MB\"", "message_size must be a number of bytes, or one with K, M or G in quotes, as in \"50M\"")]
    [InlineData("\"\"", "message_size must be a number of bytes, or one with K, M or G in quotes, as in \"50M\"")]
    [InlineData("50.5", "message_size must be a number of bytes, or one with K, M or G in quotes, as in \"50M\"")]
    public void AWrongSize_IsAnError(string written, string error) => Assert.Equal(["4: " + error], Reading.After($"[limits]\nmessage_size = {written}").Errors);

    [Theory]
    [InlineData("recipients = 0", "recipients must be from 1 to 10000")]
    [InlineData("recipients = 10001", "recipients must be from 1 to 10000")]
    [InlineData("recipients = -5", "recipients must be from 1 to 10000")]
    [InlineData("recipients = \"1000\"", "recipients must be a whole number, without quotes, and this is a text")]
    [InlineData("recipients = 1e3", "recipients must be a whole number, without quotes, and this is a number with a point")]
    [InlineData("connections = 250001", "connections must be from 1 to 250000")]
    [InlineData("connections_per_client = 0", "connections_per_client must be from 1 to 250000")]
    [InlineData("concurrency = 1001", "concurrency must be from 1 to 1000")]
    [InlineData("command_timeout = \"2h\"", "command_timeout must be from 1s to 1h")]
    [InlineData("session_timeout = \"2d\"", "session_timeout must be from 1s to 1d")]
    [InlineData("connections_per_client = 10001", "connections_per_client must not be more than connections, 10000")]
    [InlineData("command_timeout = \"6m\"\nsession_timeout = \"5m\"", "command_timeout must not be longer than session_timeout, 5m")]
    public void AWrongLimit_IsAnError(string lines, string error) => Assert.Equal(["4: " + error], Reading.After("[limits]\n" + lines).Errors);

    [Fact]
    public void EveryLimit_IsTaken() => Assert.Equal(
        new Limits
        {
            MessageSize = 1_048_576,
            Recipients = 7,
            Connections = 30,
            ConnectionsPerClient = 3,
            CommandSeconds = 20,
            SessionSeconds = 120,
            Concurrency = 2,
        },
        Reading.Good(
            """
            [limits]
            message_size = "1M"
            recipients = 7
            connections = 30
            connections_per_client = 3
            command_timeout = "20s"
            session_timeout = "2m"
            concurrency = 2
            """).Limits);

    [Fact]
    public void ADefault_GivesWayToWhatWasWritten()
    {
        Assert.Equal(5u, Reading.Good("[limits]\nconnections = 5").Limits.ConnectionsPerClient);
        Assert.Equal(60u, Reading.Good("[limits]\nsession_timeout = \"1m\"").Limits.CommandSeconds);
        Assert.Equal(3600u, Reading.Good("[limits]\ncommand_timeout = \"1h\"").Limits.SessionSeconds);
    }

    [Theory]
    [InlineData("\"127.0.0.1:53\"", "127.0.0.1 53")]
    [InlineData("\"192.0.2.1\"", "192.0.2.1 53")]
    [InlineData("\"[::1]:5353\"", "::1 5353")]
    [InlineData("\"[::1]\"", "::1 53")]
    [InlineData("\"2001:db8::53\"", "2001:db8::53 53")]
    [InlineData("\"127.0.0.1:53\", \"[::1]:53\"", "127.0.0.1 53, ::1 53")]
    public void Resolvers_AreTaken(string written, string expected) => Assert.Equal(
        expected,
        string.Join(", ", Reading.Good($"[dns]\nresolvers = [{written}]").Resolvers.Select(server => $"{server.Address} {server.Port}")));

    [Theory]
    [InlineData("resolvers = [\"ns.example\"]", "\"ns.example\" is not an IP address with or without a port, as in \"127.0.0.1:53\" or \"[::1]:53\"")]
    [InlineData("resolvers = [\"127.0.0.1:0\"]", "\"127.0.0.1:0\" is not an IP address with or without a port, as in \"127.0.0.1:53\" or \"[::1]:53\"")]
    [InlineData("resolvers = []", "resolvers must be from 1 to 8 addresses")]
    [InlineData("resolvers = \"127.0.0.1\"", "resolvers must be a list of texts: [\"...\", \"...\"], and this is a text")]
    public void WrongResolvers_AreAnError(string line, string error) => Assert.Equal(["4: " + error], Reading.After("[dns]\n" + line).Errors);

    [Fact]
    public void WithoutResolvers_TheSystemsAreAsked()
    {
        var files = new FakeFiles().With("/etc/resolv.conf", "nameserver 192.0.2.53\n");
        Assert.Equal("192.0.2.53", Assert.Single(Reading.Good(string.Empty, files).Resolvers).Address.ToString());
        // And only then.
        Assert.Equal("192.0.2.1", Assert.Single(Reading.Good("[dns]\nresolvers = [\"192.0.2.1\"]", files).Resolvers).Address.ToString());
    }

    [Fact]
    public void AllowPrivate_IsTaken() => Assert.True(Reading.Good("[remote]\nallow_private = true").AllowPrivate);

    [Fact]
    public void TlsOptional_IsTaken()
    {
        Assert.True(Reading.Good(string.Empty).TlsOptional);
        Assert.False(Reading.Good("[remote]\ntls_optional = false").TlsOptional);
    }
}
