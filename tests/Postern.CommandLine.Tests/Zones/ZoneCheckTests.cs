using Postern.CommandLine.Server;
using Postern.CommandLine.Zones;
using Postern.CommandLine.Zones.Checking;

namespace Postern.CommandLine.Tests.Zones;

/// <summary>A zone in which everything is right, and then one thing or another is not.</summary>
public sealed class ZoneCheckTests : IDisposable
{
    private const string Tlsa = $"3 1 1 {ZoneSamples.Key256}", OtherTlsa = $"3 1 1 {ZoneSamples.OtherKey256}";
    private const string Reverse4 = "1.2.0.192.in-addr.arpa PTR";
    private const string Reverse6 = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR";

    private ZoneSamples _samples = new();

    [Fact]
    public async Task ZoneAsItIsPrinted_IsRight()
    {
        var findings = await FindAsync(Right());
        Assert.Equal(
            [
                "mx.example.org A", "mx.example.org AAAA", "example.org MX", "example.org TXT", "_dmarc.example.org TXT",
                "_submissions._tcp.example.org SRV", "_submission._tcp.example.org SRV", "_25._tcp.mx.example.org TLSA", "_mta-sts.example.org TXT",
                "mta-sts.example.org A", "_smtp._tls.example.org TXT", Reverse4, Reverse6,
            ],
            findings.Select(finding => $"{finding.Name} {finding.Type}"));
        Assert.All(findings, finding => Assert.Equal(Verdict.Right, finding.Verdict));
        Assert.Equal(0, ZoneCheck.Code(findings));
    }

    [Fact]
    public async Task EmptyZone_LacksWhatIsRequired()
    {
        var findings = await FindAsync([]);
        Assert.Equal(
            ["mx.example.org A", "mx.example.org AAAA", "example.org MX", "example.org TXT"],
            findings.Where(finding => finding.IsFault).Select(finding => $"{finding.Name} {finding.Type}"));
        Assert.All(findings, finding => Assert.Equal(Verdict.Missing, finding.Verdict));
        Assert.Equal(65, ZoneCheck.Code(findings));
    }

