using Postern.Ipc.Slices;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>Plays an attack in every way that a network may deliver it, and demands of each what holds for all attacks.</summary>
/// <remarks>
/// Nothing crashed; exactly the messages that were said exist, byte for byte below our trace; nothing is left open; each command has
/// one well-formed reply, at its time; the log is printable, a record a line; and the next client is served.
/// </remarks>
internal static class AttackRun
{
    /// <summary>The usual server, for attacks that are about its own size limit.</summary>
    public static SmtpdSlice Unchanged(SmtpdSlice head) => head;

    /// <summary>Plays it on a server of its own.</summary>
    public static void Play(SessionAttack attack, Func<SmtpdSlice, SmtpdSlice>? change = null)
    {
        using var server = new TestServer(change ?? (head => head with { MessageSize = SessionAttack.MaxSize, OffersTls = true }));
        foreach (var (name, turns) in attack.Ways())
        {
            try
            {
                PlayOnce(server, attack, turns);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{attack.Id} {name}: {failure.Message}", failure);
            }
        }

        server.DemandService();
    }

    private static void PlayOnce(TestServer server, SessionAttack attack, string[][] turns)
    {
        server.Queue.Committed.Clear();
        server.Directory.Asked.Clear();
        using (var client = server.Connect())
        {
            var due = 1;
            for (var turn = 0; turn < turns.Length; turn++)
            {
                foreach (var segment in turns[turn]) client.Send(segment);
                var answers = attack.Answers[turn];
                Assert.Equal(string.Join(' ', answers), string.Join(' ', Shown(answers, client.Replies.Skip(due))));
                due += answers.Count;
            }

            Assert.Equal(attack.Closes, client.IsClosed);
            Assert.EndsWith("\r\n", client.Received, StringComparison.Ordinal);
            // Who says no more is done with: half a command or half a message is none.
            client.EndSending();
            Assert.Equal(due, client.Replies.Count);
        }

        Assert.Equal((0, 0, 0), (server.Server.SessionCount, server.Queue.Open, server.Server.Queue.OpenCount));
        Assert.Equal(attack.Stored, server.Queue.Committed.Select(message => $"{string.Join(',', message.Recipients)}: {message.Content}"));
        foreach (var message in server.Queue.Committed) DemandTrace(message);
        Assert.All(server.Directory.Asked.Where(address => address.StartsWith("v@", StringComparison.Ordinal)),
            address => Assert.Contains(attack.Stored, stored => stored.StartsWith(address, StringComparison.Ordinal)));
    }

    // A reply as it was expected where it matches, else as it came.
    private static IEnumerable<string> Shown(IReadOnlyList<string> expected, IEnumerable<string> replies) =>
        replies.Select((reply, place) => place < expected.Count && SessionAttack.Matches(expected[place], reply) ? expected[place] : $"\"{reply}\"");

    // Four lines of ours, of harmless letters; what the client sent begins behind them.
    private static void DemandTrace(StoredMessage message)
    {
        Assert.StartsWith("Received: from ", message.Trace, StringComparison.Ordinal);
        Assert.Contains("\r\n\tby mx.a.test with ", message.Trace, StringComparison.Ordinal);
        Assert.True(WireReading.IsClean(message.Trace));
        Assert.All(message.Trace.ReplaceLineEndings(""), letter => Assert.True(letter is '\t' or (>= ' ' and <= '~')));
        Assert.InRange(message.Trace.Split("\r\n").Length, 4, 5);
    }
}
