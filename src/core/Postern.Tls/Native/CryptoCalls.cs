using System.Runtime.InteropServices;

namespace Postern.Tls.Native;

/// <summary>The calls of libcrypto that have to do with errors and keys, as they are.</summary>
internal static unsafe partial class CryptoCalls
{
    internal const string Library = "libcrypto.so.3";

    internal const int KeyRsa = 6;
    internal const int KeyElliptic = 408;
    internal const int CurveP256 = 415;

    [LibraryImport(Library, EntryPoint = "OpenSSL_version_num")]
    internal static partial nuint VersionNumber();

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_peek_error")]
    internal static partial nuint FirstError();

    [LibraryImport(Library, EntryPoint = "ERR_reason_error_string")]
    internal static partial byte* ReasonOf(nuint error);

    [LibraryImport(Library, EntryPoint = "BIO_new_mem_buf")]
    internal static partial nint OverMemory(byte* start, int length);

    [LibraryImport(Library, EntryPoint = "BIO_free")]
    internal static partial int FreeStream(nint stream);

    [LibraryImport(Library, EntryPoint = "PEM_read_bio_PrivateKey")]
    internal static partial nint ReadKey(nint stream, nint* key, nint callback, byte* passphrase);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    internal static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_base_id")]
    internal static partial int KindOfKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_bits")]
    internal static partial int BitsOfKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new_id")]
    internal static partial nint NewGenerator(int kind, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    internal static partial void FreeGenerator(nint generator);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_keygen_init")]
    internal static partial int BeginGenerating(nint generator);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_ec_paramgen_curve_nid")]
    internal static partial int ChooseCurve(nint generator, int curve);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_keygen")]
    internal static partial int Generate(nint generator, nint* key);

    [LibraryImport(Library, EntryPoint = "EVP_sha256")]
    internal static partial nint Sha256();

    [LibraryImport(Library, EntryPoint = "HMAC")]
    internal static partial byte* Authenticate(nint digest, byte* key, int keyLength, byte* text, nuint length, byte* output, uint* outputLength);

    [LibraryImport(Library, EntryPoint = "EVP_get_digestbyname")]
    internal static partial nint DigestOf(byte* name);

    [LibraryImport(Library, EntryPoint = "OBJ_nid2sn")]
    internal static partial byte* NameOf(int identifier);
}
