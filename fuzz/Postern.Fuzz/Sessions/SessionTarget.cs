using Postern.Fuzz.Oracles;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Fuzz.Sessions;

/// <summary>A whole session with our server, its queue and its directory: whatever a client sends, each reply is one, what is stored
/// has true line ends and was sent, nothing is left open, and the next client is served. The first byte says how the bytes come.</summary>
internal static class SessionTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        byte[] bytes = input[1..].ToArray();
        using var server = new TestServer(head => head with { MessageSize = 200 });
        using (var client = server.Connect((input[0] & 1) == 0 ? TestServer.Stranger : TestServer.Friend))
        {
            // Lines wait for the reply to the one before, as a rule; a program that does not wait is cut off.
            foreach (byte[] piece in (input[0] & 2) == 0 ? Lines(bytes) : Pieces.Of(bytes)) client.Send(piece);
            foreach (string line in client.Received.Split("\r\n")[..^1])
                Demand.That(line.Length >= 4 && line[0] is >= '2' and <= '5' && line[3] is ' ' or '-' && line.All(letter => letter is >= ' ' and <= '~'), $"no reply: {line}");
            Demand.That(client.Received.EndsWith("\r\n", StringComparison.Ordinal), "half a reply");
        }
        Demand.Equal(0, server.Queue.Open, "messages that are left open");
        string sent = Demand.Latin(bytes);
        foreach (var message in server.Queue.Committed)
        {
            string content = message.Content;
            Demand.That(content.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n', '\0']) < 0, "a line end that is none");
            // Chunks may be cut anywhere: their lines are put together.
            if (sent.Contains("BDAT", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (string line in content.Split("\r\n")) Demand.That(sent.Contains(line, StringComparison.Ordinal), "a line that nobody sent");
        }
        server.DemandService();
    }

    private static IEnumerable<byte[]> Lines(byte[] bytes)
    {
        while (bytes.Length > 0)
        {
            int end = Array.IndexOf(bytes, (byte)'\n') + 1;
            yield return end == 0 ? bytes : bytes[..end];
            bytes = end == 0 ? [] : bytes[end..];
        }
    }
}
