namespace Postern.Mail;

/// <summary>The fields that final delivery puts on top of a message.</summary>
public static class TraceFields
{
    /// <summary>The most bytes that one of them takes.</summary>
    public const int MaxLength = 32 + Mailbox.MaxLength;

    /// <summary>Writes "Return-Path: &lt;sender&gt;" (RFC 5321 §4.4).</summary>
    /// <param name="sender">The sender, or null for "&lt;&gt;".</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteReturnPath(Mailbox? sender, Span<byte> output)
    {
        var line = new ByteLine(output);
        line.Add("Return-Path: <"u8);
        if (sender is not null) line.Add(sender.Text);
        line.Add(">\r\n"u8);
        return line.Length;
    }

    /// <summary>Writes "Delivered-To: mailbox" (RFC 9228), by which a loop is found.</summary>
    /// <param name="mailbox">The mailbox that the message is delivered to or forwarded from.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteDeliveredTo(Mailbox mailbox, Span<byte> output)
    {
        var line = new ByteLine(output);
        line.Add("Delivered-To: "u8);
        line.Add(mailbox.Text);
        line.Add("\r\n"u8);
        return line.Length;
    }
}
