using System.Buffers;
using System.Globalization;
using System.Text;
using Postern.Mail;
using Postern.Posix.Processes;
using Postern.Text;

namespace Postern.Role.Logging;

/// <summary>One log line under construction: <c>key=value</c> pairs after time, level, program and event.</summary>
/// <remarks>Whatever came from a peer passes through <see cref="EscapedText"/> and stands in quotes.</remarks>
public ref struct LogLine
{
    /// <summary>Values that a list shows at most: enough for what a person writes to, and a line stays readable.</summary>
    public const int MaxListed = 20;

    /// <summary>Characters that a list may fill: half of a line, so that the fields behind it have room.</summary>
    private const int MaxList = StandardError.MaxLine / 2;

    /// <summary>The digits of the longest number, and its sign.</summary>
    private const int MaxNumber = 20;

    private readonly EventLog _log;
    private readonly byte[] _bytes;
    private int _length;

    internal LogLine(EventLog log)
    {
        _log = log;
        _bytes = ArrayPool<byte>.Shared.Rent(StandardError.MaxLine);
        _length = 0;
    }

    /// <summary>Adds text of our own that needs no quotes: an identifier, an address, a word.</summary>
    public LogLine Word(string key, string value)
    {
        Key(key);
        Raw(value);
        return this;
    }

    /// <summary>Adds the id of a message.</summary>
    public LogLine Word(string key, MessageId id)
    {
        Key(key);
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        id.Write(text);
        Raw(text);
        return this;
    }

    /// <summary>Adds a number.</summary>
    public LogLine Number(string key, long value)
    {
        Key(key);
        Span<byte> text = stackalloc byte[MaxNumber];
        _ = value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        Raw(text[..length]);
        return this;
    }

    /// <summary>Adds bytes of any origin, escaped and quoted.</summary>
    public LogLine Quoted(string key, ReadOnlySpan<byte> value)
    {
        Key(key);
        Span<byte> text = stackalloc byte[EscapedText.MaxLength];
        Raw("\""u8);
        Raw(text[..EscapedText.Write(value, text)]);
        Raw("\""u8);
        return this;
    }

    /// <summary>Adds text of any origin, escaped and quoted.</summary>
    public LogLine Quoted(string key, string value) => Quoted(key, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds several values of any origin in one pair of quotes, with commas between; <c>+3</c> stands for three more.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values.</param>
    /// <param name="bytesOf">Their bytes.</param>
    /// <typeparam name="T">What they are of.</typeparam>
    public LogLine QuotedList<T>(string key, IReadOnlyList<T> values, LoggedBytes<T> bytesOf)
    {
        Key(key);
        Raw("\""u8);
        var end = _length + MaxList;
        var listed = 0;
        Span<byte> text = stackalloc byte[EscapedText.MaxLength];
        for (; listed < Math.Min(values.Count, MaxListed); listed++)
        {
            var length = EscapedText.Write(bytesOf(values[listed]), text);
            if (_length + 1 + length > end)
            {
                break;
            }

            Raw(listed > 0 ? ","u8 : default);
            Raw(text[..length]);
        }

        if (listed < values.Count)
        {
            Raw(string.Create(CultureInfo.InvariantCulture, $"{(listed > 0 ? "," : "")}+{values.Count - listed}"));
        }

        Raw("\""u8);
        return this;
    }

    /// <summary>Ends the line.</summary>
    public readonly void Write()
    {
        _bytes[_length] = (byte)'\n';
        _log.Append(_bytes.AsSpan(0, _length + 1));
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    internal void Raw(string text)
    {
        // A line that would not fit a single unsplit write is cut; its newline always has room.
        var room = StandardError.MaxLine - 1 - _length;
        var piece = text.AsSpan(0, Math.Min(text.Length, room));
        _length += Encoding.ASCII.GetBytes(piece, _bytes.AsSpan(_length));
    }

    internal void Raw(scoped ReadOnlySpan<byte> text)
    {
        var piece = text[..Math.Min(text.Length, StandardError.MaxLine - 1 - _length)];
        piece.CopyTo(_bytes.AsSpan(_length));
        _length += piece.Length;
    }

    private void Key(string key)
    {
        Raw(" "u8);
        Raw(key);
        Raw("="u8);
    }
}

/// <summary>The bytes of a value that is logged.</summary>
public delegate ReadOnlySpan<byte> LoggedBytes<in T>(T value);
