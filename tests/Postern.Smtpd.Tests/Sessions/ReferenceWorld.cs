namespace Postern.Smtpd.Tests.Sessions;

/// <summary>What the sessions of a life share: the queue's mood, and the messages that it took.</summary>
internal sealed class ReferenceWorld
{
    /// <summary>The size limit that the reference is about.</summary>
    public const int MaxSize = 40;

    /// <summary>The limit on the recipients of a message.</summary>
    public const int MaxRecipients = 3;

    /// <summary>The reply to MAIL while the queue takes nothing; null while it does.</summary>
    public string? AtMail { get; set; }

    /// <summary>The reply to the end of a message.</summary>
    public string AtEnd { get; set; } = "250 2.0.0";

    /// <summary>The messages, as "recipient,recipient: content".</summary>
    public List<string> Stored { get; } = [];

    /// <summary>Keeps a message if the queue takes it.</summary>
    public bool TryStore(string message)
    {
        var isTaken = AtEnd[0] == '2';
        if (isTaken) Stored.Add(message);
        return isTaken;
    }

    /// <summary>True for a CR or LF by itself, or a NUL, in what there is room for.</summary>
    /// <param name="content">Content as far as it came.</param>
    /// <param name="isWhole">False while the LF of a last CR may still come.</param>
    public static bool HasStray(string content, bool isWhole)
    {
        var kept = content[..Math.Min(content.Length, MaxSize)];
        var rest = kept.Replace("\r\n", "", StringComparison.Ordinal);
        if (rest.EndsWith('\r') && (!isWhole || kept.Length < content.Length)) rest = rest[..^1];
        return rest.IndexOfAny(['\r', '\n', '\0']) >= 0;
    }
}
