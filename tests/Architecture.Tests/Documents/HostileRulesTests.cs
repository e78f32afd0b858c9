using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>Each rule is seen to fail on a table made to break it.</summary>
public sealed class HostileRulesTests
{
    private static readonly (string Receiver, string Hostile)[] Ends = [("queue", "smtpd"), ("smtpd", "queue")];

    private static readonly HashSet<string> Tests = ["ATests.One_Is", "ATests.Two_Are"];

    [Fact]
    public void AWholeTable_HasNoMistakes() => Assert.Empty(HostileRules.Mistakes(Whole(), Ends, Tests));

    [Fact]
    public void AnEndWithoutATest_IsReported() =>
        Assert.Equal(["No test plays queue, taken over, against smtpd."], HostileRules.Mistakes(Whole()[..1], Ends, Tests));

    [Fact]
    public void AnEndThatIsListedTwice_IsReported() =>
        Assert.Equal(["What queue gets from smtpd is listed twice."], HostileRules.Mistakes([.. Whole(), Whole()[0]], Ends, Tests));

    [Fact]
    public void AnEndOfNoChannel_IsReported() =>
        Assert.Equal(["queue gets nothing from tls."], HostileRules.Mistakes([.. Whole(), ["queue", "tls", "ATests.One_Is"]], Ends, Tests));

    [Fact]
    public void ATestThatIsNotThere_IsReported() =>
        Assert.Equal(
            ["smtpd and queue name ATests.Three_AreNot, which is no test."],
            HostileRules.Mistakes([Whole()[0], ["smtpd", "queue", "ATests.One_Is, ATests.Three_AreNot"]], Ends, Tests));

    [Fact]
    public void BothEndsOfEachChannel_AreFound()
    {
        SourceFile source = new("ProgramTable.cs", """
            static class ProgramTable
            {
                static readonly IReadOnlyList<ProgramEntry> Standing = [new(ProgramName.Tls, "postern-tls")];
                static readonly IReadOnlyList<ChannelEntry> Channels =
                [
                    new(ProgramName.Smtpd, ProgramName.Queue),
                    new(ProgramName.Smtpd, ProgramName.Tls, Packets: true),
                ];
            }
            """);
        Assert.Equal([("smtpd", "queue"), ("queue", "smtpd"), ("smtpd", "tls"), ("tls", "smtpd")], HostileRules.EndsOf(source));
    }

    private static string[][] Whole() => [["queue", "smtpd", "ATests.One_Is, ATests.Two_Are"], ["smtpd", "queue", "ATests.One_Is"]];
}
