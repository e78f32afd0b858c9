using System.Buffers;

namespace Postern.Mail;

/// <summary>A delivery status notification: what a sender is told of the fate of a message (RFC 3461 §6, RFC 3464).</summary>
/// <remarks>
/// It goes out with the null sender, so that nothing answers it. The whole is composed in memory: the original is at most some
/// 50 KB, which its caller sees to. Its parts are for a person, for programs, and the original or its header; with the types of
/// RFC 6533 when the original needed SMTPUTF8.
/// </remarks>
public sealed class Notification
{
    /// <summary>Bytes of randomness in a boundary.</summary>
    public const int BoundarySeed = 16;

    /// <summary>This server's name.</summary>
    public required DomainName ReportingHost { get; init; }

    /// <summary>Whom a person may write to about it.</summary>
    public required Mailbox From { get; init; }

    /// <summary>The sender of the original, or postmaster in place of one.</summary>
    public required Mailbox To { get; init; }

    /// <summary>True when the original has no sender, and <see cref="To"/> is the postmaster: mostly it is a report itself.</summary>
    public bool IsLastResort { get; init; }

    /// <summary>The notification's own id.</summary>
    public required MessageId Id { get; init; }

    /// <summary>The id of the original.</summary>
    public required MessageId Message { get; init; }

    /// <summary>The date of the notification.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>When the original came.</summary>
    public required DateTimeOffset Arrived { get; init; }

    /// <summary>ENVID as it was given, in xtext; empty when none was.</summary>
    public ReadOnlyMemory<byte> EnvelopeId { get; init; }

    /// <summary>True when SMTPUTF8 was asked for the original.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>The recipients that are reported on; at least one.</summary>
    public required IReadOnlyList<NotifiedRecipient> Recipients { get; init; }

    /// <summary>The original's header, or all of it; lines end in CRLF, the last may be cut. Empty when nothing is returned.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>True when <see cref="Original"/> is the whole message.</summary>
    public bool OriginalIsFull { get; init; }

    /// <summary>True when sending it needs SMTPUTF8 itself: its own header has an address beyond ASCII.</summary>
    public bool NeedsSmtpUtf8 => !To.IsAscii || !From.IsAscii;

    /// <summary>True when the parts have the types of RFC 6533.</summary>
    internal bool IsInternational
    {
        get
        {
            bool international = SmtpUtf8 || NeedsSmtpUtf8;
            foreach (var recipient in Recipients) international |= !recipient.Mailbox.IsAscii;
            return international;
        }
    }

    /// <summary>Writes the message, header and all; lines end in CRLF.</summary>
    /// <param name="seed"><see cref="BoundarySeed"/> random bytes, drawn after the original was received.</param>
    /// <param name="output">Receives it.</param>
    /// <returns>False, with nothing written, when the boundary occurs in what is reported: draw another.</returns>
    public bool TryWrite(ReadOnlySpan<byte> seed, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, BoundarySeed);
        Span<byte> boundary = stackalloc byte[8 + (2 * BoundarySeed)];
        "postern-"u8.CopyTo(boundary);
        for (int i = 0; i < seed.Length; i++)
        {
            boundary[8 + (2 * i)] = "0123456789abcdef"u8[seed[i] >> 4];
            boundary[9 + (2 * i)] = "0123456789abcdef"u8[seed[i] & 0xf];
        }
        if (Occurs(boundary)) return false;
        var writer = new ReportWriter(output);
        bool international = IsInternational;
        WriteHeader(writer, boundary, international);
        StartPart(writer, boundary);
        writer.Line("Content-Type: text/plain; charset=utf-8"u8);
        WriteEncoding(writer, eightBit: international);
        HumanPart.Write(this, writer);
        StartPart(writer, boundary);
        writer.Line("Content-Type: message/"u8, international ? "global-delivery-status"u8 : "delivery-status"u8);
        WriteEncoding(writer, eightBit: international);
        StatusPart.Write(this, writer);
        if (!Original.IsEmpty) WriteOriginal(writer, boundary, international);
        writer.EndLine();
        writer.Add("--"u8);
        writer.Line(boundary, "--"u8);
        return true;
    }

    private void WriteHeader(ReportWriter writer, ReadOnlySpan<byte> boundary, bool international)
    {
        writer.Add("From: Mail Delivery System <"u8);
        writer.Line(From.Text, ">"u8);
        writer.Add("To: <"u8);
        writer.Line(To.Text, ">"u8);
        writer.Line("Subject: "u8, HumanPart.SubjectOf(this));
        writer.Line("Date: "u8, Date);
        writer.Add("Message-ID: <"u8);
        writer.Add(Id);
        writer.Add("@"u8);
        writer.Line(ReportingHost.Text, ">"u8);
        // RFC 3834 §5: nothing that answers by itself may answer this.
        writer.Line("Auto-Submitted: auto-replied"u8);
        writer.Line("MIME-Version: 1.0"u8);
        // RFC 6522 §3: the subtype of the second part.
        writer.Add("Content-Type: multipart/report; report-type="u8);
        writer.Line(international ? "global-delivery-status;"u8 : "delivery-status;"u8);
        writer.Add("\tboundary=\""u8);
        writer.Line(boundary, "\""u8);
        // RFC 2045 §6.4: what holds a part with eight bits says so itself, or a server on the way takes it for seven.
        if (international || !Ascii.IsAscii(Original.Span)) writer.Line("Content-Transfer-Encoding: 8bit"u8);
    }

    /// <summary>The original as RFC 6522 §3 has it: all of it or its header.</summary>
    private void WriteOriginal(ReportWriter writer, ReadOnlySpan<byte> boundary, bool international)
    {
        StartPart(writer, boundary);
        writer.Line("Content-Type: "u8, (OriginalIsFull, international) switch
        {
            (true, false) => "message/rfc822"u8,
            (true, true) => "message/global"u8,
            (false, false) => "text/rfc822-headers"u8,
            _ => "message/global-headers"u8,
        });
        WriteEncoding(writer, eightBit: !Ascii.IsAscii(Original.Span));
        // One that was cut may end in half a line end, which would be a bare CR with ours behind it.
        var whole = Original.Span.EndsWith("\r\n"u8);
        writer.Add(whole ? Original.Span : Original.Span.TrimEnd((byte)'\r'));
        if (!whole) writer.EndLine();
    }

    private static void StartPart(ReportWriter writer, ReadOnlySpan<byte> boundary)
    {
        writer.EndLine();
        writer.Line("--"u8, boundary);
    }

    private static void WriteEncoding(ReportWriter writer, bool eightBit)
    {
        if (eightBit) writer.Line("Content-Transfer-Encoding: 8bit"u8);
        writer.EndLine();
    }

    /// <summary>Looks for the boundary in all that somebody else wrote.</summary>
    private bool Occurs(ReadOnlySpan<byte> boundary)
    {
        bool occurs = Original.Span.IndexOf(boundary) >= 0 || EnvelopeId.Span.IndexOf(boundary) >= 0;
        foreach (var recipient in Recipients)
            occurs |= recipient.Text.Span.IndexOf(boundary) >= 0 || recipient.OriginalRecipient.Span.IndexOf(boundary) >= 0;
        return occurs;
    }
}
