using System.Buffers;
using Postern.Mail;

namespace Postern.Smtp;

/// <summary>A reply of ours, ready for the wire (RFC 5321 §4.2).</summary>
/// <remarks>It is encoded once, when it is made: the standing ones in <see cref="Replies"/> cost a copy each time.</remarks>
public sealed class SmtpReply
{
    private readonly byte[] _wire;

    private SmtpReply(int code, EnhancedStatus? status, byte[] wire)
    {
        Code = code;
        Status = status;
        _wire = wire;
    }

    /// <summary>The reply code, 200 to 599.</summary>
    public int Code { get; }

    /// <summary>The enhanced status (RFC 3463), or null where RFC 2034 §4 has none: greetings, EHLO, and 3xx.</summary>
    public EnhancedStatus? Status { get; }

    /// <summary>True for 2xx and 3xx.</summary>
    public bool IsPositive => Code < 400;

    /// <summary>The reply as it is sent, with the CRLF of its last line.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Makes a reply of one line.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="status">Of the code's class, or null.</param>
    /// <param name="text">The text; bytes other than printable ASCII are escaped, and what a line can't hold is cut.</param>
    public static SmtpReply Line(int code, EnhancedStatus? status, ReadOnlySpan<byte> text)
    {
        Demand(code, status);
        Span<byte> line = stackalloc byte[ReplyLine.MaxLine];
        int length = ReplyLine.Write(line, code, isLast: true, status, text);
        return new SmtpReply(code, status, line[..length].ToArray());
    }

    /// <summary>Makes a reply of several lines.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="status">Of the code's class, or null.</param>
    /// <param name="lines">The text of each line, at least one; treated as in <see cref="Line"/>.</param>
    public static SmtpReply Lines(int code, EnhancedStatus? status, IReadOnlyList<byte[]> lines)
    {
        Demand(code, status);
        ArgumentOutOfRangeException.ThrowIfZero(lines.Count);
        var wire = new ArrayBufferWriter<byte>();
        for (int at = 0; at < lines.Count; at++)
            wire.Advance(ReplyLine.Write(wire.GetSpan(ReplyLine.MaxLine), code, at == lines.Count - 1, status, lines[at]));
        return new SmtpReply(code, status, wire.WrittenSpan.ToArray());
    }

    /// <summary>Appends the reply to what is going out.</summary>
    public void WriteTo(IBufferWriter<byte> output) => output.Write(_wire);

    /// <summary>The reply's bytes, for logs and tests; they are printable ASCII and CRLF.</summary>
    public override string ToString() => System.Text.Encoding.ASCII.GetString(_wire).TrimEnd();

    private static void Demand(int code, EnhancedStatus? status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        // RFC 2034 §4: the two must agree, or the client can't know what to do.
        if (status is { } value && value.Class != code / 100) throw new ArgumentException("The status is of another class than the code.", nameof(status));
    }
}