    // What is changed (sets parted by ";", records by "|", nothing: taken away), the set that is spoken of, the verdict, the exit code, words of the remark.
    [Theory]
    // Addresses: those where the server listens, all of them, no others, public ones, no alias.
    [InlineData("mx.example.org A=", "mx.example.org A", "Missing", 65, "")]
    [InlineData("mx.example.org AAAA=", "mx.example.org AAAA", "Missing", 65, "")]
    [InlineData("mx.example.org A=192.0.2.1|192.0.2.9;9.2.0.192.in-addr.arpa PTR=mx.example.org", "mx.example.org A", "Different", 65, "192.0.2.9: the server does not listen there")]
    [InlineData("mx.example.org A=192.0.2.9;9.2.0.192.in-addr.arpa PTR=mx.example.org", "mx.example.org A", "Different", 65, "192.0.2.9: the server does not listen there")]
    [InlineData("mx.example.org A=10.0.0.1;1.0.0.10.in-addr.arpa PTR=mx.example.org", "mx.example.org A", "Different", 65, "10.0.0.1: not reachable from outside")]
    [InlineData("mx.example.org A=CNAME www.example.org;www.example.org A=192.0.2.1", "mx.example.org A", "Different", 65, "an alias (CNAME) of www.example.org: an MX must not lead to one (RFC 2181 section 10.3)")]
    [InlineData("mx.example.org A=SERVFAIL", "mx.example.org A", "Unanswered", 75, "the resolver failed (SERVFAIL): the zone's servers are silent, or its signatures are broken")]
    // The way back.
    [InlineData(Reverse4 + "=", Reverse4, "Missing", 65, "")]
    [InlineData(Reverse6 + "=", Reverse6, "Missing", 65, "")]
    [InlineData(Reverse4 + "=host1.provider.example", Reverse4, "Different", 65, "192.0.2.1 has another name than the server")]
    [InlineData(Reverse4 + "=host1.provider.example|MX.example.org", Reverse4, "Right", 0, "")]
    // MX.
    [InlineData("example.org MX=", "example.org MX", "Missing", 65, "")]
    [InlineData("example.org MX=10 mail.example.org", "example.org MX", "Different", 65, "none leads to mx.example.org")]
    [InlineData("example.org MX=0 .", "example.org MX", "Different", 65, "says that the domain takes no mail (RFC 7505)")]
    [InlineData("example.org MX=5 first.example.org|10 mx.example.org|20 last.example.org", "example.org MX", "Right", 0, "first.example.org is tried first")]
    [InlineData("example.org MX=SERVFAIL", "example.org MX", "Unanswered", 75, "the resolver failed (SERVFAIL): the zone's servers are silent, or its signatures are broken")]
    // SPF: one, by which the server may send. Other texts do not matter.
    [InlineData("example.org TXT=", "example.org TXT", "Missing", 65, "")]
    [InlineData("example.org TXT=google-site-verification=x", "example.org TXT", "Missing", 65, "")]
    [InlineData("example.org TXT=x|V=SPF1 a:mx.example.org ~all", "example.org TXT", "Right", 0, "")]
    [InlineData("example.org TXT=v=spf1 -all", "example.org TXT", "Different", 65, "does not let 192.0.2.1 send")]
    [InlineData("example.org TXT=v=spf1 mx -all|v=spf1 -all", "example.org TXT", "Different", 65, "more than one: receivers heed none (RFC 7208 section 4.5)")]
    [InlineData("example.org TXT=v=spf1 ip4:192.0.2.0/24 -all", "example.org TXT", "Different", 65, "does not let 2001:db8::1 send")]
    [InlineData("example.org TXT=v=spf1 mx +all", "example.org TXT", "Different", 65, "lets everybody send")]
    [InlineData("example.org TXT=v=spf1 include:_spf.example.net -all", "example.org TXT", "Unjudged", 0, "whether 192.0.2.1 may send depends on records that it refers to, which were not looked at")]
    // DMARC.
    [InlineData("_dmarc.example.org TXT=", "_dmarc.example.org TXT", "Missing", 0, "")]
    [InlineData("_dmarc.example.org TXT=v=DMARC1;p=Reject", "_dmarc.example.org TXT", "Right", 0, "Postern does not sign mail: what is forwarded or goes through lists will be refused or put aside")]
    [InlineData("_dmarc.example.org TXT=v=DMARC1; rua=mailto:a@example.org", "_dmarc.example.org TXT", "Different", 65, "p is not none, quarantine or reject")]
    [InlineData("_dmarc.example.org TXT=v=dmarc1; p=none", "_dmarc.example.org TXT", "Different", 65, "does not begin with v=DMARC1")]
    [InlineData("_dmarc.example.org TXT=v=DMARC1; p", "_dmarc.example.org TXT", "Different", 65, "not well-formed")]
    [InlineData("_dmarc.example.org TXT=v=DMARC1; p=none|v=DMARC1; p=reject", "_dmarc.example.org TXT", "Different", 65, "more than one: others heed none")]
    // SRV.
    [InlineData("_submission._tcp.example.org SRV=", "_submission._tcp.example.org SRV", "Missing", 0, "")]
    [InlineData("_submission._tcp.example.org SRV=0 0 0 .", "_submission._tcp.example.org SRV", "Different", 65, "leads to no port where the server takes mail from users")]
    [InlineData("_submissions._tcp.example.org SRV=0 1 587 mx.example.org", "_submissions._tcp.example.org SRV", "Different", 65, "leads to no port where the server takes mail from users")]
    [InlineData("_submissions._tcp.example.org SRV=0 1 465 mail.example.org", "_submissions._tcp.example.org SRV", "Different", 65, "leads to no port where the server takes mail from users")]
    // TLSA: a wrong one stops mail, a missing one does not.
    [InlineData("_25._tcp.mx.example.org TLSA=", "_25._tcp.mx.example.org TLSA", "Missing", 0, "")]
    [InlineData("_25._tcp.mx.example.org TLSA=" + OtherTlsa, "_25._tcp.mx.example.org TLSA", "Different", 65, "no configured certificate matches: senders that heed DANE do not deliver")]
    [InlineData("_25._tcp.mx.example.org TLSA=" + Tlsa + "|" + OtherTlsa, "_25._tcp.mx.example.org TLSA", "Right", 0, "one or more match no configured certificate, as is right only while a key changes")]
    [InlineData("_25._tcp.mx.example.org TLSA=3 0 1 " + ZoneSamples.Whole256, "_25._tcp.mx.example.org TLSA", "Right", 0, "")]
    [InlineData("_25._tcp.mx.example.org TLSA=3 0 2 " + ZoneSamples.Whole512, "_25._tcp.mx.example.org TLSA", "Right", 0, "")]
    [InlineData("_25._tcp.mx.example.org TLSA=3 1 1 " + ZoneSamples.Whole256, "_25._tcp.mx.example.org TLSA", "Different", 65, "no configured certificate matches: senders that heed DANE do not deliver")]
    // The server's own certificate is no authority.
    [InlineData("_25._tcp.mx.example.org TLSA=2 1 1 " + ZoneSamples.Key256, "_25._tcp.mx.example.org TLSA", "Different", 65, "no configured certificate matches: senders that heed DANE do not deliver")]
    [InlineData("_25._tcp.mx.example.org TLSA=1 1 1 " + ZoneSamples.Key256, "_25._tcp.mx.example.org TLSA", "Different", 65, "none that senders of mail can use (RFC 7672 section 3.1)")]
    [InlineData("_25._tcp.mx.example.org TLSA=3 1 1 00ff", "_25._tcp.mx.example.org TLSA", "Different", 65, "none that senders of mail can use (RFC 7672 section 3.1)")]
    // MTA-STS: whoever announces a policy has to have a host for it.
    [InlineData("_mta-sts.example.org TXT=;mta-sts.example.org A=", "_mta-sts.example.org TXT", "Missing", 0, "")]
    [InlineData("_mta-sts.example.org TXT=v=STSv1; id=2026-11-28", "_mta-sts.example.org TXT", "Different", 65, "the id is not 1 to 32 letters and digits")]
    [InlineData("_mta-sts.example.org TXT=v=STSv1;", "_mta-sts.example.org TXT", "Different", 65, "the id is not 1 to 32 letters and digits")]
    [InlineData("_mta-sts.example.org TXT=v=STSv1; id=20261128", "_mta-sts.example.org TXT", "Right", 0, "the id is that of another policy than the one printed here; the policy itself was not fetched")]
    [InlineData("_mta-sts.example.org TXT=id=1; v=STSv1", "_mta-sts.example.org TXT", "Different", 65, "does not begin with v=STSv1")]
    [InlineData("mta-sts.example.org A=CNAME mx.example.org", "mta-sts.example.org A", "Right", 0, "")]
    [InlineData("mta-sts.example.org A=", "mta-sts.example.org A", "Missing", 65, "no host from which the policy could be fetched")]
    [InlineData("mta-sts.example.org A=SERVFAIL", "mta-sts.example.org A", "Unanswered", 75, "the resolver failed (SERVFAIL): the zone's servers are silent, or its signatures are broken")]
    // TLS-RPT.
    [InlineData("_smtp._tls.example.org TXT=", "_smtp._tls.example.org TXT", "Missing", 0, "")]
    [InlineData("_smtp._tls.example.org TXT=v=TLSRPTv1; rua=https://r.example/x , mailto:a@example.net", "_smtp._tls.example.org TXT", "Right", 0, "")]
    [InlineData("_smtp._tls.example.org TXT=v=TLSRPTv1; rua=postmaster@example.org", "_smtp._tls.example.org TXT", "Different", 65, "rua is not a list of mailto: and https: addresses")]
    [InlineData("_smtp._tls.example.org TXT=v=TLSRPTv1;", "_smtp._tls.example.org TXT", "Different", 65, "rua is not a list of mailto: and https: addresses")]
    public async Task OneThingThatIsOtherwise_IsJudged(string change, string about, string verdict, int code, string remark)
    {
        var findings = await FindAsync(Changed(change));
        var finding = Assert.Single(findings, finding => $"{finding.Name} {finding.Type}" == about);
        Assert.Equal((verdict, remark), (finding.Verdict.ToString(), finding.Remark));
        Assert.Equal(code, ZoneCheck.Code(findings));
        // Nothing else suffers by it but an SPF record that the addresses decide upon.
        Assert.All(findings.Where(other => other != finding && other.Type != "TXT"), other => Assert.False(other.IsFault, $"{other.Name} {other.Type}: {other.Remark}"));
    }

