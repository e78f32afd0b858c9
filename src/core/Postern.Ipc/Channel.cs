using System.Buffers.Binary;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;

namespace Postern.Ipc;

/// <summary>One end of the socket pair between two programs: frames go out at the end of a turn, and come in one by one.</summary>
public sealed class Channel : IFrameSink, ITurnEnd, IDisposable
{
    /// <summary>Reads in a row before the rest of the loop gets its turn: a busy peer must not hold up the others.</summary>
    private const int MaxReadsPerTurn = 32;

    private readonly Connection _connection;
    private readonly IChannelEvents _events;
    private readonly ByteQueue _incoming = new();
    private readonly ByteQueue _outgoing = new();
    private bool _flushAsked;
    private bool _sending;
    private readonly TurnYield _yield;
    private readonly Signal _room = new();

    /// <summary>Takes over a stream socket and starts to read it.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="descriptor">One end of a pair, or a connection of the command line.</param>
    /// <param name="events">Gets the frames and the end.</param>
    public Channel(EventLoop loop, Descriptor descriptor, IChannelEvents events)
    {
        Loop = loop;
        _yield = new TurnYield(loop);
        _events = events;
        _connection = new Connection(loop, descriptor);
        loop.Adopt(ReceiveAsync());
    }

    /// <summary>The loop on which everything here happens.</summary>
    public EventLoop Loop { get; }

    /// <summary>True once closed by either side.</summary>
    public bool IsClosed => _connection.IsClosed;

    /// <summary>Called when the peer has taken everything; a sender of much goes on then.</summary>
    public Action? Drained { get; set; }

    /// <summary>Bytes that the peer has not taken yet; a sender of much watches it.</summary>
    public int Unsent => _outgoing.Length;

    /// <summary>
    /// While more than this waits to be taken, no further frame is handed over, nor anything read: who asks for much has to
    /// take it, too. No limit unless set; only one end of a channel may set it, or both could wait for each other.
    /// </summary>
    public int MaxUnsent { get; set; } = int.MaxValue;

    /// <summary>Sends a frame at the end of this turn; after the end of the channel it goes nowhere.</summary>
    public void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct
    {
        if (IsClosed)
        {
            return;
        }

        var writer = new FrameWriter(_outgoing, T.Type);
        frame.Write(writer);
        writer.End();
        if (!_flushAsked && !_sending)
        {
            _flushAsked = true;
            Loop.AtTurnEnd(this);
        }
    }

    /// <summary>Sends what waits right away, as far as the peer takes it: for a program that is about to end.</summary>
    public void Flush()
    {
        if (!IsClosed && _outgoing.Length > 0 && _connection.TryWrite(_outgoing.Span) is { IsDone: true } result)
        {
            _outgoing.Consume(result.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _room.Cancel();
    }

    void ITurnEnd.OnTurnEnd()
    {
        _flushAsked = false;
        if (!IsClosed)
        {
            Loop.Adopt(SendAsync());
        }
    }

    private async Task SendAsync()
    {
        _sending = true;
        while (_outgoing.Length > 0)
        {
            var result = _connection.TryWrite(_outgoing.Span);
            if (result.Status != IoStatus.Done)
            {
                Dispose();
                break;
            }

            _outgoing.Consume(result.Count);
            if (_outgoing.Length > 0 && await _connection.WaitWritableAsync() != IoStatus.Done)
            {
                break;
            }
        }

        _sending = false;
        if (!IsClosed)
        {
            Drained?.Invoke();
            _room.Set();
        }
    }

    private async Task ReceiveAsync()
    {
        // Not before the turn's end: whoever made the channel has to know it before its first frame comes.
        await _yield.WaitAsync();
        var reads = 0;
        var obeys = true;
        while (true)
        {
            if (++reads > MaxReadsPerTurn)
            {
                reads = 0;
                await _yield.WaitAsync();
            }

            var room = _incoming.Reserve(BufferPool.Size);
            var result = _connection.TryRead(room);
            if (result.Status == IoStatus.Done && result.Count == 0)
            {
                if (await _connection.WaitReadableAsync() == IoStatus.Done)
                {
                    reads = 0;
                    continue;
                }

                result = new IoResult(IoStatus.Broken, 0);
            }

            _incoming.Advance(result.Count);
            if (result.Status != IoStatus.Done)
            {
                break; // Half a frame may be left of a peer that died while it wrote: that is no offence.
            }

            obeys = DispatchWhole();
            while (obeys && Unsent > MaxUnsent)
            {
                obeys = await _room.WaitAsync() && DispatchWhole();
            }

            if (!obeys)
            {
                break;
            }
        }

        var hostile = !IsClosed && !obeys;
        Dispose();
        _events.OnChannelClosed(this, hostile);
    }

    /// <summary>Hands over every whole frame that there is room to answer; false when the peer broke the rules or the channel was closed meanwhile.</summary>
    private bool DispatchWhole()
    {
        while (_incoming.Length >= FrameLimits.HeaderSize && Unsent <= MaxUnsent)
        {
            var header = _incoming.Span;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (length > FrameLimits.MaxPayload)
            {
                return false;
            }

            var whole = FrameLimits.HeaderSize + (int)length;
            if (_incoming.Length < whole)
            {
                break;
            }

            var type = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
            var reader = new FrameReader(header[FrameLimits.HeaderSize..whole]);
            if (!_events.OnFrame(this, type, ref reader) || IsClosed)
            {
                return false;
            }

            _incoming.Consume(whole);
        }

        return true;
    }
}

/// <summary>What a program does with what arrives on a channel.</summary>
public interface IChannelEvents
{
    /// <summary>Takes one frame.</summary>
    /// <param name="channel">Where it came from.</param>
    /// <param name="type">Its number.</param>
    /// <param name="reader">Its payload; valid during the call.</param>
    /// <returns>False when the frame breaks the rules: the sender counts as hostile and the channel is closed.</returns>
    bool OnFrame(Channel channel, ushort type, ref FrameReader reader);

    /// <summary>The channel ended; <paramref name="hostile"/> when this side ended it over a bad frame.</summary>
    void OnChannelClosed(Channel channel, bool hostile);
}

/// <summary>Where frames are sent to: a channel, or whatever a test puts in its place.</summary>
public interface IFrameSink
{
    /// <summary>Bytes that the receiver has not taken yet.</summary>
    int Unsent { get; }

    /// <summary>Sends a frame.</summary>
    void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct;
}
