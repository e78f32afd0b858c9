using System.Text.Json;
using Postern.CommandLine.Tests.Fakes;

namespace Postern.CommandLine.Tests.Zones;

public sealed class DnsCommandTests
{
    private const string Whole = $"""
        ; The records of example.org with the mail server mx.example.org, as lines of a zone file.
        ; What is set is looked at by: postern dns example.org --check

        ; Required. The addresses of the server.
        mx.example.org.  IN  A  192.0.2.1
        mx.example.org.  IN  AAAA  2001:db8::1

        ; Required. Mail for example.org goes to the server.
        example.org.  IN  MX  10 mx.example.org.

        ; Required. Mail from example.org comes from the server and from nowhere else (SPF). Who else sends it stands before -all.
        example.org.  IN  TXT  "v=spf1 mx -all"

        ; Advised. What others do with mail that claims to be from example.org (DMARC). Postern does not sign mail (DKIM) yet: only
        ; SPF speaks for it, and that no longer does once somebody forwards it. So p=none: nothing is refused, and reports
        ; come, to postmaster. Stricter policies would cost the mail of your users that is forwarded or goes through lists.
        _dmarc.example.org.  IN  TXT  "v=DMARC1; p=none; rua=mailto:postmaster@example.org"

        ; Advised. Where mail programs find out by themselves how to send (RFC 6186, RFC 8314).
        _submissions._tcp.example.org.  IN  SRV  0 1 465 mx.example.org.
        _submission._tcp.example.org.  IN  SRV  0 1 587 mx.example.org.

        ; Advised. The keys of the server's certificates, for senders that insist on them (DANE). They count only in a zone that is
        ; signed (DNSSEC): without that leave them out. A new key needs its record days before it is used; certbot keeps
        ; the key with --reuse-key. A record that matches no certificate stops mail.
        _25._tcp.mx.example.org.  IN  TLSA  3 1 1 {ZoneSamples.Key256}

        ; Advised. Tells senders to insist on TLS with a certificate that they can verify (MTA-STS), so it must be from a public
        ; authority and for mx.example.org. The second name is that of a web server for the policy below, here
        ; on the same host. A policy in testing has failures reported and nothing refused; --enforce prints the other.
        _mta-sts.example.org.  IN  TXT  "v=STSv1; id=45d04e4b09853e28a8c1;"
        mta-sts.example.org.  IN  CNAME  mx.example.org.

        ; Advised. Where senders report that TLS with the server failed (TLS-RPT): to postmaster.
        _smtp._tls.example.org.  IN  TXT  "v=TLSRPTv1; rua=mailto:postmaster@example.org"

        ; Required. Reverse DNS: set by whoever gave you the addresses. Many servers take no mail from an address without it.
        ; 1.2.0.192.in-addr.arpa.  IN  PTR  mx.example.org.
        ; 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.  IN  PTR  mx.example.org.

        ; The policy of MTA-STS (postern dns example.org --policy prints it alone), to be served as text/plain at
        ; https://mta-sts.example.org/.well-known/mta-sts.txt with a certificate for mta-sts.example.org:
        ;
        ;   version: STSv1
        ;   mode: testing
        ;   mx: mx.example.org
        ;   max_age: 604800

        """;

    [Fact]
    public void RecordsOfADomain_ArePrintedAsAZoneFile()
    {
        using var samples = new ZoneSamples();
        Assert.Equal(Whole, Printed(samples, "example.org"));
    }

    [Fact]
    public void SmallServer_SaysWhatItCanNotSay()
    {
        using var samples = new ZoneSamples { Listeners = ["0.0.0.0 2525 Smtp"], OffersTls = false };
        var text = Printed(samples, "example.net.");
        Assert.Equal(
            """
            ; The records of example.net with the mail server mx.example.org, as lines of a zone file.
            ; What is set is looked at by: postern dns example.net --check

            ; Required. The addresses of the server. The configuration does not say which it has: put in the public ones.
            ; They belong into the zone that mx.example.org is in, which is not this one.
            ; mx.example.org.  IN  A  IPV4-ADDRESS
            ; mx.example.org.  IN  AAAA  IPV6-ADDRESS

            ; Required. Mail for example.net goes to the server.
            ; But no [[listen]] takes mail from others at port 25, and other servers try no other port.
            example.net.  IN  MX  10 mx.example.org.

            ; Required. Mail from example.net comes from the server and from nowhere else (SPF). Who else sends it stands before -all.
            example.net.  IN  TXT  "v=spf1 mx -all"

            ; Advised. What others do with mail that claims to be from example.net (DMARC). Postern does not sign mail (DKIM) yet: only
            ; SPF speaks for it, and that no longer does once somebody forwards it. So p=none: nothing is refused, and reports
            ; come, to postmaster. Stricter policies would cost the mail of your users that is forwarded or goes through lists.
            _dmarc.example.net.  IN  TXT  "v=DMARC1; p=none; rua=mailto:postmaster@example.net"

            ; No SRV records: no [[listen]] has the service submission or submissions for others than this host.

            ; No TLSA records (DANE): TLS is switched off.

            ; No MTA-STS: TLS is switched off.

            ; No TLS-RPT: TLS is switched off.

            ; Reverse DNS: set by whoever gave you the addresses. Many servers take no mail from an address without it.
            ; Each address of this host has to have the name mx.example.org.

            """,
            text);
    }

