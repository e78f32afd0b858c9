namespace Postern.Sasl;

/// <summary>The attempts as they lie in their files: a line for each, the oldest first.</summary>
public static class LoginHistory
{
    /// <summary>The file that is written to.</summary>
    public static ReadOnlySpan<byte> FileName => "attempts"u8;

    /// <summary>The one before it, which is full.</summary>
    public static ReadOnlySpan<byte> OlderFileName => "attempts.1"u8;

    /// <summary>Reads a file; what is no attempt, such as a line that a crash cut off, is passed over.</summary>
    /// <param name="text">All of it.</param>
    public static List<LoginRecord> Read(ReadOnlySpan<byte> text)
    {
        var attempts = new List<LoginRecord>();
        foreach (var place in text.Split((byte)'\n'))
        {
            if (LoginRecord.Read(text[place]) is { } attempt) attempts.Add(attempt);
        }
        return attempts;
    }
}
