namespace Postern.Config.Tests.Sections;

/// <summary>The keys before the first section, and keys that nobody knows.</summary>
public class ServerTests
{
    [Fact]
    public void AnEmptyFile_MissesTwoKeys() => Assert.Equal(
        [
            "1: hostname is missing: this server's own name, as in hostname = \"mx.example.org\"",
            "1: domains is missing: the list of domains whose mail is ours, as in domains = [\"example.org\"]",
        ],
        Reading.Of(string.Empty).Errors);

    [Theory]
    // An address is no name: others would greet us by it.
    [InlineData("hostname = \"192.0.2.1\"", "1: hostname must be a domain name such as \"mx.example.org\", not \"192.0.2.1\"")]
    [InlineData("hostname = \"[192.0.2.1]\"", "1: hostname must be a domain name such as \"mx.example.org\", not \"[192.0.2.1]\"")]
    [InlineData("hostname = \"a b\"", "1: hostname must be a domain name such as \"mx.example.org\", not \"a b\"")]
    [InlineData("hostname = \"\"", "1: hostname must be a domain name such as \"mx.example.org\", not \"\"")]
    // Types.
    [InlineData("hostname = 5", "1: hostname must be a text in quotes, and this is a number")]
    [InlineData("hostname = [\"a.example\"]", "1: hostname must be a text in quotes, and this is a list")]
    [InlineData("hostname = 2026-01-01", "1: hostname must be a text in quotes, and this is a date or time")]
    [InlineData("hostname = 1.5", "1: hostname must be a text in quotes, and this is a number with a point")]
    [InlineData("hostname = true", "1: hostname must be a text in quotes, and this is true or false")]
    [InlineData("hostname = {a = 1}", "1: hostname must be a text in quotes, and this is a section")]
    public void AWrongHostName_IsAnError(string line, string error) =>
        Assert.Equal([error], Reading.Of(line + "\ndomains = [\"example.org\"]\n").Errors);

    [Theory]
    [InlineData("domains = \"example.org\"", "2: domains must be a list of texts: [\"...\", \"...\"], and this is a text")]
    [InlineData("domains = [\"example.org\", 5]", "2: domains must hold texts in quotes, and this is a number")]
    [InlineData("domains = [\"example.org\", \"Example.org\"]", "2: \"Example.org\" stands here again")]
    [InlineData("domains = [\"example..org\"]", "2: \"example..org\" is not a domain name")]
    [InlineData("domains = [\n  \"a.example\",\n  \"*.example\",\n]", "4: \"*.example\" is not a domain name")]
    // An address that may belong to the domain that could not be read is no second error.
    [InlineData("domains = [\"b_d.example\"]\nmailboxes.users = [\"alice@b-d.example\"]", "2: \"b_d.example\" is not a domain name")]
    [InlineData("domains = \"example.org\"\nmailboxes.users = [\"alice@example.org\"]", "2: domains must be a list of texts: [\"...\", \"...\"], and this is a text")]
    public void WrongDomains_AreAnError(string line, string error) =>
        Assert.Equal([error], Reading.Of("hostname = \"mx.example.org\"\n" + line).Errors);

