using System.Globalization;
using Postern.Loop;
using Postern.Posix.Processes;

namespace Postern.Role.Logging;

/// <summary>Writes one line per event to standard error, never waiting for whoever reads it.</summary>
/// <remarks>
/// Lines gather during a turn of the loop and go out together at its end. When the reader is slow, lines are dropped and
/// counted; the count is logged as soon as it reads again. Mail never waits for a log.
/// </remarks>
public sealed class EventLog : ITurnEnd
{
    private const int TimeLength = 24;

    private readonly string _program;
    private readonly EventLoop _loop;
    private readonly LineSink _sink;
    private ByteQueue _pending = new();
    private bool _asked;
    private long _dropped;

    /// <summary>Makes the log of a program.</summary>
    /// <param name="program">Its name without the prefix, as it stands in each line.</param>
    /// <param name="loop">The loop whose turns gather lines, and its clock.</param>
    public EventLog(string program, EventLoop loop)
        : this(program, loop, StandardError.TryWrite)
    {
    }

    /// <summary>Makes a log whose lines go elsewhere than to standard error, for tests.</summary>
    /// <param name="program">Its name without the prefix, as it stands in each line.</param>
    /// <param name="loop">The loop whose turns gather lines, and its clock.</param>
    /// <param name="sink">Takes whole lines.</param>
    public EventLog(string program, EventLoop loop, LineSink sink) => (_program, _loop, _sink) = (program, loop, sink);

    /// <summary>Begins a line for something ordinary.</summary>
    public LogLine Info(string happened) => Begin("info", happened);

    /// <summary>Begins a line for something that an administrator may want to look at.</summary>
    public LogLine Warning(string happened) => Begin("warning", happened);

    /// <summary>Begins a line for something that must be looked at.</summary>
    public LogLine Error(string happened) => Begin("error", happened);

    /// <summary>Writes out what has gathered, for a program that is about to end.</summary>
    public void Flush()
    {
        // The count stands until the line that tells it is taken.
        if (_dropped > 0 && _pending.Length > 0)
        {
            var gathered = _pending;
            _pending = new ByteQueue();
            Begin("warning", "log-dropped").Number("lines", _dropped).Write();
            _dropped = _sink(_pending.Span) ? 0 : _dropped;
            _pending = gathered;
        }

        while (_pending.Length > 0)
        {
            var rest = _pending.Span;
            var piece = rest.Length <= StandardError.MaxLine
                ? rest
                : rest[..(rest[..StandardError.MaxLine].LastIndexOf((byte)'\n') + 1)];
            if (_dropped > 0 || !_sink(piece))
            {
                _dropped += rest.Count((byte)'\n');
                _pending.Consume(rest.Length);
                return;
            }

            _pending.Consume(piece.Length);
        }
    }

    void ITurnEnd.OnTurnEnd()
    {
        _asked = false;
        Flush();
    }

    internal void Append(ReadOnlySpan<byte> line)
    {
        _pending.Append(line);
        if (!_asked)
        {
            _asked = true;
            _loop.AtTurnEnd(this);
        }
    }

    private LogLine Begin(string level, string happened)
    {
        var line = new LogLine(this);
        Span<byte> time = stackalloc byte[TimeLength];
        _ = _loop.Time.GetUtcNow().TryFormat(time, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        line.Raw(time);
        line.Raw(" "u8);
        line.Raw(level);
        line.Raw(" "u8);
        line.Raw(_program);
        line.Raw(" "u8);
        line.Raw(happened);
        return line;
    }
}

/// <summary>Takes whole log lines; false when it can't take them now and they are lost.</summary>
public delegate bool LineSink(ReadOnlySpan<byte> lines);
