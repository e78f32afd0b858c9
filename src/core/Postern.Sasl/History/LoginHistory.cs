using Postern.Text;

namespace Postern.Sasl;

/// <summary>The attempts as they lie in their files: a line for each, the oldest first.</summary>
public static class LoginHistory
{
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

    /// <summary>What is kept of files that make room: of each account the last attempt from each network.</summary>
    /// <param name="attempts">The attempts, the oldest first.</param>
    /// <param name="room">Bytes at most; when there is more, the latest.</param>
    /// <returns>Lines, the oldest first.</returns>
    public static byte[] Remains(IReadOnlyList<LoginRecord> attempts, int room)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var seen = new HashSet<(string, ClientNetwork)>();
        var networks = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = new List<byte[]>();
        for (int i = attempts.Count - 1; i >= 0; i--)
        {
            var attempt = attempts[i];
            if (!seen.Add((attempt.Name, new ClientNetwork(attempt.Address)))) continue;
            int count = networks.GetValueOrDefault(attempt.Name);
            if (count == KnownNetworks.MaxPerAccount) continue;
            networks[attempt.Name] = count + 1;
            var line = attempt.Write();
            if (line.Length > room) break;
            room -= line.Length;
            lines.Add(line);
        }
        lines.Reverse();
        return [.. lines.SelectMany(line => line)];
    }
}
