using System.Security.Cryptography;
using Postern.Dns.Records;

namespace Postern.CommandLine.Zones;

/// <summary>The records that a domain has to have. Pure.</summary>
internal sealed class WantedZone(ZoneFacts facts, StsPolicy policy)
{
    // What one string of a TXT record holds (RFC 1035 §3.3).
    private const int MaxString = 255;

    private string Domain => facts.Domain;

    private string Host => facts.HostName;

    /// <summary>All groups, in the order in which to set them up.</summary>
    internal IReadOnlyList<WantedGroup> Groups() =>
        [Addresses(), Exchanger(), Sender(), Alignment(), Submission(), Associations(), Sts(), Reports(), Reverse()];

    /// <summary>The data of a TLSA record for a certificate's key: 3 1 1 (RFC 7672 §3.1.1).</summary>
    internal static string Association(ServedCertificate certificate) => $"3 1 1 {Convert.ToHexStringLower(SHA256.HashData(certificate.Own.Key))}";

    /// <summary>Text as strings in quotes; ours holds neither quotes nor backslashes.</summary>
    internal static string Quoted(string text) => string.Join(' ', text.Chunk(MaxString).Select(part => $"\"{new string(part)}\""));

    private WantedGroup Addresses()
    {
        var isWithin = Host == Domain || Host.EndsWith($".{Domain}", StringComparison.Ordinal);
        string[] where = isWithin ? [] : [$"They belong into the zone that {Host} is in, which is not this one."];
        return facts.Addresses.Count > 0
            ? new WantedGroup("address", true, ["The addresses of the server.", .. where],
                [.. facts.Addresses.Select(address => new WantedRecord(Host, address.IsIPv4 ? "A" : "AAAA", address.ToString()))])
            : new WantedGroup("address", true,
                ["The addresses of the server. The configuration does not say which it has: put in the public ones.", .. where],
                [new WantedRecord(Host, "A", null), new WantedRecord(Host, "AAAA", null)]);
    }

    private WantedGroup Exchanger() => new("exchanger", true,
        [
            $"Mail for {Domain} goes to the server.",
            .. facts.TakesMail ? (string[])[] : ["But no [[listen]] takes mail from others at port 25, and other servers try no other port."],
        ],
        [new WantedRecord(Domain, "MX", $"10 {Host}.")]);

    private WantedGroup Sender() => new("spf", true,
        [$"Mail from {Domain} comes from the server and from nowhere else (SPF). Who else sends it stands before -all."],
        [new WantedRecord(Domain, "TXT", Quoted("v=spf1 mx -all"))]);

    private WantedGroup Alignment() => new("dmarc", false,
        [
            $"What others do with mail that claims to be from {Domain} (DMARC). Postern does not sign mail (DKIM) yet: only",
            "SPF speaks for it, and that no longer does once somebody forwards it. So p=none: nothing is refused, and reports",
            "come, to postmaster. Stricter policies would cost the mail of your users that is forwarded or goes through lists.",
        ],
        [new WantedRecord($"_dmarc.{Domain}", "TXT", Quoted($"v=DMARC1; p=none; rua=mailto:postmaster@{Domain}"))]);

    private WantedGroup Submission() => facts.Submission.Count > 0
        ? Fitting(new WantedGroup("submission", false, ["Where mail programs find out by themselves how to send (RFC 6186, RFC 8314)."],
            [.. facts.Submission.Select(port => new WantedRecord($"_{port.Service}._tcp.{Domain}", "SRV", $"0 1 {port.Port} {Host}."))]))
        : new WantedGroup("submission", false, ["No SRV records: no [[listen]] has the service submission or submissions for others than this host."], []);

    private WantedGroup Associations() => facts.CanPromiseTls
        ? Fitting(new WantedGroup("dane", false,
            [
                "The keys of the server's certificates, for senders that insist on them (DANE). They count only in a zone that is",
                "signed (DNSSEC): without that leave them out. A new key needs its record days before it is used; certbot keeps",
                "the key with --reuse-key. A record that matches no certificate stops mail.",
            ],
            [.. facts.Certificates.Select(certificate => new WantedRecord($"_25._tcp.{Host}", "TLSA", Association(certificate))).Distinct()]))
        : new WantedGroup("dane", false, [$"No TLSA records (DANE): {NoPromise}."], []);

    private WantedGroup Sts() => facts.CanPromiseTls
        ? Fitting(new WantedGroup("mta-sts", false,
            [
                "Tells senders to insist on TLS with a certificate that they can verify (MTA-STS), so it must be from a public",
                $"authority and for {Host}. The second name is that of a web server for the policy below, here",
                "on the same host. A policy in testing has failures reported and nothing refused; --enforce prints the other.",
            ],
            [
                new WantedRecord($"_mta-sts.{Domain}", "TXT", Quoted($"v=STSv1; id={policy.Id};")),
                new WantedRecord(policy.Host, "CNAME", $"{Host}."),
            ]))
        : new WantedGroup("mta-sts", false, [$"No MTA-STS: {NoPromise}."], []);

    private WantedGroup Reports() => facts.OffersTls
        ? Fitting(new WantedGroup("tls-rpt", false, ["Where senders report that TLS with the server failed (TLS-RPT): to postmaster."],
            [new WantedRecord($"_smtp._tls.{Domain}", "TXT", Quoted($"v=TLSRPTv1; rua=mailto:postmaster@{Domain}"))]))
        : new WantedGroup("tls-rpt", false, ["No TLS-RPT: TLS is switched off."], []);

    private WantedGroup Reverse()
    {
        string[] remarks = ["Reverse DNS: set by whoever gave you the addresses. Many servers take no mail from an address without it."];
        return facts.Addresses.Count > 0
            ? new WantedGroup("reverse", true, remarks,
                [.. facts.Addresses.Select(address => new WantedRecord(ReverseName.Of(address).ToString(), "PTR", $"{Host}."))])
            { IsElsewhere = true }
            : new WantedGroup("reverse", true, [.. remarks, $"Each address of this host has to have the name {Host}."], []) { IsElsewhere = true };
    }

    /// <summary>Why nobody can be told to insist on TLS.</summary>
    internal string NoPromise => !facts.OffersTls ? "TLS is switched off"
        : !facts.TakesMail ? "no [[listen]] takes mail from others at port 25"
        : facts.AwaitsCertificate ? "the certificate that [tls] acme asks for has not come yet, or only root can see it"
        : "without a [[certificate]] the server makes one of its own at each start";

    private static WantedGroup Fitting(WantedGroup group) => group with { Records = [.. group.Records.Where(record => record.CanExist)] };
}
