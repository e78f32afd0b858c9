namespace Postern.Mail;

/// <summary>The fields that a message gets where it is handed in, when it lacks them (RFC 6409 §8.2, §8.3).</summary>
public static class OriginFields
{
    /// <summary>The most bytes that both take: what does not change, the date, the id, a number of 64 bits and the name.</summary>
    public const int MaxLength = 26 + Rfc5322Date.Length + MessageId.TextLength + 20 + DomainName.MaxLength;

    /// <summary>Writes "Date: …".</summary>
    /// <param name="time">When it was handed in.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteDate(DateTimeOffset time, Span<byte> output)
    {
        var line = new ByteLine(output);
        line.Add("Date: "u8);
        line.Add(time);
        line.Add("\r\n"u8);
        return line.Length;
    }

    /// <summary>Writes "Message-ID: …". The queue never issues an id twice, and the host's name makes it unique everywhere.</summary>
    /// <param name="id">The queue's id.</param>
    /// <param name="time">When it was handed in.</param>
    /// <param name="host">Our own name.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteMessageId(MessageId id, DateTimeOffset time, DomainName host, Span<byte> output)
    {
        var line = new ByteLine(output);
        line.Add("Message-ID: <"u8);
        line.Add(id);
        line.Add("."u8);
        line.Add((ulong)time.ToUnixTimeSeconds());
        line.Add("@"u8);
        line.Add(host.Text);
        line.Add(">\r\n"u8);
        return line.Length;
    }
}
