using System.Runtime.InteropServices;

namespace Postern.Tls.Harness;

// The client's half of OpenSSL, which the product does not have.
#pragma warning disable SYSLIB1054, CA1838, CA2101 // Without pointers, which only the product may use.
internal static class ClientCalls
{
    private const string Library = "libssl.so.3";

    [DllImport(Library, EntryPoint = "TLS_client_method")]
    internal static extern nint ClientMethod();

    [DllImport(Library, EntryPoint = "SSL_CTX_new")]
    internal static extern nint NewContext(nint method);

    [DllImport(Library, EntryPoint = "SSL_CTX_free")]
    internal static extern void FreeContext(nint context);

    [DllImport(Library, EntryPoint = "SSL_CTX_ctrl")]
    internal static extern nint ContextControl(nint context, int command, nint number, nint pointer);

    [DllImport(Library, EntryPoint = "SSL_CTX_set_security_level")]
    internal static extern void SetSecurityLevel(nint context, int level);

    [DllImport(Library, EntryPoint = "SSL_CTX_set_cipher_list")]
    internal static extern int SetCiphers(nint context, byte[] names);

    [DllImport(Library, EntryPoint = "SSL_CTX_set_ciphersuites")]
    internal static extern int SetSuites(nint context, byte[] names);

    [DllImport(Library, EntryPoint = "SSL_CTX_use_certificate_file")]
    internal static extern int UseCertificate(nint context, byte[] path, int kind);

    [DllImport(Library, EntryPoint = "SSL_CTX_use_PrivateKey_file")]
    internal static extern int UseKey(nint context, byte[] path, int kind);

    [DllImport(Library, EntryPoint = "SSL_new")]
    internal static extern nint New(nint context);

    [DllImport(Library, EntryPoint = "SSL_free")]
    internal static extern void Free(nint session);

    [DllImport(Library, EntryPoint = "SSL_set_fd")]
    internal static extern int SetDescriptor(nint session, int descriptor);

    [DllImport(Library, EntryPoint = "SSL_set_connect_state")]
    internal static extern void SetConnecting(nint session);

    [DllImport(Library, EntryPoint = "SSL_set_alpn_protos")]
    internal static extern int SetProtocols(nint session, byte[] list, uint length);

    [DllImport(Library, EntryPoint = "SSL_ctrl")]
    internal static extern nint Control(nint session, int command, nint number, byte[]? pointer);

    [DllImport(Library, EntryPoint = "SSL_set_session")]
    internal static extern int SetSession(nint session, nint earlier);

    [DllImport(Library, EntryPoint = "SSL_get1_session")]
    internal static extern nint TakeSession(nint session);

    [DllImport(Library, EntryPoint = "SSL_SESSION_free")]
    internal static extern void FreeSession(nint earlier);

    [DllImport(Library, EntryPoint = "SSL_session_reused")]
    internal static extern int IsResumed(nint session);

    [DllImport(Library, EntryPoint = "SSL_do_handshake")]
    internal static extern int Handshake(nint session);

    [DllImport(Library, EntryPoint = "SSL_read")]
    internal static extern int Read(nint session, byte[] buffer, int length);

    [DllImport(Library, EntryPoint = "SSL_write")]
    internal static extern int Write(nint session, byte[] bytes, int length);

    [DllImport(Library, EntryPoint = "SSL_shutdown")]
    internal static extern int Shutdown(nint session);

    [DllImport(Library, EntryPoint = "SSL_get_error")]
    internal static extern int GetError(nint session, int returned);

    [DllImport(Library, EntryPoint = "SSL_renegotiate")]
    internal static extern int Renegotiate(nint session);

    [DllImport(Library, EntryPoint = "SSL_get1_peer_certificate")]
    internal static extern nint PeerCertificate(nint session);

    [DllImport(Library, EntryPoint = "SSL_get_peer_cert_chain")]
    internal static extern nint PeerChain(nint session);

    [DllImport(Library, EntryPoint = "SSL_export_keying_material")]
    internal static extern int Export(
        nint session, byte[] output, nint length, byte[] label, nint labelLength, byte[] context, nint contextLength, int useContext);

    [DllImport("libcrypto.so.3", EntryPoint = "ERR_clear_error")]
    internal static extern void ClearErrors();

    [DllImport("libcrypto.so.3", EntryPoint = "ERR_peek_error")]
    internal static extern nuint FirstError();

    [DllImport("libcrypto.so.3", EntryPoint = "X509_free")]
    internal static extern void FreeCertificate(nint certificate);

    [DllImport("libcrypto.so.3", EntryPoint = "i2d_X509")]
    internal static extern int Encode(nint certificate, ref nint output);

    [DllImport("libcrypto.so.3", EntryPoint = "i2d_X509")]
    internal static extern int LengthOf(nint certificate, nint output);

    [DllImport("libcrypto.so.3", EntryPoint = "OPENSSL_sk_num")]
    internal static extern int Count(nint stack);
}