    [Theory]
    [InlineData(243, 0)]
    [InlineData(244, 2)]
    public void ADomainWithoutRoomForItsPostmaster_IsAnError(int length, int errors)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + '.' + new string('e', 60);
        domain = $"{domain[..(length - 2)]}.f";
        var found = Reading.Of($"hostname = \"{domain}\"\ndomains = [\"g{domain[1..]}\"]").Errors;
        Assert.Equal(errors, found.Count(error => error.EndsWith("is so long that postmaster would have no address there", StringComparison.Ordinal)));
        Assert.Equal(errors, found.Count);
    }

    [Theory]
    [InlineData("state = \"var/postern\"", "3: state must be an absolute path")]
    [InlineData("state = \"/\"", "3: state must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    [InlineData("state = \"/var/lib/postern/\"", "3: state must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    [InlineData("state = \"/var/../etc\"", "3: state must not hold \"//\", \"/./\", \"/../\" or end in \"/\"")]
    [InlineData("state = \"/var/lib/pöstern\"", "3: state may hold printable ASCII only")]
    [InlineData("state = \"/var/lib/\\u0000\"", "3: state may hold printable ASCII only")]
    // A longer one leaves no room for the sockets below it.
    [InlineData("state = \"/23456789012345678901234567890123456789012345678901234567890123456789012345678901\"", "3: state may have 79 characters at most")]
    public void AWrongState_IsAnError(string line, string error) => Assert.Equal([error], Reading.After(line).Errors);

    [Theory]
    [InlineData("trusted = [\"10.0.0.0/33\"]", "\"10.0.0.0/33\" is not a network such as \"192.0.2.0/24\" or \"2001:db8::/32\", with no bit set behind the length")]
    [InlineData("trusted = [\"10.1.2.3/8\"]", "\"10.1.2.3/8\" is not a network such as \"192.0.2.0/24\" or \"2001:db8::/32\", with no bit set behind the length")]
    [InlineData("trusted = [\"localhost\"]", "\"localhost\" is not a network such as \"192.0.2.0/24\" or \"2001:db8::/32\", with no bit set behind the length")]
    [InlineData("trusted = [\"0.0.0.0/0\"]", "\"0.0.0.0/0\" is everybody: the server would relay for all the world")]
    [InlineData("trusted = [\"::/0\"]", "\"::/0\" is everybody: the server would relay for all the world")]
    public void AWrongTrustedNetwork_IsAnError(string line, string error) => Assert.Equal(["3: " + error], Reading.After(line).Errors);

    [Fact]
    public void NoTrustedNetwork_IsNobody() => Assert.Empty(Reading.Good("trusted = []").Trusted);

    [Theory]
    [InlineData("hostnam = 1", "3: unknown key \"hostnam\"; is \"hostname\" meant?")]
    [InlineData("Domains = 1", "3: unknown key \"Domains\"; is \"domains\" meant?")]
    [InlineData("colour = 1", "3: unknown key \"colour\"")]
    [InlineData("[limit]", "3: unknown section \"limit\"; is \"limits\" meant?")]
    [InlineData("[listeners]\na = 1", "3: unknown section \"listeners\"; is \"listen\" meant?")]
    [InlineData("[[filters]]\na = 1", "3: unknown section \"filters\"")]
    [InlineData("[queue]\nretry = \"5m\"", "4: unknown key \"retry\" in [queue]")]
    [InlineData("[queue]\nretry_frist = \"5m\"", "4: unknown key \"retry_frist\" in [queue]; is \"retry_first\" meant?")]
    // The commonest mistake: a key of the top below a section.
    [InlineData("[queue]\nhostname = \"5m\"", "4: unknown key \"hostname\" in [queue]; it belongs into the top of the file")]
    [InlineData("message_size = \"5M\"", "3: unknown key \"message_size\"; it belongs into [limits]")]
    [InlineData("[[listen]]\naddress = \"[::]:25\"\nport = 25", "5: unknown key \"port\" in [[listen]]")]
    public void AnUnknownKey_IsAnErrorWithTheNearest(string text, string error) => Assert.Equal([error], Reading.After(text).Errors);

    [Theory]
    [InlineData("queue = 5", "3: queue must be a section: write [queue] on a line of its own")]
    [InlineData("[[queue]]", "3: queue must be a section: write [queue] on a line of its own")]
    [InlineData("[listen]\naddress = \"[::]:25\"", "3: write [[listen]] in double brackets on a line of its own: there may be several")]
    [InlineData("listen = [\"[::]:25\"]", "3: write [[listen]] in double brackets on a line of its own: there may be several")]
    public void ASectionOfTheWrongKind_IsAnError(string text, string error) => Assert.Equal([error], Reading.After(text).Errors);

    [Fact]
    public void EveryError_IsReportedAtOnce() => Assert.Equal(
        [
            "1: hostname must be a domain name such as \"mx.example.org\", not \"-\"",
            "4: \"nowhere\" is not an IP address; names are not looked up here",
            "6: unknown key \"rooot\" in [mailboxes]; is \"root\" meant?",
            "8: expire must be a number with s, m, h or d, as in \"90s\" or \"4h\", not \"5 days\"",
            "10: recipients must be from 1 to 10000",
        ],
        Reading.Of(
            """
            hostname = "-"
            domains = ["example.org"]
            [[listen]]
            address = "nowhere:25"
            [mailboxes]
            rooot = "/x"
            [queue]
            expire = "5 days"
            [limits]
            recipients = 0
            """).Errors);
}
