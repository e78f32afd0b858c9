using System.Runtime.InteropServices;

namespace Postern.Tls.Native;

/// <summary>The calls of libcrypto that sign with a key and write one down, as they are.</summary>
internal static unsafe partial class KeyCalls
{
    private const string Library = CryptoCalls.Library;

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    internal static partial nint NewDigest();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    internal static partial void FreeDigest(nint digest);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    internal static partial int BeginSigning(nint digest, nint* generator, nint kind, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    internal static partial int Sign(nint digest, byte* signature, nuint* signatureLength, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_Digest")]
    internal static partial int Digest(byte* data, nuint length, byte* output, uint* outputLength, nint kind, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_octet_string_param")]
    internal static partial int Parameter(nint key, byte* name, byte* output, nuint room, nuint* length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_group_name")]
    internal static partial int Curve(nint key, byte* output, nuint room, nuint* length);

    [LibraryImport(Library, EntryPoint = "PEM_write_bio_PrivateKey")]
    internal static partial int Write(nint stream, nint key, nint cipher, byte* passphrase, int length, nint callback, byte* user);

    [LibraryImport(Library, EntryPoint = "BIO_s_secmem")]
    internal static partial nint WipedMemory();

    [LibraryImport(Library, EntryPoint = "BIO_read")]
    internal static partial int Read(nint stream, byte* output, int room);
}
