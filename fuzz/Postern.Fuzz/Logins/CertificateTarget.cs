using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>The file of users' certificates, fingerprints as people write them and certificates in PEM, beside patterns and the framework's reader.</summary>
internal static partial class CertificateTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        ReadFile(input, text);
        var match = Fingerprint().Match(text);
        Demand.Equal(match.Success, CertificateFingerprint.TryParse(text, out string fingerprint), "a fingerprint");
        if (match.Success) Demand.Equal(text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant(), fingerprint, "its digits");
        if (!CertificateFingerprint.TryRead(input, out string? found, out string? reason))
        {
            Demand.That(reason.Length > 0, "no certificate, and no reason");
            return;
        }

        var blocks = Block().Matches(text);
        Demand.Equal(1, blocks.Count, "blocks");
        var bytes = Convert.FromBase64String(blocks[0].Groups["body"].Value);
        Demand.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), found, "the digest");
        Demand.That(bytes[0] == 0x30, "no sequence");
    }

    private static void ReadFile(ReadOnlySpan<byte> input, string text)
    {
        bool read = CertificateFile.TryRead(input, out var certificates, out var fault);
        string[] lines = text.Split('\n');
        if (!read)
        {
            Demand.That(fault!.Line >= 1 && fault.Line <= lines.Length, "a fault behind the end");
            return;
        }

        var kept = lines.Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Demand.Equal(kept.Length, certificates!.Count, "certificates");
        Demand.Equal(kept.Length, certificates!.Select(one => one.Fingerprint).Distinct().Count(), "each once");
        Demand.That(kept.All(line => Line().IsMatch(line)), "a line that is none was taken");
        byte[] written = CertificateFile.Write(certificates!);
        Demand.That(CertificateFile.TryRead(written, out var again, out _), "what was written can't be read");
        Demand.Same(written, CertificateFile.Write(again!), "there and back");
    }

    [GeneratedRegex(@"\A[!-~\x80-\xff]{1,254}\t[0-9a-f]{64}\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})\z")]
    private static partial Regex Fingerprint();

    [GeneratedRegex("-----BEGIN CERTIFICATE-----(?<body>.*?)-----END CERTIFICATE-----", RegexOptions.Singleline)]
    private static partial Regex Block();
}