    [Theory]
    // The certificate for the server's name is the one that senders are shown; with none for it, any may be.
    [InlineData(new[] { ZoneSamples.Certificate, ZoneSamples.OtherCertificate }, new[] { ZoneSamples.Key256 })]
    [InlineData(new[] { ZoneSamples.OtherCertificate }, new[] { ZoneSamples.OtherKey256 })]
    // The same key twice is one record; what follows in a file are authorities.
    [InlineData(new[] { ZoneSamples.Certificate, ZoneSamples.Certificate }, new[] { ZoneSamples.Key256 })]
    [InlineData(new[] { ZoneSamples.Certificate + "\n" + ZoneSamples.OtherCertificate }, new[] { ZoneSamples.Key256 })]
    public void KeysOfTheCertificatesThatSendersSee_AreTlsaRecords(string[] chains, string[] keys)
    {
        using var samples = new ZoneSamples { Chains = chains };
        Assert.Equal(
            keys.Select(key => $"_25._tcp.mx.example.org.  IN  TLSA  3 1 1 {key}"),
            Printed(samples, "example.org").Split('\n').Where(line => line.Contains(" TLSA ", StringComparison.Ordinal)));
    }

    [Fact]
    public void ServerWithoutACertificate_PromisesNoTls()
    {
        using var samples = new ZoneSamples { Chains = [] };
        var text = Printed(samples, "example.org");
        Assert.Contains("; No TLSA records (DANE): without a [[certificate]] the server makes one of its own at each start.\n", text, StringComparison.Ordinal);
        Assert.Contains("; No MTA-STS: without a [[certificate]] ", text, StringComparison.Ordinal);
        Assert.Contains("\n_smtp._tls.example.org.  IN  TXT  ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mta-sts.txt", text, StringComparison.Ordinal);
        Assert.Equal(69, Run(samples, out _, "example.org", "--policy"));
    }

    [Fact]
    public void CertificateOfAnAuthority_CountsWhenItHasCome()
    {
        using var awaiting = new ZoneSamples { Chains = [], Issued = "" };
        Assert.Contains("; No MTA-STS: the certificate that [tls] acme asks for has not come yet, ", Printed(awaiting, "example.org"), StringComparison.Ordinal);
        Assert.Equal(69, Run(awaiting, out _, "example.org", "--policy"));
        using var issued = new ZoneSamples { Chains = [], Issued = ZoneSamples.Certificate };
        Assert.Contains($" TLSA  3 1 1 {ZoneSamples.Key256}\n", Printed(issued, "example.org"), StringComparison.Ordinal);
        Assert.Equal(0, Run(issued, out _, "example.org", "--policy"));
    }

