namespace Postern.TestKit.Servers;

/// <summary>A Maildir as a reader of mail sees it.</summary>
/// <param name="folder">Its path.</param>
/// <param name="log">The server's last words, for the message of a failure.</param>
public sealed class Maildir(string folder, Func<string> log)
{
    /// <summary>The messages that are there now, in the order of their names.</summary>
    public IReadOnlyList<DeliveredMessage> Messages => [.. Files().Select(file => new DeliveredMessage(File.ReadAllBytes(file)))];

    /// <summary>How many messages are there now.</summary>
    public int Count => Files().Count;

    /// <summary>Waits until at least so many messages are there.</summary>
    public IReadOnlyList<DeliveredMessage> Await(int count)
    {
        Patience.Until(() => Count >= count, () => $"{Count} of {count} messages are in {folder}.\n{log()}");
        return Messages;
    }

    /// <summary>Waits for a message that contains the text and returns it.</summary>
    public DeliveredMessage Await(string text)
    {
        DeliveredMessage? found = null;
        Patience.Until(() => (found = Messages.FirstOrDefault(one => one.Contains(text))) is not null, () => $"no \"{text}\" in {folder}.\n{log()}");
        return found!;
    }

    private List<string> Files()
    {
        var files = Path.Join(folder, "new");
        return Directory.Exists(files) ? [.. Directory.EnumerateFiles(files).Order(StringComparer.Ordinal)] : [];
    }
}
