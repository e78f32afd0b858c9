using System.Runtime.InteropServices;

namespace Postern.Tls.Native;

/// <summary>The calls of libcrypto that have to do with certificates, as they are.</summary>
internal static unsafe partial class CertificateCalls
{
    private const string Library = CryptoCalls.Library;

    /// <summary>Digests of at most this size (EVP_MAX_MD_SIZE).</summary>
    internal const int MaxDigest = 64;

    internal const int SubjectAlternativeName = 85;
    internal const int BasicConstraints = 87;

    [LibraryImport(Library, EntryPoint = "PEM_read_bio_X509")]
    internal static partial nint Read(nint stream, nint* certificate, nint callback, byte* passphrase);

    [LibraryImport(Library, EntryPoint = "X509_new")]
    internal static partial nint New();

    [LibraryImport(Library, EntryPoint = "X509_free")]
    internal static partial void Free(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_check_private_key")]
    internal static partial int FitsKey(nint certificate, nint key);

    [LibraryImport(Library, EntryPoint = "X509_check_issued")]
    internal static partial int CheckIssued(nint issuer, nint subject);

    [LibraryImport(Library, EntryPoint = "X509_check_host")]
    internal static partial int CoversName(nint certificate, byte* name, nuint length, uint flags, nint peer);

    [LibraryImport(Library, EntryPoint = "X509_get0_notBefore")]
    internal static partial nint ValidFrom(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_get0_notAfter")]
    internal static partial nint ValidUntil(nint certificate);

    [LibraryImport(Library, EntryPoint = "ASN1_TIME_to_tm")]
    internal static partial int ToCalendar(nint time, int* calendar);

    [LibraryImport(Library, EntryPoint = "X509_get_ext_by_NID")]
    internal static partial int FindExtension(nint certificate, int identifier, int after);

    [LibraryImport(Library, EntryPoint = "X509_get_ext")]
    internal static partial nint Extension(nint certificate, int place);

    [LibraryImport(Library, EntryPoint = "X509_EXTENSION_get_data")]
    internal static partial nint ExtensionValue(nint extension);

    [LibraryImport(Library, EntryPoint = "ASN1_OCTET_STRING_cmp")]
    internal static partial int Compare(nint value, nint other);

    [LibraryImport(Library, EntryPoint = "X509_get_signature_info")]
    internal static partial int SignatureKind(nint certificate, int* digest, int* key, int* bits, uint* flags);

    [LibraryImport(Library, EntryPoint = "X509_get0_pubkey")]
    internal static partial nint PublicKey(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_digest")]
    internal static partial int Digest(nint certificate, nint kind, byte* output, uint* length);

    [LibraryImport(Library, EntryPoint = "X509_set_version")]
    internal static partial int SetVersion(nint certificate, nint version);

    [LibraryImport(Library, EntryPoint = "X509_get_serialNumber")]
    internal static partial nint SerialNumber(nint certificate);

    [LibraryImport(Library, EntryPoint = "ASN1_INTEGER_set_uint64")]
    internal static partial int SetNumber(nint number, ulong value);

    [LibraryImport(Library, EntryPoint = "X509_getm_notBefore")]
    internal static partial nint ValidFromToSet(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_getm_notAfter")]
    internal static partial nint ValidUntilToSet(nint certificate);

    [LibraryImport(Library, EntryPoint = "ASN1_TIME_set")]
    internal static partial nint SetTime(nint time, long seconds);

    [LibraryImport(Library, EntryPoint = "X509_set_pubkey")]
    internal static partial int SetKey(nint certificate, nint key);

    [LibraryImport(Library, EntryPoint = "X509_get_subject_name")]
    internal static partial nint Subject(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_NAME_add_entry_by_txt")]
    internal static partial int AddEntry(nint name, byte* field, int type, byte* value, int length, int position, int set);

    [LibraryImport(Library, EntryPoint = "X509_set_issuer_name")]
    internal static partial int SetIssuer(nint certificate, nint name);

    [LibraryImport(Library, EntryPoint = "X509V3_EXT_nconf_nid")]
    internal static partial nint NewExtension(nint configuration, nint context, int identifier, byte* value);

    [LibraryImport(Library, EntryPoint = "X509_add_ext")]
    internal static partial int AddExtension(nint certificate, nint extension, int position);

    [LibraryImport(Library, EntryPoint = "X509_EXTENSION_free")]
    internal static partial void FreeExtension(nint extension);

    [LibraryImport(Library, EntryPoint = "X509_sign")]
    internal static partial int Sign(nint certificate, nint key, nint digest);
}
