using System.Runtime.InteropServices;

namespace Postern.Tls.Native;

/// <summary>The calls of libcrypto that make a stream of one's own for OpenSSL to read and write (BIO), as they are.</summary>
internal static unsafe partial class StreamCalls
{
    private const string Library = CryptoCalls.Library;

    [LibraryImport(Library, EntryPoint = "BIO_get_new_index")]
    internal static partial int NewKind();

    [LibraryImport(Library, EntryPoint = "BIO_meth_new")]
    internal static partial nint NewMethod(int kind, byte* name);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_read")]
    internal static partial int SetRead(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_write")]
    internal static partial int SetWrite(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_ctrl")]
    internal static partial int SetControl(nint method, delegate* unmanaged<nint, int, nint, void*, nint> control);

    [LibraryImport(Library, EntryPoint = "BIO_new")]
    internal static partial nint New(nint method);

    [LibraryImport(Library, EntryPoint = "BIO_set_init")]
    internal static partial void SetReady(nint stream, int ready);

    [LibraryImport(Library, EntryPoint = "BIO_set_data")]
    internal static partial void SetData(nint stream, nint data);

    [LibraryImport(Library, EntryPoint = "BIO_get_data")]
    internal static partial nint Data(nint stream);

    [LibraryImport(Library, EntryPoint = "BIO_set_flags")]
    internal static partial void SetFlags(nint stream, int flags);

    [LibraryImport(Library, EntryPoint = "BIO_clear_flags")]
    internal static partial void ClearFlags(nint stream, int flags);

    [LibraryImport(Library, EntryPoint = "BIO_test_flags")]
    internal static partial int TestFlags(nint stream, int flags);
}
