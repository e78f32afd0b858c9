using Postern.Text;

namespace Postern.Posix.Sockets;

/// <summary>Opens, connects and moves bytes through non-blocking, close-on-exec sockets.</summary>
public static unsafe class Socket
{
    /// <summary>Connections that may wait to be accepted; the kernel caps it at <c>net.core.somaxconn</c>.</summary>
    public const int Backlog = 4096;

    private const int FamilyInet6 = 10;

    /// <summary>Opens a listening TCP or Unix socket.</summary>
    /// <param name="address">Where to listen; <c>::</c> takes IPv4 connections too.</param>
    /// <param name="listener">The socket, or null after a failure.</param>
    /// <returns>Success or the errno of the step that failed (EADDRINUSE, EACCES, …).</returns>
    public static CallResult OpenListener(SocketAddress address, out Descriptor? listener) => OpenListener(address.ToKernel(), out listener);

    /// <summary>Opens a listening TCP or Unix socket at an address in the kernel's form.</summary>
    public static CallResult OpenListener(ReadOnlySpan<byte> address, out Descriptor? listener)
    {
        var family = BitConverter.ToUInt16(address);
        var opened = Open(family, SocketCalls.Stream, out listener);
        if (opened.Failed)
        {
            return opened;
        }

        var fd = listener!.Number;
        // Connections inherit it: see RefuseRights.
        SetFlag(fd, SocketCalls.LevelSocket, family == UnixName.Family ? SocketCalls.PassRights : SocketCalls.ReuseAddress, family != UnixName.Family);

        if (family == FamilyInet6)
        {
            SetFlag(fd, SocketCalls.LevelIpv6, SocketCalls.Ipv6Only, address.Slice(8, 16).ContainsAnyExcept((byte)0));
        }

        fixed (byte* raw = address)
        {
            var bound = CallResult.From(SocketCalls.Bind(fd, raw, address.Length));
            return KeepOrClose(bound.Failed ? bound : CallResult.From(SocketCalls.Listen(fd, Backlog)), ref listener);
        }
    }

    /// <summary>Sends one datagram to a Unix socket at an address in the kernel's form, and does not wait.</summary>
    public static CallResult Tell(ReadOnlySpan<byte> address, ReadOnlySpan<byte> datagram)
    {
        var opened = Open(UnixName.Family, SocketCalls.Datagram, out var socket);
        if (opened.Failed)
        {
            return opened;
        }

        using var sender = socket!;
        fixed (byte* raw = address, start = datagram)
        {
            const int flags = SocketCalls.DoNotWait | SocketCalls.NoSignal;
            return CallResult.From(SocketCalls.SendTo(sender.Number, start, (nuint)datagram.Length, flags, raw, address.Length));
        }
    }

    /// <summary>Takes one waiting connection.</summary>
    /// <returns>Success, EAGAIN when none waits, or the errno (EMFILE and ENFILE mean: pause).</returns>
    public static CallResult Accept(int listener, out Descriptor? connection, out SocketAddress? peer)
    {
        connection = null;
        peer = null;
        var raw = stackalloc byte[SocketAddress.MaxSize];
        var length = SocketAddress.MaxSize;
        var result = CallResult.From(SocketCalls.Accept(listener, raw, &length, SocketCalls.NonBlocking | SocketCalls.CloseOnExec));
        if (!result.Failed)
        {
            connection = new Descriptor(result.Value);
            peer = SocketAddress.Read(new ReadOnlySpan<byte>(raw, Math.Min(length, SocketAddress.MaxSize)));
            if (!peer.IsUnix)
            {
                SetFlag(result.Value, SocketCalls.LevelTcp, SocketCalls.TcpNoDelay, true);
            }
        }

        return result;
    }

    /// <summary>Begins a TCP or Unix connection; EINPROGRESS means that writability tells the outcome.</summary>
    public static CallResult StartConnect(SocketAddress peer, out Descriptor? connection) =>
        StartConnect(peer, SocketCalls.Stream, out connection);

    /// <summary>Opens a UDP socket connected to one peer, so that the kernel drops what others send.</summary>
    public static CallResult OpenDatagram(SocketAddress peer, out Descriptor? socket) =>
        StartConnect(peer, SocketCalls.Datagram, out socket);

    /// <summary>The outcome of a connection that was begun: 0 or its errno.</summary>
    public static CallResult FinishConnect(int connection)
    {
        int error;
        var length = sizeof(int);
        var result = CallResult.From(SocketCalls.GetOption(connection, SocketCalls.LevelSocket, SocketCalls.SocketError, &error, &length));
        return result.Failed || error == 0 ? result : CallResult.Failure(error);
    }

    /// <summary>Has the kernel refuse, to who sends them, descriptors that this end would get (SO_PASSRIGHTS; older kernels than Linux 6.16 can't).</summary>
    /// <remarks>Closing one that nobody asked for may hang for as long as its sender likes: a TCP socket that lingers, a file of FUSE.</remarks>
    public static void RefuseRights(int fd) => SetFlag(fd, SocketCalls.LevelSocket, SocketCalls.PassRights, false);

