namespace Postern.Config.Tests.Sections;

/// <summary>[acme], and [tls] acme, without which it says nothing.</summary>
public sealed class AcmeTests
{
    private const string On = "[tls]\nacme = true\n";

    [Fact]
    public void WithoutTheWord_NoCertificatesAreMade()
    {
        Assert.Null(Reading.Good(string.Empty).Acme);
        Assert.Null(Reading.Good("[tls]\nacme = false\n").Acme);
        Assert.Null(Reading.Good("[acme]\nnames = [\"a.example\"]\n").Acme);
    }

    [Fact]
    public void WithTheWord_ThereAreDefaults()
    {
        var acme = Reading.Good(On).Acme!;
        Assert.Equal("https://acme-v02.api.letsencrypt.org/directory", acme.Directory);
        Assert.Equal(string.Empty, acme.Contact);
        Assert.Equal(["mx.example.org"], acme.Names);
        // Both families.
        Assert.Equal(":: 80", $"{acme.Listen.Address} {acme.Listen.Port}");
    }

    [Fact]
    public void EachKey_IsTaken()
    {
        var acme = Reading.Good(On + """
            [acme]
            directory = "https://ca.example:14000/dir?x"
            contact = "ann+acme@example.org"
            names = ["Mail.Example.org", "b\u00fccher.example"]
            listen = "[::1]:8080"
            """).Acme!;
        Assert.Equal("https://ca.example:14000/dir?x", acme.Directory);
        Assert.Equal("ann+acme@example.org", acme.Contact);
        Assert.Equal(2, acme.Names.Count);
        Assert.Equal("mail.example.org", acme.Names[0], ignoreCase: true);
        // What stands in a certificate is ASCII.
        Assert.Equal("xn--bcher-kva.example", acme.Names[1]);
        Assert.Equal("::1 8080", $"{acme.Listen.Address} {acme.Listen.Port}");
    }

    [Theory]
    [InlineData("http://ca.example/dir")]
    [InlineData("ca.example/dir")]
    [InlineData("https://")]
    [InlineData("https:///dir")]
    [InlineData("https://192.0.2.1/dir")]
    [InlineData("https://[2001:db8::1]/dir")]
    [InlineData("https://user@ca.example/dir")]
    [InlineData("https://ca.example:0/dir")]
    [InlineData("https://ca.example:65536/dir")]
    [InlineData("https://ca.example:/dir")]
    [InlineData("https://c a.example/dir")]
    [InlineData("https://ca.example/d r")]
    [InlineData("https://ca.example./dir")]
    // What follows the sign is not sent, and acme takes no such address.
    [InlineData("https://ca.example/dir#x")]
    [InlineData("https://ca.example#x")]
    public void DirectoryThatIsNoAddressOfHttps_IsAnError(string text) => Assert.Equal(
        [$"6: directory must be an address of HTTPS with a host name, as in \"https://acme-v02.api.letsencrypt.org/directory\", not \"{text}\""],
        Reading.After(On + $"[acme]\ndirectory = \"{text}\"\n").Errors);

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Directory_HasALimit(int length, bool isTaken) => Assert.Equal(
        isTaken, Reading.After(On + $"[acme]\ndirectory = \"{"https://ca.example/".PadRight(length, 'x')}\"\n").Errors.Count == 0);

    [Theory]
    [InlineData("'ann'")]
    [InlineData("'@example.org'")]
    [InlineData("'ann@'")]
    [InlineData("'mailto:ann@example.org'")]
    [InlineData("'ann@example.org, bob@example.org'")]
    // Quotes would end the text that it is written into.
    [InlineData("'\"a\"@example.org'")]
    [InlineData("'\"a b\"@example.org'")]
    // Here they would begin what is no address.
    [InlineData("'ann?bcc=bob@example.org'")]
    [InlineData("'ann%40example.net@example.org'")]
    [InlineData("'j\u00f6rg@example.org'")]
    public void ContactThatIsNoAddress_IsAnError(string text) => Assert.StartsWith(
        "6: contact must be an address, as in \"you@example.org\", not ", Assert.Single(Reading.After(On + $"[acme]\ncontact = {text}\n").Errors), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "6: names must be from 1 to 100 names")]
    [InlineData("[\"a b\"]", "6: \"a b\" is not a domain name")]
    [InlineData("[\"192.0.2.1\"]", "6: \"192.0.2.1\" is not a domain name")]
    [InlineData("[\"a.example\",\n \"a_b.example\"]", "7: \"a_b.example\" is not a domain name")]
    [InlineData("[\"*.example\"]", "6: \"*.example\" is not a domain name; a certificate for all names below one can't be had this way (RFC 8555 section 8.3)")]
    [InlineData("[\"a.example\", \"A.example\"]", "6: \"A.example\" stands here twice")]
    [InlineData("\"a.example\"", "6: names must be a list of texts: [\"...\", \"...\"], and this is a text")]
    public void NamesThatAreWrong_AreAnError(string names, string error) => Assert.Equal([error], Reading.After(On + $"[acme]\nnames = {names}\n").Errors);

    [Theory]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    public void Names_HaveALimit(int count, int errors) =>
        Assert.Equal(errors, Reading.After(On + $"[acme]\nnames = [{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"n{number}.example\""))}]\n").Errors.Count);

    [Theory]
    [InlineData("127.0.0.1", "6: listen must be an IP address and a port from 1 to 65535, as in \"192.0.2.1:25\" or \"[::]:25\", not \"127.0.0.1\"")]
    [InlineData("localhost:80", "6: \"localhost\" is not an IP address; names are not looked up here: write \"127.0.0.1\" or \"[::1]\"")]
    [InlineData("127.0.0.1:2525", "6: this address stands here again")]
    [InlineData("0.0.0.0:2525", "6: this address and \"127.0.0.1:2525\" overlap: one of them is every address of the host")]
    public void PlaceThatIsWrongOrTaken_IsAnError(string place, string error) => Assert.Equal([error], Reading.After(On + $"[acme]\nlisten = \"{place}\"\n").Errors);

    // The section is read either way: what is wrong in it is wrong before it is wanted.
    [Fact]
    public void SectionThatIsNotInForce_IsReadAllTheSame() =>
        Assert.Equal(["4: \"a b\" is not a domain name"], Reading.After("[acme]\nnames = [\"a b\"]\n").Errors);

    [Fact]
    public void WithoutTls_ItIsAnError() =>
        Assert.Equal(["5: acme needs TLS, and [tls] enabled is false"], Reading.After("[tls]\nenabled = false\nacme = true\n").Errors);

    [Fact]
    public void KeyThatNobodyKnows_IsAnError() =>
        Assert.StartsWith("6: ", Assert.Single(Reading.After(On + "[acme]\nagree = true\n").Errors), StringComparison.Ordinal);
}
