using Postern.CommandLine.Tests.Fakes;
using Postern.TestKit.Attacks;

namespace Postern.CommandLine.Tests.Submission;

/// <summary>Attack A34 at local submission: one message of true lines reaches the queue, or none.</summary>
public sealed class SmuggledContentTests : IDisposable
{
    private const string Tail = "MAIL FROM:<evil@bank.test>\r\nRCPT TO:<v@a.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n";

    private readonly Caller _caller = new();

    /// <summary>What each sequence becomes between the body and the rest; null: refused.</summary>
    public static TheoryData<string, string?> Sequences => new()
    {
        // A local program's line feeds are line ends, and a dot between them is a line.
        { "A1", "\r\n.\r\n" },
        { "A5", "\r\n.\r\n" },
        { "A6", "\r\n.\r\n" },
        { "A9", "\r\n\r\n.\r\n" },
        { "A10", "\r\n.\r\n\r\n" },
        { "A21a", "\r\n..\r\n" },
        { "A21b", "\r\n..\r\n" },
        { "A28", "\r\n.\r\n" },
        // A carriage return without line feed, or a NUL, has no honest meaning.
        { "A2", null },
        { "A3", null },
        { "A4", null },
        { "A7", null },
        { "A8", null },
        { "A11", null },
        { "A12", null },
        { "A13", null },
        { "A14", null },
        { "A15", null },
        { "A16", null },
        { "A24", null },
        { "A27", null },
        // Content like any other; a dot is not taken off here, as nothing was doubled.
        { "A17a", "\r\n. \r\n" },
        { "A17b", "\r\n.\t\r\n" },
        { "A18", "\r\n.\u00cc\u0081\r\n" },
        { "A19a", "\u0085.\u0085" },
        { "A19b", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8" },
        { "A20a", "\u000b.\u000b" },
        { "A20b", "\u000c.\u000c" },
        { "A21c", "\r\n..\r\n" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void SequenceThroughInject_IsContentOrRefused(string id, string? stored)
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        var code = _caller.Run(Attack(id), "postern", "inject", "--from", "s@f.test", "u@a.test");
        Demand(queue, code, stored is null ? null : stored + Tail);
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void SequenceThroughSendmailI_IsContentOrRefused(string id, string? stored)
    {
        using var queue = new FakeQueue(_caller.QueueSocket);
        var code = _caller.Run(Attack(id), "sendmail", "-i", "-f", "s@f.test", "u@a.test");
        Demand(queue, code, stored is null ? null : stored + Tail);
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void SequenceThroughSendmail_EndsTheMessageAtALoneDotAndNothingFollows(string id, string? stored)
    {
        // Without -i a lone dot is the end, and what is behind it is nobody's: neither content nor a second message.
        using var queue = new FakeQueue(_caller.QueueSocket);
        var code = _caller.Run(Attack(id), "sendmail", "-f", "s@f.test", "u@a.test");
        var dot = stored?.IndexOf("\r\n.\r\n", StringComparison.Ordinal) ?? -1;
        Demand(queue, code, dot >= 0 ? stored![..(dot + 2)] : stored is null ? null : stored + Tail);
    }

    [Fact]
    public void EverySequence_IsCovered() =>
        Assert.Equal(EndSequences.All.Select(sequence => sequence.Id).Order(), Sequences.Select(row => row.Data.Item1).Order());

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    private static string Attack(string id) => EndSequences.All.Single(sequence => sequence.Id == id).Attack;

    private static void Demand(FakeQueue queue, int code, string? behindTheBody)
    {
        queue.Join();
        Assert.Equal(behindTheBody is null ? 65 : 0, code);
        Assert.Equal(behindTheBody is null ? 0 : 1, queue.Log.Count(word => word == "commit"));
        Assert.DoesNotContain(queue.Log, word => word.Contains("v@a.test", StringComparison.Ordinal) || word.Contains("evil", StringComparison.Ordinal));
        if (behindTheBody is null) return;
        Assert.True(WireReading.IsClean(queue.Text));
        Assert.EndsWith("\r\n" + EndSequences.Header + behindTheBody, queue.Text, StringComparison.Ordinal);
    }
}
