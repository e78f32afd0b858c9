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

    /// <summary>Waits until at least so many messages are there, and reads them.</summary>
    public IReadOnlyList<DeliveredMessage> Await(int count)
    {
        AwaitCount(count);
        return Messages;
    }

    /// <summary>Waits until at least so many messages are there.</summary>
    public void AwaitCount(int count) =>
        Patience.Until(() => Count >= count, () => $"{Count} of {count} messages are in {folder}.\n{log()}");

    /// <summary>Waits for a message that contains the text and returns it.</summary>
    public DeliveredMessage Await(string text)
    {
        DeliveredMessage? found = null;
        Patience.Until(() => (found = Messages.FirstOrDefault(one => one.Contains(text))) is not null, () => $"no \"{text}\" in {folder}.\n{log()}");
        return found!;
    }

    /// <summary>The beginnings of the messages that are there now: enough to know them by.</summary>
    public IEnumerable<string> Heads(int extra)
    {
        // Trace fields of ours stand above what was sent.
        var buffer = new byte[1000 + extra];
        foreach (var file in Files())
        {
            using var stream = File.OpenRead(file);
            yield return System.Text.Encoding.Latin1.GetString(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
    }

    /// <summary>Takes out everything that is there.</summary>
    public void Empty() => Files().ForEach(File.Delete);

    private List<string> Files()
    {
        var files = Path.Join(folder, "new");
        return Directory.Exists(files) ? [.. Directory.EnumerateFiles(files).Order(StringComparer.Ordinal)] : [];
    }
}
