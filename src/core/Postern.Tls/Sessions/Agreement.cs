using Postern.Tls.Certificates;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>Reads what a handshake came to.</summary>
internal static unsafe class Agreement
{
    private const int ControlExtendedSecret = 122;
    private const int BindingLength = 32;

    /// <summary>Reads it at the client's end.</summary>
    /// <param name="session">A session whose handshake is done.</param>
    /// <param name="assurance">By what the server had to be known.</param>
    internal static TlsFacts OfClient(nint session, TlsAssurance assurance) => new()
    {
        Version = VersionOf(session),
        Suite = SuiteOf(session),
        Protocol = ProtocolOf(session),
        Verdict = Expectations.Judge(session, assurance),
        Exporter = IsBindingSafe(session) ? ExporterOf(session) : [],
        EndPoint = SslCalls.PeerCertificate(session) is not 0 and var server ? CertificateDigest.ForBinding(server) : [],
    };

    /// <summary>Reads it at the server's end.</summary>
    /// <param name="session">A session whose handshake is done.</param>
    /// <param name="service">Its service.</param>
    internal static TlsFacts OfServer(nint session, TlsServer service)
    {
        var isResumed = SslCalls.IsResumed(session) == 1;
        var client = SslCalls.PeerCertificate(session);
        return new TlsFacts
        {
            Version = VersionOf(session),
            Suite = SuiteOf(session),
            ServerName = Callbacks.NameOf(session).ToArray(),
            Protocol = ProtocolOf(session),
            IsResumed = isResumed,
            ClientFingerprint = client == 0 ? [] : CertificateDigest.Sha256(client),
            Exporter = IsBindingSafe(session) ? ExporterOf(session) : [],
            // A resumed session means the certificate of the one that it came from; the session does not say which that was.
            EndPoint = isResumed && service.HasTwins ? [] : service.BindingOf(SslCalls.OwnCertificate(session)),
        };
    }

    // Without the extended secret of RFC 7627, TLS 1.2 lets somebody in the middle make two sessions that bind alike (RFC 9266 §3).
    private static bool IsBindingSafe(nint session) =>
        SslCalls.Version(session) == SslCalls.Tls13 || SslCalls.Control(session, ControlExtendedSecret, 0, null) == 1;

    private static string VersionOf(nint session) => SslCalls.Version(session) == SslCalls.Tls13 ? "TLSv1.3" : "TLSv1.2";

    private static string SuiteOf(nint session) => OpenSsl.Text(SslCalls.CipherName(SslCalls.CurrentCipher(session)));

    private static byte[] ProtocolOf(nint session)
    {
        byte* name;
        uint length;
        SslCalls.AlpnSelected(session, &name, &length);
        return name is null ? [] : new ReadOnlySpan<byte>(name, (int)length).ToArray();
    }

    private static byte[] ExporterOf(nint session)
    {
        var output = stackalloc byte[BindingLength];
        var label = "EXPORTER-Channel-Binding"u8;
        fixed (byte* start = label)
        {
            // An empty context, which to TLS 1.2 is another thing than none.
            return SslCalls.Export(session, output, BindingLength, start, (nuint)label.Length, start, 0, 1) == 1
                ? new ReadOnlySpan<byte>(output, BindingLength).ToArray()
                : [];
        }
    }
}