    [Fact]
    public async Task ServerAtEveryAddress_HasOneOfEitherKind()
    {
        _samples = new ZoneSamples { Listeners = ["0.0.0.0 25 Smtp"] };
        Assert.Equal(0, ZoneCheck.Code(await FindAsync(Changed("mx.example.org AAAA="))));
        Assert.Equal(0, ZoneCheck.Code(await FindAsync(Changed("mx.example.org A="))));
        var none = await FindAsync(Changed("mx.example.org A=;mx.example.org AAAA="));
        var finding = Assert.Single(none, finding => finding.IsFault);
        Assert.Equal(("A", "the server has no address"), (finding.Type, finding.Remark));
    }

    [Fact]
    public async Task EachCertificateThatSendersSee_NeedsARecord()
    {
        // Neither is for the server's name, so either may be shown.
        _samples = new ZoneSamples { Chains = [ZoneSamples.OtherCertificate, ZoneSamples.OtherCertificate + "\n" + ZoneSamples.Certificate] };
        Assert.Equal(Verdict.Right, (await TlsaAsync(OtherTlsa)).Verdict);
        Assert.Equal(Verdict.Different, (await TlsaAsync(Tlsa)).Verdict);
        // The authority of the second file alone.
        var finding = await TlsaAsync($"2 1 1 {ZoneSamples.Key256}");
        Assert.Equal((Verdict.Different, $"{_samples.ChainFile(0)} matches none: senders that are shown it do not deliver"), (finding.Verdict, finding.Remark));
    }

