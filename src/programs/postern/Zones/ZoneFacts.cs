using Postern.Text;

namespace Postern.CommandLine.Zones;

/// <summary>What the records of a domain follow from: that part of the configuration which the world has to know.</summary>
internal sealed record ZoneFacts
{
    /// <summary>The domain, without a final dot.</summary>
    internal required string Domain { get; init; }

    /// <summary>The server's own name, without a final dot.</summary>
    internal required string HostName { get; init; }

    /// <summary>The public addresses that it listens at by name.</summary>
    internal IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>True when it may have others: it listens at every address, or at a private one behind a translator.</summary>
    internal bool HasOtherAddresses { get; init; }

    /// <summary>True when other servers can reach it at port 25.</summary>
    internal bool TakesMail { get; init; }

    /// <summary>Where users hand mail in.</summary>
    internal IReadOnlyList<SubmissionPort> Submission { get; init; } = [];

    /// <summary>True when TLS is on offer.</summary>
    internal bool OffersTls { get; init; }

    /// <summary>The configured certificates that a sender may be shown; none when the server makes one at each start.</summary>
    internal IReadOnlyList<ServedCertificate> Certificates { get; init; } = [];

    /// <summary>True when an authority is to make one (ACME), and it is not to be seen yet.</summary>
    internal bool AwaitsCertificate { get; init; }

    /// <summary>True when a sender can demand TLS and get it: with a certificate that stays, at the port for mail.</summary>
    internal bool CanPromiseTls => TakesMail && OffersTls && Certificates.Count > 0;
}

/// <summary>A port where users hand mail in.</summary>
/// <param name="Service">The label of RFC 6186 and RFC 8314 without its underscore.</param>
/// <param name="Port">The port.</param>
internal readonly record struct SubmissionPort(string Service, ushort Port);

/// <summary>A certificate that the server shows, with those that vouch for it.</summary>
/// <param name="File">The file that it is in.</param>
/// <param name="Chain">The certificates of the file, the server's own first; never empty.</param>
internal sealed record ServedCertificate(string File, IReadOnlyList<CertificateBytes> Chain)
{
    /// <summary>The server's own.</summary>
    internal CertificateBytes Own => Chain[0];
}

/// <summary>What a TLSA record can be made of (RFC 6698 §2.1.2).</summary>
/// <param name="Whole">The certificate, in DER.</param>
/// <param name="Key">Its SubjectPublicKeyInfo, in DER.</param>
internal sealed record CertificateBytes(byte[] Whole, byte[] Key);
