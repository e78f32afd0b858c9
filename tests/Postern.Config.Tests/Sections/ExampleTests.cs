namespace Postern.Config.Tests.Sections;

/// <summary>The files that people start from.</summary>
public class ExampleTests
{
    [Fact]
    public void TheExample_IsAccepted()
    {
        var reading = Reading.Of(Repository.Text("etc", "postern.toml"));
        Assert.Empty(reading.Errors);
        Assert.Equal(["alice@example.org", "bob@example.org"], reading.Configuration!.Mailboxes.Addresses);
        Assert.Equal(["postmaster@example.org", "@example.org"], reading.Configuration.Aliases.Select(alias => alias.Key));
    }

    [Fact]
    public void TheExample_HasFifteenLines() =>
        Assert.InRange(Repository.Text("etc", "postern.toml").Split('\n').Count(line => line.Length > 0), 1, 15);

    [Fact]
    public void EveryKey_IsAccepted()
    {
        var reading = Reading.Of(
            """
            hostname = "mx.example.org"
            domains  = ["example.org"]
            state    = "/var/lib/postern"
            trusted  = ["127.0.0.0/8", "::1/128"]

            [[listen]]
            address = "127.0.0.1:2525"
            service = "smtp"

            [mailboxes]
            root  = "/var/lib/postern/mail"
            users = ["alice@example.org", "bob@example.org"]
            system = false
            user = "vmail"

            [aliases]
            "postmaster@example.org" = ["alice@example.org"]
            "@example.org" = ["bob@example.org"]
            file = "/etc/aliases"

            [routes]
            "relay.example" = "127.0.0.1:2600"
            "*.internal.example" = "lmtp:/run/dovecot/lmtp"

            [tls_reports]
            send = true
            from = "tls@example.org"
            organization = "Example"
            contact = "postmaster@example.org"

            [queue]
            retry_first = "5m"
            retry_max = "4h"
            expire = "5d"
            warn_after = "4h"

            [limits]
            message_size = "50M"
            recipients = 1000
            connections = 10000
            connections_per_client = 50
            command_timeout = "5m"
            session_timeout = "1h"
            concurrency = 20

            [dns]
            resolvers = ["127.0.0.1:53"]

            [remote]
            allow_private = true
            """,
            new FakeFiles().With("/etc/aliases", "root: alice\n"));
        Assert.Empty(reading.Errors);
        Assert.True(reading.Configuration!.AllowPrivate);
        Assert.Equal("vmail", reading.Configuration.Mailboxes.User);
    }

    [Fact]
    public void EveryKey_IsInTheManual()
    {
        var manual = Repository.Text("docs", "configuration.md");
        foreach (var (section, keys) in Config.Sections.Schema.Keys)
        {
            if (section != Config.Sections.Schema.Root)
            {
                Assert.Contains(Config.Sections.Schema.Title(section), manual, StringComparison.Ordinal);
            }

            foreach (var key in keys)
            {
                Assert.Contains($"| `{key}` |", manual, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void EveryExampleOfTheManual_IsAccepted()
    {
        var files = new FakeFiles().With("/etc/aliases", string.Empty);
        var parts = Repository.Text("docs", "configuration.md").Split("```toml\n");
        Assert.InRange(parts.Length, 5, int.MaxValue);
        foreach (var part in parts.Skip(1))
        {
            var text = part[..part.IndexOf("```", StringComparison.Ordinal)];
            var whole = text.Contains("hostname", StringComparison.Ordinal) ? text : Reading.Required + text;
            Assert.Equal([], Reading.Of(whole, files).Errors);
        }
    }
}
