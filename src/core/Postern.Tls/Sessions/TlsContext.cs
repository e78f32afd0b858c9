using System.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>Makes OpenSSL's contexts: every setting that sessions have stands here.</summary>
internal static unsafe class TlsContext
{
    /// <summary>Octets of a peer's certificate chain: enough for what is in use, too little to be a burden.</summary>
    internal const int MaxChain = 32 * 1024;

    // Forward secrecy and authenticated encryption alone, elliptic only: a client must not have us reckon in large groups.
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    // A client takes what it can get, since the other choice is no encryption at all: also without forward secrecy, and with CBC.
    private const string ClientCiphers =
        "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:DHE+AES:RSA+AESGCM:RSA+AES:!aNULL:!eNULL:!PSK:!SRP:!DSS:!AESCCM";

    private const string Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    // The first list that this OpenSSL knows all of; the hybrid group came with 3.5.
    private static readonly string[] _groups = ["X25519MLKEM768:X25519:P-256:P-384", "X25519:P-256:P-384"];

    private const ulong NoTickets = 1UL << 14;
    private const ulong NoCompression = 1UL << 17;
    private const ulong OurPreference = 1UL << 22;
    private const ulong ChaChaForThoseWhoPreferIt = 1UL << 21;
    private const ulong NoRenegotiation = 1UL << 30;

    // 112 bits: RSA from 2,048 on, no SHA-1.
    private const int SecurityLevel = 2;

    private const int ControlMode = 33;
    private const int ControlReadAhead = 41;
    private const int ControlCache = 44;
    private const int ControlMaxChain = 51;
    private const int ControlServerName = 53;
    private const int ControlChain = 89;
    private const int ControlGroups = 92;
    private const int ControlMinVersion = 123;

    private const int PartialWrites = 1;
    private const int MovingBuffer = 2;
    private const int ReleaseBuffers = 0x10;

    // One: mail servers come with one connection at a time, and each costs a record.
    private const int Tickets = 1;

    /// <summary>Makes one.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL refuses a setting: our own fault, or a certificate that it does not take.</exception>
    internal static nint Make(TlsPolicy policy, TlsIdentity identity)
    {
        CryptoCalls.ClearErrors();
        var context = SslCalls.NewContext(SslCalls.ServerMethod());
        try
        {
            Must(context);
            Set(context, policy);
            Use(context, identity.First);
            if (identity.Second is { } second)
            {
                // OpenSSL has one place for each kind: the second would take the first one's.
                Use(context, second.IsRsa != identity.First.IsRsa ? second : throw new InvalidOperationException("both keys are of one kind"));
            }

            return context;
        }
        catch (InvalidOperationException)
        {
            SslCalls.FreeContext(context);
            throw;
        }
    }

    /// <summary>Makes one for a client.</summary>
    /// <param name="authorities">A file of authorities that are trusted to vouch for servers (PEM); null trusts none.</param>
    /// <param name="certificate">What is shown to servers that ask; null shows none.</param>
    /// <exception cref="InvalidOperationException">OpenSSL refuses a setting or the certificate, or the file can't be read.</exception>
    internal static nint MakeClient(string? authorities, TlsCertificate? certificate = null)
    {
        CryptoCalls.ClearErrors();
        var context = SslCalls.NewContext(SslCalls.ClientMethod());
        try
        {
            Must(context);
            SetCommon(context, ClientCiphers);
            // A session that is resumed brings no certificate: each one begins anew.
            _ = SslCalls.SetOptions(context, NoTickets);
            Must(SslCalls.KnowAssociations(context));
            if (authorities is not null)
            {
                fixed (byte* path = Terminated(authorities))
                {
                    Must(SslCalls.TrustAuthorities(context, path));
                }
            }

            if (certificate is not null)
            {
                Use(context, certificate);
                // The handshake breaks off before the certificate is sent to a server that is not the right one.
                SslCalls.SetVerify(context, SslCalls.VerifyPeer, 0);
            }

            return context;
        }
        catch (InvalidOperationException)
        {
            SslCalls.FreeContext(context);
            throw;
        }
    }

    private static void Set(nint context, TlsPolicy policy)
    {
        SetCommon(context, Ciphers);
        _ = SslCalls.SetOptions(context, OurPreference | ChaChaForThoseWhoPreferIt);
        // Keys of tickets are made with the context and never leave it.
        Must(SslCalls.SetTickets(context, Tickets));
        var service = SessionContextOf(policy.Service);
        fixed (byte* name = service)
        {
            Must(SslCalls.SetSessionContext(context, name, (uint)service.Length));
        }

        Must(SslCalls.ContextCallback(context, ControlServerName, Callbacks.ServerName));
        SslCalls.SetAlpnSelect(context, Callbacks.Alpn, 0);
        if (policy.AsksForCertificate)
        {
            SslCalls.SetVerify(context, SslCalls.VerifyPeer, 0);
            SslCalls.SetCertificateVerify(context, Callbacks.TakeAnyCertificate, 0);
        }
    }

    private static void SetCommon(nint context, string taken)
    {
        SslCalls.SetSecurityLevel(context, SecurityLevel);
        _ = SslCalls.SetOptions(context, NoCompression | NoRenegotiation);
        Must(SslCalls.ContextControl(context, ControlMinVersion, SslCalls.Tls12, null));
        fixed (byte* ciphers = Terminated(taken), suites = Terminated(Suites))
        {
            Must(SslCalls.SetCiphers(context, ciphers));
            Must(SslCalls.SetSuites(context, suites));
        }

        Must(_groups.Any(groups => TrySetGroups(context, groups)) ? 1 : 0);
        // An idle session has no buffers; a busy one reads as many records at once as there are.
        _ = SslCalls.ContextControl(context, ControlMode, PartialWrites | MovingBuffer | ReleaseBuffers, null);
        _ = SslCalls.ContextControl(context, ControlReadAhead, 1, null);
        _ = SslCalls.ContextControl(context, ControlMaxChain, MaxChain, null);
        // A server's sessions live in their clients' tickets alone, so that clients can't fill our memory with them.
        _ = SslCalls.ContextControl(context, ControlCache, 0, null);
    }

    private static void Use(nint context, TlsCertificate certificate)
    {
        Must(SslCalls.UseCertificate(context, certificate.Chain[0]));
        Must(SslCalls.UseKey(context, certificate.Key));
        foreach (var issuer in certificate.Chain.AsSpan(1))
        {
            // With 1 the context takes a hold of its own.
            Must(SslCalls.ContextControl(context, ControlChain, 1, (void*)issuer));
        }
    }

    private static bool TrySetGroups(nint context, string groups)
    {
        fixed (byte* list = Terminated(groups))
        {
            return SslCalls.ContextControl(context, ControlGroups, 0, list) == 1;
        }
    }

    // At most 32 octets (SSL_MAX_SID_CTX_LENGTH).
    private static byte[] SessionContextOf(string service)
    {
        var name = Encoding.ASCII.GetBytes(service);
        return name.Length is > 0 and <= 32 ? name : throw new ArgumentOutOfRangeException(nameof(service), service, "has 1 to 32 letters");
    }

    private static byte[] Terminated(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static void Must(nint result)
    {
        if (result == 0)
        {
            throw new InvalidOperationException($"OpenSSL refuses: {OpenSsl.Reason}");
        }
    }
}
