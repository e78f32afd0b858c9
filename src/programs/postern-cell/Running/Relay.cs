using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Cell.Running;

/// <summary>Passes bytes on in one direction, no faster than they are taken, and counts them.</summary>
/// <remarks>
/// What the caller gave us may be shared with others, so it is not made non-blocking; written is what a pipe that is ready takes
/// without waiting (PIPE_BUF), or anything where writing never waits.
/// </remarks>
internal sealed class Relay
{
    private const int BufferSize = 64 * 1024;
    private const int WithoutWaiting = 4096;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Descriptor? _ownSource;
    private readonly Descriptor? _ownSink;
    private readonly int _piece;
    private readonly long _limit;
    private bool _closes;
    private int _start;
    private int _end;

    private Relay(Descriptor? ownSource, Descriptor? ownSink, int other, long limit)
    {
        (_ownSource, _ownSink, _limit) = (ownSource, ownSink, limit);
        Source = ownSource?.Number ?? other;
        Sink = ownSink?.Number ?? other;
        _piece = ownSink is not null || DescriptorBytes.IsSeekable(Sink) ? BufferSize : WithoutWaiting;
    }

    /// <summary>Where bytes come from; −1 once there are no more.</summary>
    internal int Source { get; private set; }

    /// <summary>Where they go; −1 once they go nowhere.</summary>
    internal int Sink { get; private set; }

    /// <summary>How many were taken from the source.</summary>
    internal long Count { get; private set; }

    /// <summary>True when the source had more than the limit; what was within it is passed on.</summary>
    internal bool IsOverLimit { get; private set; }

    /// <summary>Why a sink that is not ours could not be written to, other than for want of a reader (errno); else 0.</summary>
    internal int Failure { get; private set; }

    /// <summary>True when nothing is left to do.</summary>
    internal bool IsDone => Source < 0 && Sink < 0;

    /// <summary>What the source is waited for.</summary>
    internal Readiness WantsToRead => Source >= 0 && _start == _end ? Readiness.Readable : Readiness.None;

    /// <summary>What the sink is waited for.</summary>
    internal Readiness WantsToWrite => _start < _end ? Readiness.Writable : Readiness.None;

    /// <summary>From something of the caller's to a pipe of ours.</summary>
    internal static Relay Into(int source, Descriptor sink)
    {
        _ = DescriptorBytes.DoNotWait(sink.Number);
        return new Relay(null, sink, source, long.MaxValue);
    }

    /// <summary>From a pipe of ours to something of the caller's, or to nowhere: what is read is counted then and forgotten.</summary>
    /// <param name="source">The pipe.</param>
    /// <param name="sink">The descriptor; negative for nowhere.</param>
    /// <param name="limit">How much is passed on at most.</param>
    /// <param name="closes">True to close the descriptor at the end, so that its reader sees it.</param>
    internal static Relay OutOf(Descriptor source, int sink, long limit, bool closes) => new(source, null, sink, limit) { _closes = closes };

    /// <summary>Reads once, from a source that is ready.</summary>
    internal void Read()
    {
        var read = DescriptorBytes.Read(Source, _buffer);
        if (read.WouldBlock)
        {
            return;
        }

        // What can't be read is at its end: a terminal that hung up says EIO.
        var length = read.Failed ? 0 : read.Value;
        if (length > _limit - Count)
        {
            IsOverLimit = true;
            length = (int)(_limit - Count);
        }

        Count += length;
        (_start, _end) = (0, Sink < 0 ? 0 : length);
        if (read.Failed || read.Value == 0 || IsOverLimit)
        {
            EndSource();
        }
    }

    /// <summary>Writes once, to a sink that is ready.</summary>
    internal void Write()
    {
        var written = DescriptorBytes.Write(Sink, _buffer.AsSpan(_start, Math.Min(_end - _start, _piece)));
        if (written.WouldBlock)
        {
            return;
        }

        if (written.Failed)
        {
            Failure = _ownSink is null && written.Error != Errno.BrokenPipe ? written.Error : 0;
            EndSink();
            return;
        }

        _start += written.Value;
        if (_start == _end && Source < 0)
        {
            EndSink();
        }
    }

    /// <summary>Reads no more; what was read is still passed on.</summary>
    internal void EndSource()
    {
        Source = -1;
        _ownSource?.Dispose();
        if (_start == _end)
        {
            EndSink();
        }
    }

    /// <summary>Passes nothing on any more. Whoever writes to us learns of it as from any pipe: nobody reads.</summary>
    internal void EndSink()
    {
        if (_closes && Sink >= 0)
        {
            new Descriptor(Sink).Dispose();
        }

        Sink = -1;
        _start = _end;
        _ownSink?.Dispose();
        if (Source >= 0)
        {
            EndSource();
        }
    }
}
