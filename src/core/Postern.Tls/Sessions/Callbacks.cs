using System.Runtime.InteropServices;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>What OpenSSL asks in the middle of a handshake.</summary>
/// <remarks>
/// It asks on the thread that called <c>SSL_do_handshake</c> and before that call returns. So the session that is meant is the
/// one whose call runs, and no pointer of ours has to be kept alive in OpenSSL's hands.
/// </remarks>
internal static unsafe class Callbacks
{
    private const int Ok = 0;
    private const int Fatal = 2;
    private const int NoAnswer = 3;

    [ThreadStatic]
    private static TlsServer? _asked;

    internal static void* ServerName => (delegate* unmanaged<nint, int*, nint, int>)&OnServerName;

    internal static delegate* unmanaged<nint, byte**, byte*, byte*, uint, nint, int> Alpn => &OnAlpn;

    internal static delegate* unmanaged<nint, nint, int> TakeAnyCertificate => &OnCertificate;

    /// <summary>Calls into OpenSSL for a session of the service.</summary>
    internal static int Handshake(nint session, TlsServer service)
    {
        _asked = service;
        try
        {
            return SslCalls.Handshake(session);
        }
        finally
        {
            _asked = null;
        }
    }

    /// <summary>The name that the client asked for; OpenSSL takes none with NUL or of more than 255 octets.</summary>
    internal static ReadOnlySpan<byte> NameOf(nint session)
    {
        var name = SslCalls.ServerName(session, 0);
        return name is null ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
    }

    [UnmanagedCallersOnly]
    private static int OnServerName(nint session, int* alert, nint argument)
    {
        var context = _asked?.ContextFor(NameOf(session)) ?? 0;
        // A name that is not ours gets the first certificate: many servers ask for the domain of the address, not for the host.
        return context != 0 && SslCalls.ChangeContext(session, context) == context ? Ok : NoAnswer;
    }

    [UnmanagedCallersOnly]
    private static int OnAlpn(nint session, byte** chosen, byte* chosenLength, byte* offered, uint length, nint argument)
    {
        var list = new ReadOnlySpan<byte>(offered, (int)length);
        for (var at = 0; at < list.Length && at + 1 + list[at] <= list.Length; at += 1 + list[at])
        {
            if (_asked?.Takes(list.Slice(at + 1, list[at])) == true)
            {
                // OpenSSL copies it at once.
                *chosen = offered + at + 1;
                *chosenLength = list[at];
                return Ok;
            }
        }

        return Fatal;
    }

    [UnmanagedCallersOnly]
    private static int OnCertificate(nint store, nint argument) => 1;
}