    [Theory]
    [InlineData(true, "no configured certificate matches: senders that heed DANE do not deliver")]
    [InlineData(false, "senders insist on TLS, and the server has none: they do not deliver")]
    public async Task ServerThatPromisesNothing_MustNotBeAnnouncedToDo(bool offersTls, string remark)
    {
        _samples = new ZoneSamples { OffersTls = offersTls, Chains = [] };
        var findings = await FindAsync(Right());
        Assert.Equal(
            [$"TLSA: {remark}", "TXT: senders are told to insist on a certificate, and the server has none that they can verify"],
            findings.Where(finding => finding.IsFault).Select(finding => $"{finding.Type}: {finding.Remark}"));
        findings = await FindAsync(Changed("_25._tcp.mx.example.org TLSA=;_mta-sts.example.org TXT=;_smtp._tls.example.org TXT="));
        Assert.Equal(0, ZoneCheck.Code(findings));
        Assert.DoesNotContain(findings, finding => finding.Type == "TLSA" || finding.Purpose == "mta-sts");
    }

    [Fact]
    public async Task AuthenticatedAnswers_AreToldSo()
    {
        var table = new RecordTable(Changed("example.org MX=SERVFAIL")) { IsAuthenticated = true };
        var findings = await CheckOf().Invoke(table).RunAsync();
        Assert.All(findings, finding => Assert.Equal(finding.Verdict != Verdict.Unanswered, finding.IsAuthenticated));
    }

    [Fact]
    public async Task NameThatIsTooLongToBeOne_HasNoRecords()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        _samples = new ZoneSamples { Domains = [domain] };
        var findings = await FindAsync(Right(), domain);
        Assert.Equal(Verdict.Missing, Assert.Single(findings, finding => finding.Name.StartsWith("_submissions.", StringComparison.Ordinal)).Verdict);
    }

    public void Dispose() => _samples.Dispose();

    private static Dictionary<string, string[]> Right() => new()
    {
        ["mx.example.org A"] = ["192.0.2.1"],
        ["mx.example.org AAAA"] = ["2001:db8::1"],
        [Reverse4] = ["mx.example.org"],
        [Reverse6] = ["mx.example.org"],
        ["example.org MX"] = ["10 mx.example.org"],
        ["example.org TXT"] = ["v=spf1 mx -all"],
        ["_dmarc.example.org TXT"] = ["v=DMARC1; p=none; rua=mailto:postmaster@example.org"],
        ["_submissions._tcp.example.org SRV"] = ["0 1 465 mx.example.org"],
        ["_submission._tcp.example.org SRV"] = ["0 1 587 mx.example.org"],
        ["_25._tcp.mx.example.org TLSA"] = [Tlsa],
        ["_mta-sts.example.org TXT"] = ["v=STSv1; id=45d04e4b09853e28a8c1;"],
        ["mta-sts.example.org A"] = ["192.0.2.80"],
        ["_smtp._tls.example.org TXT"] = ["v=TLSRPTv1; rua=mailto:postmaster@example.org"],
    };

    private static Dictionary<string, string[]> Changed(string change)
    {
        var sets = Right();
        // Before a name of ours: texts have semicolons, too.
        foreach (var set in change.Replace(";9.", "\n9.").Replace(";1.", "\n1.").Replace(";www", "\nwww").Replace(";mx", "\nmx").Replace(";mta", "\nmta")
            .Replace(";_", "\n_").Split('\n'))
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            sets[set[..equals]] = set.Length == equals + 1 ? [] : set[(equals + 1)..].Split('|');
        }

        return sets;
    }

    private async Task<Finding> TlsaAsync(string record) =>
        Assert.Single(await FindAsync(Changed($"_25._tcp.mx.example.org TLSA={record}")), finding => finding.Type == "TLSA");

    private async Task<IReadOnlyList<Finding>> FindAsync(Dictionary<string, string[]> sets, string domain = "example.org") =>
        await CheckOf(domain).Invoke(new RecordTable(sets)).RunAsync();

    private Func<RecordTable, ZoneCheck> CheckOf(string domain = "example.org")
    {
        var slices = _samples.Slices();
        var facts = new ZoneFactsReader(slices, SliceLoader.Settings(slices).HostName).Facts(domain);
        return table => new ZoneCheck(facts, new StsPolicy(facts, isEnforced: false), table);
    }
}
