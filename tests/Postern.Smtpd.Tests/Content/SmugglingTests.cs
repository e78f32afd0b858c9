using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks A22, A34: time between the bytes of an end, and sequences that imitate one in chunks; see <see cref="Attacks.SessionAttackTests"/> for the rest.</summary>
public class SmugglingTests
{
    private const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";

    public static TheoryData<string> AllSequences => [.. EndSequences.All.Select(sequence => sequence.Id)];

    [Theory]
    [MemberData(nameof(AllSequences))]
    public void SequenceInAChunk_IsContentOrRefusesTheMessage(string id)
    {
        // A34, H6: what comes by count may leave by DATA, so it is held to the same lines; its dots stay as they are.
        var attack = Find(id).Attack;
        var isRefused = EndSequences.Refused.Contains(Find(id));
        using var server = new TestServer();
        foreach (var chunks in Chunkings(attack))
        {
            foreach (var way in Ways.Of(Envelope + chunks + "NOOP\r\n"))
            {
                server.Queue.Committed.Clear();
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                foreach (var piece in way) client.Send(piece);
                Assert.Equal(isRefused, client.IsClosed);
                Assert.StartsWith(isRefused ? "554 5.6.0 " : "250 2.0.0 Ok", client.LastReply, StringComparison.Ordinal);
                Assert.Equal(isRefused ? [] : [attack], server.Queue.Committed.Select(message => message.Content));
            }
        }

        Assert.Equal(0, server.Queue.Open);
        Assert.DoesNotContain("v@a.test", server.Directory.Asked);
        server.DemandService();
    }

    [Theory]
    // A22: a pause is no byte, wherever it is. The true end in pieces:
    [InlineData("\r|\n.|\r|\n", 250, "body\r\n")]
    [InlineData("\r\n|.|\r\n", 250, "body\r\n")]
    [InlineData("|\r\n.\r|\n", 250, "body\r\n")]
    // What is none stays none:
    [InlineData("\r\n.|\n", 554, null)]
    [InlineData("\r|.|\r\n", 554, null)]
    [InlineData("\r\n.\r|.\r\n", 554, null)]
    [InlineData("|\n.|\n", 554, null)]
    public void PausesInsideTheEnd_ChangeNothing(string pieces, int code, string? stored)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("body");
        foreach (var piece in pieces.Split('|'))
        {
            server.Advance(TimeSpan.FromSeconds(5));
            client.Send(piece);
        }

        Assert.Equal(code, client.LastCode);
        Assert.Equal(code == 554, client.IsClosed);
        Assert.Equal(stored is null ? [] : [stored], server.Queue.Committed.Select(message => message.Content));
        server.DemandService();
    }

    private static EndSequence Find(string id) => EndSequences.All.Single(sequence => sequence.Id == id);

    /// <summary>In one chunk, in one and an empty last one, and cut in the middle of the sequence.</summary>
    private static IEnumerable<string> Chunkings(string content)
    {
        yield return $"BDAT {content.Length} LAST\r\n{content}";
        yield return $"BDAT {content.Length}\r\n{content}BDAT 0 LAST\r\n";
        for (var at = EndSequences.Header.Length; at < content.Length - EndSequences.Smuggled.Length; at++)
            yield return $"BDAT {at}\r\n{content[..at]}BDAT {content.Length - at} LAST\r\n{content[at..]}";
    }
}