    [Fact]
    public void Policy_IsPrintedAlone_AndItsIdChangesWithIt()
    {
        using var samples = new ZoneSamples();
        Assert.Equal("version: STSv1\nmode: testing\nmx: mx.example.org\nmax_age: 604800\n", Printed(samples, "example.org", "--policy"));
        Assert.Equal("version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n", Printed(samples, "example.org", "--policy", "--enforce"));
        Assert.Contains("\"v=STSv1; id=8d7e99c977b5a844790e;\"", Printed(samples, "example.org", "--enforce"), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasTheSameRecords()
    {
        using var samples = new ZoneSamples { Listeners = ["0.0.0.0 25 Smtp"] };
        using var json = JsonDocument.Parse(Printed(samples, "example.org", "--json"));
        Assert.Equal("mx.example.org", json.RootElement.GetProperty("hostname").GetString());
        Assert.Equal(
            [
                "address required mx.example.org. A -", "address required mx.example.org. AAAA -", "exchanger required example.org. MX 10 mx.example.org.",
                "spf required example.org. TXT \"v=spf1 mx -all\"",
                "dmarc advised _dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:postmaster@example.org\"",
                $"dane advised _25._tcp.mx.example.org. TLSA 3 1 1 {ZoneSamples.Key256}",
                "mta-sts advised _mta-sts.example.org. TXT \"v=STSv1; id=45d04e4b09853e28a8c1;\"", "mta-sts advised mta-sts.example.org. CNAME mx.example.org.",
                "tls-rpt advised _smtp._tls.example.org. TXT \"v=TLSRPTv1; rua=mailto:postmaster@example.org\"",
            ],
            json.RootElement.GetProperty("records").EnumerateArray().Select(record =>
                $"{record.GetProperty("purpose").GetString()} {(record.GetProperty("required").GetBoolean() ? "required" : "advised")} "
                + $"{record.GetProperty("name").GetString()} {record.GetProperty("type").GetString()} {record.GetProperty("data").GetString() ?? "-"}"));
        Assert.Equal("https://mta-sts.example.org/.well-known/mta-sts.txt", json.RootElement.GetProperty("policy").GetProperty("url").GetString());
        Assert.StartsWith("version: STSv1\n", json.RootElement.GetProperty("policy").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LongText_IsCutIntoStrings()
    {
        // What one string of a TXT record holds is 255 bytes.
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        using var samples = new ZoneSamples { Domains = [domain] };
        var line = Printed(samples, domain).Split('\n').Single(line => line.StartsWith("_dmarc.", StringComparison.Ordinal));
        var strings = line.Split("  ")[3].Trim('"').Split("\" \"");
        Assert.Equal([255, 283 - 255], strings.Select(part => part.Length));
        Assert.Equal($"v=DMARC1; p=none; rua=mailto:postmaster@{domain}", string.Concat(strings));
        // And no name is longer than a name may be.
        Assert.DoesNotContain("_submissions._tcp.", Printed(samples, domain), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere.example")]
    [InlineData("a b")]
    [InlineData("")]
    public void ForeignDomain_IsAMisuseThatNamesOurs(string domain)
    {
        using var samples = new ZoneSamples();
        using var caller = new Caller { Slices = samples.Slices() };
        Assert.Equal(64, caller.Run("", "postern", "dns", domain));
        Assert.Contains("is none of the server's domains: example.org, example.net, mx.example.org\n", caller.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--server", "127.0.0.1")]
    [InlineData("--check", "--policy")]
    [InlineData("--check", "--server=mx.example.org")]
    [InlineData("--check", "--server=127.0.0.1:0")]
    [InlineData("--check", "--server=127.0.0.1:65536")]
    [InlineData("--check", "--server=[::1")]
    [InlineData("--check", "--server=[::1]53")]
    public void OptionsThatDoNotFit_AreAMisuse(params string[] options)
    {
        using var samples = new ZoneSamples();
        Assert.Equal(64, Run(samples, out _, ["example.org", .. options]));
    }

    [Theory]
    [InlineData("", 65, "no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 65, "a certificate in it can't be read")]
    public void FileWithoutACertificate_IsNamed(string content, int code, string words)
    {
        using var samples = new ZoneSamples { Chains = [content] };
        using var caller = new Caller { Slices = samples.Slices() };
        Assert.Equal(code, caller.Run("", "postern", "dns", "example.org"));
        Assert.Equal($"postern: {samples.ChainFile(0)}: {words}\n", caller.Error);
        Assert.Empty(caller.Output);
    }

    [Fact]
    public void FileThatIsNotThere_IsNamed()
    {
        using var samples = new ZoneSamples();
        using var caller = new Caller { Slices = samples.Slices() };
        File.Delete(samples.ChainFile(0));
        Assert.Equal(66, caller.Run("", "postern", "dns", "example.org"));
        Assert.Equal($"postern: {samples.ChainFile(0)}: not there\n", caller.Error);
    }

    private static string Printed(ZoneSamples samples, params string[] arguments)
    {
        Assert.Equal(0, Run(samples, out var output, arguments));
        return output;
    }

    private static int Run(ZoneSamples samples, out string output, params string[] arguments)
    {
        using var caller = new Caller { Slices = samples.Slices() };
        var code = caller.Run("", ["postern", "dns", .. arguments]);
        output = caller.Output;
        return code;
    }
}
