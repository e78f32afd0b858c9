using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Posix;
using Postern.Smtp;

namespace Postern.Smtpd.Sessions;

/// <summary>The bytes between a client and its session: what came and is not understood yet, what is to go out.</summary>
/// <remarks>
/// Buffers are borrowed from the loop while they hold something, so an idle session owns none. Replies gather until the
/// session has to wait, so a pipelined group is answered in one write (RFC 2920 §3.2).
/// </remarks>
internal sealed class ClientStream(Connection connection, SessionClock clock)
{
    /// <summary>Reads in a row before others get their turn: a client that sends without pause must not hold them up.</summary>
    private const int MaxReadsInARow = 16;

    /// <summary>What is still read from a client whose connection is being closed, so that the last reply is not destroyed by
    /// a reset; arbitrary.</summary>
    private const int MaxLinger = 1024 * 1024;

    private static readonly TimeSpan _lingerTime = TimeSpan.FromSeconds(2);

    private byte[]? _input;
    private int _start;
    private int _end;
    private byte[]? _output;
    private int _pending;
    private int _readsInARow;
    private TurnYield? _yield;

    /// <summary>What the client sent and nobody has consumed.</summary>
    internal ReadOnlySpan<byte> Unread => _input.AsSpan(_start, _end - _start);

    /// <summary>How many bytes that is.</summary>
    internal int UnreadLength => _end - _start;

    /// <summary>True while another reply of any length fits: else flush first.</summary>
    internal bool HasRoomForReply => BufferPool.Size - _pending >= MaxReply;

    /// <summary>True while replies wait to be sent.</summary>
    internal bool HasReplies => _pending > 0;

    /// <summary>More than any reply takes: that to EHLO has a dozen lines.</summary>
    private const int MaxReply = 2048;

    /// <summary>Looks whether the client has sent anything yet, without waiting.</summary>
    internal bool HasTalked()
    {
        if (UnreadLength > 0) return true;
        _input ??= connection.Loop.Buffers.Rent();
        var result = connection.TryRead(_input);
        if (result.IsDone) _end = result.Count;
        if (_end == 0) ReleaseInput();
        return _end > 0;
    }

    /// <summary>Says that bytes are dealt with.</summary>
    internal void Consume(int count)
    {
        _start += count;
        if (_start == _end) (_start, _end) = (0, 0);
    }

    /// <summary>Puts bytes back that were read as content and belong to the next command.</summary>
    /// <remarks>Only while nothing is unread.</remarks>
    internal void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (_input is null || _input.Length < bytes.Length)
        {
            ReleaseInput();
            _input = bytes.Length <= BufferPool.Size ? connection.Loop.Buffers.Rent() : new byte[bytes.Length];
        }

        bytes.CopyTo(_input);
        (_start, _end) = (0, bytes.Length);
    }

    /// <summary>Adds a reply to what goes out; the caller has seen to room.</summary>
    internal void Write(SmtpReply reply)
    {
        _output ??= connection.Loop.Buffers.Rent();
        reply.Wire.CopyTo(_output.AsSpan(_pending));
        _pending += reply.Wire.Length;
    }

    /// <summary>Sends what has gathered, then waits for more from the client.</summary>
    /// <param name="isContent">True while what comes is content by count: its own time applies.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<IoStatus> FillAsync(bool isContent)
    {
        var sent = await FlushAsync();
        if (sent != IoStatus.Done) return sent;
        connection.SetDeadline(isContent ? clock.NextContent() : clock.NextCommand());
        await TakeTurnsAsync();
        while (true)
        {
            MakeRoom();
            var result = connection.TryRead(_input.AsSpan(_end));
            _end += result.Count;
            if (result.Status != IoStatus.Done || result.Count > 0) return result.Status;
            // The buffer is needed by someone who has bytes.
            if (_start == _end) ReleaseInput();
            var ready = await connection.WaitReadableAsync();
            _readsInARow = 0;
            if (ready != IoStatus.Done) return ready;
        }
    }

    /// <summary>Reads a piece of content; the caller has flushed.</summary>
    internal ValueTask<IoResult> ReadContentAsync(Memory<byte> room)
    {
        connection.SetDeadline(clock.NextContent());
        return ReadAsync(room);
    }

    /// <summary>Sends the replies that have gathered, waiting for the client to take them if need be.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<IoStatus> FlushAsync()
    {
        if (_pending == 0) return IoStatus.Done;
        var result = connection.TryWrite(_output.AsSpan(0, _pending));
        var status = result.Status;
        if (status == IoStatus.Done && result.Count < _pending)
        {
            connection.SetDeadline(clock.NextCommand());
            status = await connection.WriteAsync(_output.AsMemory(result.Count, _pending - result.Count));
        }

        _pending = 0;
        ReleaseOutput();
        return status;
    }

    /// <summary>Wakes the session from its wait for a command, as if its time were up.</summary>
    internal void Interrupt() => connection.SetDeadline(TimeSpan.Zero);

    /// <summary>Sends what has gathered, ends our direction, and passes over what the client still sends for a moment.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask LingerAsync()
    {
        var sent = await FlushAsync();
        connection.EndSending();
        connection.SetDeadline(_lingerTime);
        _input ??= connection.Loop.Buffers.Rent();
        for (var passed = 0; sent == IoStatus.Done && passed < MaxLinger;)
        {
            var result = await ReadAsync(_input);
            if (!result.IsDone) break;
            passed += result.Count;
        }
    }

    /// <summary>Sends a last reply as far as the kernel takes it, whatever state this is in.</summary>
    internal void TrySend(SmtpReply reply) => _ = connection.TryWrite(reply.Wire);

    /// <summary>Gives the socket away: of what the client sent nothing is unread, and nothing waits to be sent. Null when it is closed.</summary>
    internal Descriptor? Detach()
    {
        ReleaseInput();
        ReleaseOutput();
        return connection.Detach();
    }

    /// <summary>Closes the connection and gives the buffers back.</summary>
    internal void Close()
    {
        connection.Dispose();
        ReleaseInput();
        ReleaseOutput();
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<IoResult> ReadAsync(Memory<byte> room)
    {
        await TakeTurnsAsync();
        while (true)
        {
            var result = connection.TryRead(room.Span);
            if (result.Status != IoStatus.Done || result.Count > 0) return result;
            var ready = await connection.WaitReadableAsync();
            _readsInARow = 0;
            if (ready != IoStatus.Done) return new IoResult(ready, 0);
        }
    }

    private ValueTask<bool> TakeTurnsAsync()
    {
        if (++_readsInARow <= MaxReadsInARow) return new ValueTask<bool>(true);
        _readsInARow = 0;
        return (_yield ??= new TurnYield(connection.Loop)).WaitAsync();
    }

    private void MakeRoom()
    {
        _input ??= connection.Loop.Buffers.Rent();
        if (_start == 0) return;
        Unread.CopyTo(_input);
        (_start, _end) = (0, _end - _start);
    }

    private void ReleaseInput()
    {
        if (_input is null) return;
        connection.Loop.Buffers.Return(_input);
        (_input, _start, _end) = (null, 0, 0);
    }

    private void ReleaseOutput()
    {
        if (_output is null) return;
        connection.Loop.Buffers.Return(_output);
        (_output, _pending) = (null, 0);
    }
}
