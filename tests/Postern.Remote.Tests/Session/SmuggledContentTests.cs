using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Remote.Tests.Session;

/// <summary>Attack A34: whatever got into the queue, by whichever way, the next server sees one message or none.</summary>
/// <remarks>Every byte behind DATA is captured, and read as a strict server and as the most lenient one would.</remarks>
public sealed class SmuggledContentTests
{
    private const string UpToData = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n< MAIL\n< RCPT\n< DATA\n> 250 o\n> 250 o\n> 354 go\n";

    public static TheoryData<string> RefusedSequences => [.. EndSequences.Refused.Select(sequence => sequence.Id)];

    public static TheoryData<string> OtherSequences => [.. EndSequences.All.Except(EndSequences.Refused).Select(sequence => sequence.Id)];

    [Theory]
    [MemberData(nameof(RefusedSequences))]
    public void SequenceInTheQueue_FailsForGoodAndIsNeverSent(string id)
    {
        var attack = EndSequences.All.Single(sequence => sequence.Id == id).Attack;
        // In a small message, of which nothing is on the way yet, and in one whose beginning is.
        foreach (var content in new[] { attack, attack + Lines(3000), Lines(3000) + attack })
        {
            using var remote = new RemoteUnderTest();
            using var server = new ScriptedServer(remote.Loop, UpToData + "*");
            var result = Deliver(remote, server, content);
            Assert.Equal((DeliveryOutcome.Permanent, 5_006_000u), (result.Outcome, result.Status));
            remote.TurnUntil(() => server.Contents.Count == 1);
            var wire = server.Contents.Single();
            Assert.True(WireReading.IsClean(wire));
            Assert.Equal(0, WireReading.Strict(wire).Messages);
            Assert.Equal(0, WireReading.Lenient(wire).Messages);
            Assert.Equal((4, 0), (server.Lines.Count, remote.Pool.Open));
        }
    }

    [Theory]
    [MemberData(nameof(OtherSequences))]
    public void SequenceThatIsContent_LeavesInsideOneMessage(string id)
    {
        var attack = EndSequences.All.Single(sequence => sequence.Id == id).Attack;
        foreach (var content in new[] { attack, Lines(3000) + attack, attack[..^2] })
        {
            using var remote = new RemoteUnderTest();
            using var server = new ScriptedServer(remote.Loop, UpToData + ".\n> 250 ok\n*");
            Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server, content).Outcome);
            // What a strict server takes for content, and what it was before the dots were doubled.
            var wire = server.Contents.Single();
            Assert.True(WireReading.IsClean(wire));
            Assert.Equal((1, ""), WireReading.Strict(wire + "\r\n.\r\n"));
            Assert.Equal((1, ""), WireReading.Lenient(wire + "\r\n.\r\n"));
            Assert.Equal(Ended(content), ("\r\n" + wire + "\r\n").Replace("\r\n.", "\r\n", StringComparison.Ordinal)[2..]);
            // Nothing but the end came behind it, and no further command.
            remote.Settle();
            Assert.Equal((1, 4, 1), (server.Contents.Count, server.Lines.Count, server.Count));
        }
    }

    [Theory]
    // G2: lines of any length leave whole, and a dot that is no line's first byte is just a dot.
    [InlineData(998)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1002)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public void LongLine_LeavesWhole(int length)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, UpToData + ".\n> 250 ok");
        var content = "Subject: t\r\n\r\n" + new string('a', length) + ".\r\n." + new string('b', length) + "\r\n";
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server, content).Outcome);
        Assert.True(server.Contents.Single() == content[..^2].Replace("\r\n.", "\r\n..", StringComparison.Ordinal));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(".a line of sixty bytes or so that keeps the server reading for long\r\n", count));

    private static string Ended(string content) => content.EndsWith("\r\n", StringComparison.Ordinal) ? content : content + "\r\n";

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server, string content) =>
        remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), content, "a@example.net").Single();
}