    /// <summary>Makes a connected pair of Unix sockets: packets that keep their borders, or a byte stream, over which no descriptors go.</summary>
    public static CallResult OpenPair(bool packets, out Descriptor? first, out Descriptor? second)
    {
        var pair = stackalloc int[2];
        var type = (packets ? SocketCalls.SequencedPacket : SocketCalls.Stream) | SocketCalls.NonBlocking | SocketCalls.CloseOnExec;
        var result = CallResult.From(SocketCalls.SocketPair(1, type, 0, pair));
        first = result.Failed ? null : new Descriptor(pair[0]);
        second = result.Failed ? null : new Descriptor(pair[1]);
        if (!packets && !result.Failed)
        {
            RefuseRights(pair[0]);
            RefuseRights(pair[1]);
        }

        return result;
    }

    /// <summary>Receives what is there; 0 is the end of the stream, EAGAIN nothing yet.</summary>
    public static CallResult Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = SocketCalls.Receive(fd, start, (nuint)buffer.Length, SocketCalls.DoNotWait);
            }
            while (count < 0 && CallResult.From(count).Error == Errno.Interrupted);
            return CallResult.From(count);
        }
    }

    /// <summary>Sends what the kernel takes now, without SIGPIPE.</summary>
    public static CallResult Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count;
            do
            {
                count = SocketCalls.Send(fd, start, (nuint)bytes.Length, SocketCalls.DoNotWait | SocketCalls.NoSignal);
            }
            while (count < 0 && CallResult.From(count).Error == Errno.Interrupted);
            return CallResult.From(count);
        }
    }

    /// <summary>Ends one direction: no more will be sent.</summary>
    public static CallResult EndSending(int fd) => CallResult.From(SocketCalls.Shutdown(fd, 1));

    /// <summary>The address that this end of a connection has.</summary>
    public static SocketAddress LocalAddress(int fd)
    {
        var raw = stackalloc byte[SocketAddress.MaxSize];
        var length = SocketAddress.MaxSize;
        return SocketCalls.LocalName(fd, raw, &length) < 0
            ? SocketAddress.Unix(string.Empty)
            : SocketAddress.Read(new ReadOnlySpan<byte>(raw, Math.Min(length, SocketAddress.MaxSize)));
    }

    /// <summary>True when this host has the address now, on whichever of its interfaces: only then a socket may be bound to it.</summary>
    public static bool IsOwnAddress(IpAddress address)
    {
        var here = SocketAddress.Inet(address, 0);
        if (Open(here.Family, SocketCalls.Datagram, out var socket).Failed)
        {
            return false;
        }

        using (socket)
        {
            var raw = stackalloc byte[SocketAddress.MaxSize];
            var length = here.Write(new Span<byte>(raw, SocketAddress.MaxSize));
            return !CallResult.From(SocketCalls.Bind(socket!.Number, raw, length)).Failed;
        }
    }

    /// <summary>The user at the other end of a Unix connection (SO_PEERCRED), as it was when it connected.</summary>
    public static CallResult PeerUser(int fd, out uint uid)
    {
        var credentials = stackalloc uint[3];
        var length = 3 * sizeof(uint);
        var result = CallResult.From(SocketCalls.GetOption(fd, SocketCalls.LevelSocket, SocketCalls.PeerCredentials, credentials, &length));
        uid = result.Failed ? uint.MaxValue : credentials[1];
        return result;
    }

    private static CallResult StartConnect(SocketAddress peer, int type, out Descriptor? socket)
    {
        var opened = Open(peer.Family, type, out socket);
        if (opened.Failed)
        {
            return opened;
        }

        var fd = socket!.Number;
        if (!peer.IsUnix && type == SocketCalls.Stream)
        {
            SetFlag(fd, SocketCalls.LevelTcp, SocketCalls.TcpNoDelay, true);
        }

        var raw = stackalloc byte[SocketAddress.MaxSize];
        var length = peer.Write(new Span<byte>(raw, SocketAddress.MaxSize));
        var result = CallResult.From(SocketCalls.Connect(fd, raw, length));
        return result.Error == Errno.InProgress ? result : KeepOrClose(result, ref socket);
    }

    private static CallResult Open(int family, int type, out Descriptor? socket)
    {
        var result = CallResult.From(SocketCalls.Socket(family, type | SocketCalls.NonBlocking | SocketCalls.CloseOnExec, 0));
        socket = result.Failed ? null : new Descriptor(result.Value);
        return result;
    }

    private static CallResult KeepOrClose(CallResult result, ref Descriptor? socket)
    {
        if (result.Failed)
        {
            socket?.Dispose();
            socket = null;
        }

        return result;
    }

    private static void SetFlag(int fd, int level, int name, bool on)
    {
        var value = on ? 1 : 0;
        _ = SocketCalls.SetOption(fd, level, name, &value, sizeof(int));
    }
}
