using System.Buffers.Binary;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Server;

/// <summary>A connection to another program of the server, used by one thread that waits: frames out, frames in.</summary>
internal sealed class FrameConnection : IDisposable
{
    /// <summary>Whoever says nothing for this long has stopped: no answer but that of the disk takes a second. In milliseconds.</summary>
    internal const int UsualPatience = 10 * 1000;

    /// <summary>A commit on a disk that is being repaired takes long, and giving up on it doubles the message.</summary>
    internal const int PatienceWithDisks = 5 * 60 * 1000;

    private const int ReadSize = 64 * 1024;

    private readonly Descriptor _socket;
    private readonly string _peer;
    private readonly ByteQueue _incoming = new();
    private readonly ByteQueue _outgoing = new();
    private int _taken;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="peer">Who is at the other end, for messages.</param>
    internal FrameConnection(Descriptor socket, string peer) => (_socket, _peer) = (socket, peer);

    /// <summary>How long to wait for a byte, in milliseconds.</summary>
    internal int Patience { get; set; } = UsualPatience;

    /// <summary>Connects to a socket of the queue.</summary>
    /// <exception cref="CommandFailure">75 when no server is there, 77 when the caller may not.</exception>
    internal static FrameConnection Open(string path)
    {
        var result = Socket.StartConnect(SocketAddress.Unix(path), out var socket);
        if (result.Failed)
        {
            throw result.Error switch
            {
                Errno.AccessDenied => new CommandFailure(ExitCode.NoPermission, $"you may not use {path}"),
                Errno.NoEntry or Errno.ConnectionRefused =>
                    new CommandFailure(ExitCode.TemporaryFailure, $"the server is not running, or not with this state folder (no answer at {path})"),
                _ => new CommandFailure(ExitCode.TemporaryFailure, $"{path}: {result}"),
            };
        }

        return new FrameConnection(socket!, "the server");
    }

    /// <summary>Sends a frame; returns when the kernel has it.</summary>
    internal void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        var writer = new FrameWriter(_outgoing, T.Type);
        frame.Write(writer);
        writer.End();
        while (_outgoing.Length > 0)
        {
            var sent = Socket.Send(_socket.Number, _outgoing.Span);
            if (!sent.Failed)
            {
                _outgoing.Consume(sent.Value);
            }
            else if (!sent.WouldBlock)
            {
                throw Lost();
            }
            else if (!DescriptorPoll.WaitWritable(_socket.Number, Patience))
            {
                throw Silent();
            }
        }
    }

    /// <summary>Waits for the next frame.</summary>
    /// <param name="reader">Its payload; valid until the next call.</param>
    /// <returns>Its type.</returns>
    /// <exception cref="CommandFailure">The connection ended or stayed silent.</exception>
    internal ushort Receive(out FrameReader reader)
    {
        _incoming.Consume(_taken);
        _taken = 0;
        while (true)
        {
            var bytes = _incoming.Span;
            if (bytes.Length >= FrameLimits.HeaderSize)
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                if (length > FrameLimits.MaxPayload)
                {
                    throw new CommandFailure(ExitCode.Software, $"{_peer} sent a frame that is none");
                }

                if (bytes.Length >= FrameLimits.HeaderSize + (int)length)
                {
                    _taken = FrameLimits.HeaderSize + (int)length;
                    reader = new FrameReader(bytes[FrameLimits.HeaderSize.._taken]);
                    return BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
                }
            }

            Read();
        }
    }

    /// <summary>Waits a while for something to come, or the end; for pauses between questions.</summary>
    /// <returns>True when something came.</returns>
    internal bool Pause(int milliseconds)
    {
        Span<bool> ready = stackalloc bool[1];
        return DescriptorPoll.WaitReadable([_socket.Number], ready, milliseconds) > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private CommandFailure Lost() => new(ExitCode.TemporaryFailure, $"{_peer} has ended the connection");

    private CommandFailure Silent() => new(ExitCode.TemporaryFailure, $"{_peer} does not answer");

    private void Read()
    {
        var received = Socket.Receive(_socket.Number, _incoming.Reserve(ReadSize));
        if (received.WouldBlock)
        {
            if (!Pause(Patience))
            {
                throw Silent();
            }
        }
        else if (received.Failed || received.Value == 0)
        {
            throw Lost();
        }
        else
        {
            _incoming.Advance(received.Value);
        }
    }
}
