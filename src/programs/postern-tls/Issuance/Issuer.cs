using System.Security.Cryptography;
using System.Text;
using Postern.Ipc.Issuance;
using Postern.Ipc.Slices;
using Postern.Tls.Certificates;
using Postern.Tls.Keys;

namespace Postern.Keyholder.Issuance;

/// <summary>The keys' side of getting certificates made (RFC 8555): decides what is asked for, signs it, and judges what comes.</summary>
/// <remarks>
/// It never speaks to the authority. Whoever does, acme, can have requests signed for the names of the configuration and no others, and
/// can hand in nothing but a certificate for a key that was made here. The key stays the same at each renewal, so that what is
/// published of it (TLSA) stays right.
/// </remarks>
internal sealed class Issuer : IDisposable
{
    /// <summary>Soonest: an authority whose certificates live for days is not asked every minute.</summary>
    private static readonly TimeSpan _soonest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// And latest. Nobody here can tell an authority's certificate from one that acme, taken over, has made itself, good for millennia: it is to go by itself
    /// once the real acme is back. As long as two thirds of the 90 days that authorities mostly give.
    /// </summary>
    private static readonly TimeSpan _latest = TimeSpan.FromDays(60);

    private readonly SigningKey _account;
    private readonly IssuanceFolder _folder;
    private SigningKey? _key;

    // When the last certificate came; nobody knows of one that was there at the start.
    private DateTimeOffset _taken;

    private Issuer(IssuanceSlice settings, IssuanceFolder folder, SigningKey account)
    {
        (Settings, _folder, _account) = (settings, folder, account);
        Thumbprint = AccountRequest.Thumbprint(account);
    }

    /// <summary>What is wanted. The folder stays what it was: another one is beyond the walls.</summary>
    internal IssuanceSlice Settings { get; set; }

    /// <summary>The thumbprint of the account's key.</summary>
    internal byte[] Thumbprint { get; }

    /// <summary>Opens the folder, and makes a key for the account if there is none.</summary>
    /// <param name="settings">What is wanted.</param>
    /// <param name="problem">What is wrong, for the administrator.</param>
    /// <returns>Null when something is wrong.</returns>
    internal static Issuer? Open(IssuanceSlice settings, out string problem)
    {
        var folder = new IssuanceFolder(settings.Folder);
        problem = folder.FindAccount(out var account) ?? string.Empty;
        if (problem.Length == 0)
        {
            return new Issuer(settings, folder, account!);
        }

        account?.Dispose();
        return null;
    }

    /// <summary>How long until the next certificate is due: when two thirds of the last one's time have passed; zero for now.</summary>
    /// <remarks>
    /// One that came with less than a third of its time left, as an authority may hand out that made it long ago, is due when two thirds of what was left have
    /// passed: else it would be asked for again at once, and the authority would say the same. In any case it is due sixty days after it came; where that is
    /// not known, after it began.
    /// </remarks>
    internal TimeSpan DueIn(DateTimeOffset now)
    {
        if (!_folder.HasCertificate || !CertificateFile.TryRead(_folder.Certificate, _folder.Certificate, out var last, out _))
        {
            return TimeSpan.Zero;
        }

        using (last)
        {
            var due = TwoThirds(last.ValidFrom, last.ValidUntil);
            due = due > _taken ? due : TwoThirds(_taken, last.ValidUntil);
            // Spans, which have room for all moments that there are; a moment and sixty days need not be one.
            var left = _latest - (now - (_taken > last.ValidFrom ? _taken : last.ValidFrom));
            left = left < due - now ? left : due - now;
            return !CoversAll(last) || left <= TimeSpan.Zero ? TimeSpan.Zero : left < _soonest ? _soonest : left;
        }
    }

    /// <summary>Signs a request.</summary>
    /// <returns>Null when it is none that a program of ours would ask for.</returns>
    internal byte[]? Sign(in SignatureAskFrame asked)
    {
        if (asked.Purpose == SignedPurpose.Order)
        {
            Forget();
        }

        return AccountRequest.Write(_account, asked.Account, asked.Nonce, asked.Url, Payload(asked.Purpose));
    }

    /// <summary>Takes a certificate that came, and keeps it.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    internal string? Take(ReadOnlySpan<byte> chain, DateTimeOffset now)
    {
        if (_key is null)
        {
            return "nobody asked for it";
        }

        var key = _key.ToPem();
        try
        {
            if (!CertificateReader.TryRead(chain, key, out var certificate, out var problem))
            {
                return $"it {problem}";
            }

            using (certificate)
            {
                problem = certificate.DoubtAt(now) is { } doubt ? $"it {doubt}"
                    : !CoversAll(certificate) ? "it is not for the names that were asked for"
                    : _folder.Keep(key, chain);
            }

            if (problem is null)
            {
                _taken = now;
                Forget();
            }

            return problem;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _account.Dispose();
    }

    private static DateTimeOffset TwoThirds(DateTimeOffset from, DateTimeOffset until) => from + ((until - from) / 3 * 2);

    private void Forget()
    {
        _key?.Dispose();
        _key = null;
    }

    private bool CoversAll(TlsCertificate certificate) => Settings.Names.All(name => certificate.Covers(Encoding.ASCII.GetBytes(name)));

    // Names and the contact are addresses of the configuration: none of their characters means anything within JSON's quotes.
    private byte[] Payload(SignedPurpose purpose) => purpose switch
    {
        SignedPurpose.Account when Settings.Contact.Length > 0 => Encoding.ASCII.GetBytes($$"""{"termsOfServiceAgreed":true,"contact":["mailto:{{Settings.Contact}}"]}"""),
        SignedPurpose.Account => """{"termsOfServiceAgreed":true}"""u8.ToArray(),
        SignedPurpose.Order => Encoding.ASCII.GetBytes($$"""{"identifiers":[{{string.Join(',', Settings.Names.Select(Identifier))}}]}"""),
        SignedPurpose.Challenge => "{}"u8.ToArray(),
        SignedPurpose.Finish =>
        [
            .. "{\"csr\":\""u8, .. AccountRequest.Encode(SigningRequest.Make(_key ??= _folder.FindKey() ?? SigningKey.Make(), Settings.Names)), .. "\"}"u8,
        ],
        _ => [],
    };

    private static string Identifier(string name) => $$"""{"type":"dns","value":"{{name}}"}""";
}
