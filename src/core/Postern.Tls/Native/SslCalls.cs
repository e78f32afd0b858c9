using System.Runtime.InteropServices;

namespace Postern.Tls.Native;

/// <summary>The calls of libssl as they are.</summary>
/// <remarks>
/// Numbers come from OpenSSL's headers, where half of what looks like functions are macros over two entry points
/// (<c>SSL_ctrl</c>, <c>SSL_CTX_ctrl</c>). They are part of its binary interface: the same from 3.0 on.
/// </remarks>
internal static unsafe partial class SslCalls
{
    internal const string Library = "libssl.so.3";

    internal const int ErrorSsl = 1;
    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorSystem = 5;
    internal const int ErrorZeroReturn = 6;

    internal const int Tls12 = 0x303;
    internal const int Tls13 = 0x304;

    internal const int VerifyPeer = 1;

    [LibraryImport(Library, EntryPoint = "OPENSSL_init_ssl")]
    internal static partial int Initialise(ulong options, nint settings);

    [LibraryImport(Library, EntryPoint = "TLS_server_method")]
    internal static partial nint ServerMethod();

    [LibraryImport(Library, EntryPoint = "TLS_client_method")]
    internal static partial nint ClientMethod();

    [LibraryImport(Library, EntryPoint = "SSL_CTX_new")]
    internal static partial nint NewContext(nint method);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_free")]
    internal static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_ctrl")]
    internal static partial nint ContextControl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_callback_ctrl")]
    internal static partial nint ContextCallback(nint context, int command, void* callback);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_options")]
    internal static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_security_level")]
    internal static partial void SetSecurityLevel(nint context, int level);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cipher_list")]
    internal static partial int SetCiphers(nint context, byte* names);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_ciphersuites")]
    internal static partial int SetSuites(nint context, byte* names);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_num_tickets")]
    internal static partial int SetTickets(nint context, nuint count);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_session_id_context")]
    internal static partial int SetSessionContext(nint context, byte* name, uint length);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_verify")]
    internal static partial void SetVerify(nint context, int mode, nint callback);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    internal static partial void SetCertificateVerify(nint context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    internal static partial void SetAlpnSelect(
        nint context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_certificate")]
    internal static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_PrivateKey")]
    internal static partial int UseKey(nint context, nint key);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_load_verify_file")]
    internal static partial int TrustAuthorities(nint context, byte* path);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_dane_enable")]
    internal static partial int KnowAssociations(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_new")]
    internal static partial nint New(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_free")]
    internal static partial void Free(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_set_bio")]
    internal static partial void SetStreams(nint session, nint reading, nint writing);

    [LibraryImport(Library, EntryPoint = "SSL_set_accept_state")]
    internal static partial void SetAccepting(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_set_connect_state")]
    internal static partial void SetConnecting(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_set_security_level")]
    internal static partial void SetSessionSecurityLevel(nint session, int level);

    [LibraryImport(Library, EntryPoint = "SSL_set1_host")]
    internal static partial int ExpectName(nint session, byte* name);

    [LibraryImport(Library, EntryPoint = "SSL_add1_host")]
    internal static partial int ExpectAlso(nint session, byte* name);

    [LibraryImport(Library, EntryPoint = "SSL_set_hostflags")]
    internal static partial void SetNameRules(nint session, uint rules);

    [LibraryImport(Library, EntryPoint = "SSL_dane_enable")]
    internal static partial int ExpectAssociated(nint session, byte* name);

    [LibraryImport(Library, EntryPoint = "SSL_dane_set_flags")]
    internal static partial nuint SetAssociationRules(nint session, nuint rules);

    [LibraryImport(Library, EntryPoint = "SSL_dane_tlsa_add")]
    internal static partial int AddAssociation(nint session, byte usage, byte selector, byte matching, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "SSL_get0_dane_authority")]
    internal static partial int AssociationDepth(nint session, nint* certificate, nint* key);

    [LibraryImport(Library, EntryPoint = "SSL_get_verify_result")]
    internal static partial nint VerifyResult(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_set_SSL_CTX")]
    internal static partial nint ChangeContext(nint session, nint context);

    [LibraryImport(Library, EntryPoint = "SSL_do_handshake")]
    internal static partial int Handshake(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_read")]
    internal static partial int Read(nint session, byte* buffer, int length);

    [LibraryImport(Library, EntryPoint = "SSL_write")]
    internal static partial int Write(nint session, byte* bytes, int length);

    [LibraryImport(Library, EntryPoint = "SSL_shutdown")]
    internal static partial int Shutdown(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_get_error")]
    internal static partial int GetError(nint session, int returned);

    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    internal static partial nint Control(nint session, int command, nint number, void* pointer);

    [LibraryImport(Library, EntryPoint = "SSL_version")]
    internal static partial int Version(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_get_current_cipher")]
    internal static partial nint CurrentCipher(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_CIPHER_standard_name")]
    internal static partial byte* CipherName(nint cipher);

    [LibraryImport(Library, EntryPoint = "SSL_session_reused")]
    internal static partial int IsResumed(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_get_servername")]
    internal static partial byte* ServerName(nint session, int type);

    [LibraryImport(Library, EntryPoint = "SSL_get0_alpn_selected")]
    internal static partial void AlpnSelected(nint session, byte** name, uint* length);

    [LibraryImport(Library, EntryPoint = "SSL_get_certificate")]
    internal static partial nint OwnCertificate(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_get0_peer_certificate")]
    internal static partial nint PeerCertificate(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_export_keying_material")]
    internal static partial int Export(
        nint session, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);
}
