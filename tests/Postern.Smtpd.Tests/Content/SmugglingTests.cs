using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks A1 to A24, A27, H6: no byte sequence but CRLF.CRLF ends a message, and none hides a second one.</summary>
public class SmugglingTests
{
    private const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";

    public static TheoryData<string> RefusedSequences => [.. EndSequences.Refused.Select(sequence => sequence.Id)];

    public static TheoryData<string> AllowedSequences => [.. EndSequences.Allowed.Select(sequence => sequence.Id)];

    public static TheoryData<string> AllSequences => [.. EndSequences.All.Select(sequence => sequence.Id)];

    [Theory]
    [MemberData(nameof(RefusedSequences))]
    public void SequenceThatLooksLikeAnEnd_RefusesTheMessageAndCloses(string id)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Find(id).Attack + ".\r\nQUIT\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            Assert.Equal(354, client.LastCode);
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            client.EndSending();
            Assert.StartsWith("554 5.6.0 ", Assert.Single(client.Replies.Skip(before)), StringComparison.Ordinal);
            Assert.True(client.IsClosed);
            Assert.Empty(server.Queue.Committed);
        }

        Assert.Equal(0, server.Queue.Open);
        Assert.DoesNotContain("v@a.test", server.Directory.Asked);
        Assert.Contains("line-fault", server.Log.ToString(), StringComparison.Ordinal);
        server.DemandService();
    }

    [Theory]
    [MemberData(nameof(AllowedSequences))]
    public void SequenceThatIsOrdinaryContent_IsKeptAndNothingIsSmuggled(string id)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Find(id).Attack + ".\r\nQUIT\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["250", "221"], client.Replies.Skip(before).Select(reply => reply[..3]));
            Assert.True(client.IsClosed);
            var message = Assert.Single(server.Queue.Committed);
            Assert.Equal(EndSequences.Header + Find(id).Stored + EndSequences.Smuggled, message.Content);
            Assert.Equal(["u@a.test"], message.Recipients);
        }

        Assert.DoesNotContain("v@a.test", server.Directory.Asked);
        server.DemandService();
    }

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

    [Fact]
    public void BareLineFeedInTheHeader_RefusesTheMessage()
    {
        // A23.
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf("From: s@f.test\nSubject: t\r\n\r\nbody\r\n.\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith("554 5.6.0 ", client.LastReply, StringComparison.Ordinal);
            Assert.True(client.IsClosed);
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
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
