using System.Runtime.InteropServices;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>How OpenSSL reads and writes a socket: by calls that never wait, whatever the socket's flags say.</summary>
/// <remarks>
/// Its own stream over a socket calls read(2) and write(2), which wait where O_NONBLOCK is not set. That flag belongs to everybody
/// who has the socket, and whoever handed it over can keep it and clear the flag at any moment: one socket would stop all sessions of
/// the thread, and for longer than he is there.
/// </remarks>
internal static unsafe class SocketStream
{
    // BIO_TYPE_SOURCE_SINK; BIO_FLAGS_READ, _WRITE, _SHOULD_RETRY, and _IN_EOF, which is asked for by BIO_CTRL_EOF.
    private const int SourceAndSink = 0x400;
    private const int RetryReading = 1 | 8;
    private const int RetryWriting = 2 | 8;
    private const int AnyRetry = 0xf;
    private const int AtEnd = 0x800;
    private const int AskEnd = 2;
    private const int Flush = 11;

    // Made once, and never freed.
    private static readonly nint _method = Make();

    /// <summary>Makes one over a socket, which stays its owner's; 0 without memory.</summary>
    internal static nint Over(int socket)
    {
        var stream = _method == 0 ? 0 : StreamCalls.New(_method);
        if (stream != 0)
        {
            StreamCalls.SetData(stream, socket);
            StreamCalls.SetReady(stream, 1);
        }

        return stream;
    }

    private static nint Make()
    {
        fixed (byte* name = "socket"u8)
        {
            var method = StreamCalls.NewMethod(StreamCalls.NewKind() | SourceAndSink, name);
            return method != 0 && StreamCalls.SetRead(method, &OnRead) == 1 && StreamCalls.SetWrite(method, &OnWrite) == 1
                && StreamCalls.SetControl(method, &OnControl) == 1 ? method : 0;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnRead(nint stream, byte* buffer, int length)
    {
        StreamCalls.ClearFlags(stream, AnyRetry);
        var got = Socket.Receive((int)StreamCalls.Data(stream), new Span<byte>(buffer, length));
        if (got is { Failed: false, Value: 0 })
        {
            StreamCalls.SetFlags(stream, AtEnd);
        }

        return Judge(stream, got, RetryReading);
    }

    [UnmanagedCallersOnly]
    private static int OnWrite(nint stream, byte* bytes, int length)
    {
        StreamCalls.ClearFlags(stream, AnyRetry);
        return Judge(stream, Socket.Send((int)StreamCalls.Data(stream), new ReadOnlySpan<byte>(bytes, length)), RetryWriting);
    }

    // Everything else that streams can be asked for, this one does not have.
    [UnmanagedCallersOnly]
    private static nint OnControl(nint stream, int command, nint number, void* pointer) =>
        command == Flush || (command == AskEnd && StreamCalls.TestFlags(stream, AtEnd) != 0) ? 1 : 0;

    private static int Judge(nint stream, CallResult result, int retry)
    {
        if (result.WouldBlock)
        {
            StreamCalls.SetFlags(stream, retry);
        }

        return result.Failed ? -1 : result.Value;
    }
}
