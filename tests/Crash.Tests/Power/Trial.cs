using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>A disk as a power cut left it: the whole server starts on it by itself, and what was acknowledged arrives.</summary>
internal sealed class Trial(OwnMounts mounts)
{
    private static readonly string[] _readers = ["alice", "bob"];

    /// <summary>An alias for both, so that one recipient becomes two.</summary>
    internal static PosternConfiguration Configuration { get; } = new() { Aliases = "\"both@example.org\" = [\"alice@example.org\", \"bob@example.org\"]" };

    /// <summary>Whom the message with a number is for.</summary>
    internal static string Recipient(int number) => (number % 4 == 0 ? "both" : "bob") + "@example.org";

    /// <summary>Runs it.</summary>
    /// <param name="disk">What the disk holds.</param>
    /// <param name="acknowledged">What must be there.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    internal string? Judge(SparseImage disk, IEnumerable<int> acknowledged)
    {
        var image = Path.Join(mounts.Folder, "trial");
        disk.Save(mounts.Seen(image));
        using var mounted = new MountedDisk(mounts, image, "trial-disk").Mount();
        try
        {
            using var server = PosternServer.Start(Configuration, mounted.Place);
            var verdict = Lost(server, [.. acknowledged]) ?? Altered(server) ?? Alarm(server);
            server.KillEverything();
            mounted.Unmount();
            return verdict;
        }
        catch (InvalidOperationException notStarted)
        {
            return notStarted.Message;
        }
    }

    /// <summary>Waits until everything arrived, or the queue has nothing left that could.</summary>
    private static string? Lost(PosternServer server, List<int> acknowledged)
    {
        List<string> missing = [];
        var empty = false;
        Patience.Until(
            () =>
            {
                missing = [.. _readers.SelectMany(reader => Missing(server, reader, acknowledged))];
                if (missing.Count == 0)
                {
                    return true;
                }

                // In this order: what the queue no longer has was delivered before.
                empty = server.Postern(["queue", "list", "--json"]) is { Code: 0 } list && list.Output.Trim() == "[]";
                missing = [.. _readers.SelectMany(reader => Missing(server, reader, acknowledged))];
                return empty || missing.Count == 0;
            },
            () => $"neither delivered nor given up: {string.Join(' ', missing)}\n{string.Join('\n', server.Log.TakeLast(40))}");
        return missing.Count == 0 ? null : $"lost of {acknowledged.Count}: {string.Join(' ', missing)}";
    }

    private static IEnumerable<string> Missing(PosternServer server, string reader, List<int> acknowledged)
    {
        var arrived = server.Mailbox(reader).Heads(200).Select(NumberedMessage.NumberOf).ToHashSet();
        return acknowledged.Where(number => !arrived.Contains(number) && (reader == "bob" || number % 4 == 0)).Select(number => $"{number} of {reader}");
    }

    private static string? Altered(PosternServer server)
    {
        foreach (var message in _readers.SelectMany(reader => server.Mailbox(reader).Messages))
        {
            if (NumberedMessage.NumberOf(message.Text) is not { } number)
            {
                return $"not sent by anybody: {message.Text}";
            }

            try
            {
                message.MustBe(NumberedMessage.Content(number));
            }
            catch (InvalidOperationException altered)
            {
                return altered.Message;
            }
        }

        return null;
    }

    /// <summary>A batch that was cut off is named; anything else would be an alarm about nothing.</summary>
    private static string? Alarm(PosternServer server) => server.Log.FirstOrDefault(line =>
        line.Contains(" error ", StringComparison.Ordinal) && !line.Contains("IncompleteBatch", StringComparison.Ordinal));
}
