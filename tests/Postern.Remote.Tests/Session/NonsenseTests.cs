using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

/// <summary>Attack I1: bytes that are no reply, in place of each reply in turn. Later, for everybody; nothing more is said there.</summary>
public sealed class NonsenseTests
{
    /// <summary>What a server without PIPELINING is sent and says, reply by reply.</summary>
    private static readonly (string Before, string Reply)[] _dialogue =
    [
        ("", "220 hi"), ("< EHLO\n", "250 there"), ("< MAIL\n", "250 m"), ("< RCPT\n", "250 r"), ("< RCPT\n", "250 r"), ("< DATA\n", "354 go"), (".\n", "250 ok"),
    ];

    private static readonly Dictionary<string, string> _nonsense = new()
    {
        ["two digits"] = "25\\r\\n",
        ["one digit"] = "2\\r\\n",
        ["nothing"] = "\\r\\n",
        ["a code that is none"] = "999_x\\r\\n",
        ["a code below 200"] = "150_x\\r\\n",
        ["four digits"] = "2500_x\\r\\n",
        ["a sign"] = "+250_x\\r\\n",
        ["a space first"] = "_250_x\\r\\n",
        ["words"] = "hello\\r\\n",
        ["the digits of another script"] = "\u0662\u0665\u0660_ok\\r\\n",
        ["a tab behind the code"] = "250\tok\\r\\n",
        ["a bare LF"] = "250_ok\\n",
        ["a bare LF without text"] = "250\\n",
        ["a bare CR"] = "250_a\\rb\\r\\n",
        ["two CRs"] = "250_a\\r\\r\\n",
        ["a NUL"] = "250_a\\0b\\r\\n",
        ["a NUL for the code"] = "\\0\\0\\0_ok\\r\\n",
        ["two codes in one reply"] = "250-a\\r\\n251_b\\r\\n",
        ["success that turns into failure"] = "250-a\\r\\n550_b\\r\\n",
        ["a line of a megabyte"] = "250_" + new string('x', 1 << 20),
        ["a hundred thousand lines"] = string.Concat(Enumerable.Repeat("250-x\\r\\n", 100_000)),
    };

    public static MatrixTheoryData<string, int> Cases => new([.. _nonsense.Keys], [.. Enumerable.Range(0, _dialogue.Length)]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void BytesThatAreNoReply_Defer(string kind, int stage)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Upto(stage) + ">> " + _nonsense[kind]);
        var results = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), "x\r\n", "a@example.net", "b@example.net");
        Assert.All(results, result =>
        {
            Assert.Equal((DeliveryOutcome.Temporary, 4u), (result.Outcome, result.Status / 1_000_000));
            Assert.InRange(result.Text.Length, 1, 512);
        });
        remote.Settle();
        Assert.Equal(0, remote.Pool.Open);
        Assert.Equal(stage == 6 ? 1 : 0, server.Contents.Count);
        Assert.All(server.Lines.Skip(Commands(stage)), line => Assert.Equal("QUIT", line));
        Assert.All(remote.Logged.ToString().ReplaceLineEndings(""), letter => Assert.InRange(letter, ' ', '~'));
    }

    [Fact]
    public void RepliesWithoutText_AreReplies()
    {
        using var remote = new RemoteUnderTest();
        var bare = string.Concat(_dialogue.Select(step => step.Before + ">> " + step.Reply[..3] + "\\r\\n\n"));
        using var server = new ScriptedServer(remote.Loop, bare);
        var results = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), "x\r\n", "a@example.net", "b@example.net");
        Assert.All(results, result => Assert.Equal((DeliveryOutcome.Delivered, "250"), (result.Outcome, result.Text)));
    }

    [Fact]
    public void WholeDialogueByteForByte_MeansTheSame()
    {
        using var remote = new RemoteUnderTest();
        var dripped = string.Concat(_dialogue.Select(step =>
            step.Before + string.Concat((step.Reply + "\r\n").Select(letter => $">> {Escaped(letter)}\n~\n"))));
        using var server = new ScriptedServer(remote.Loop, dripped);
        var results = remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), "x\r\n", "a@example.net", "b@example.net");
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
    }

    [Theory]
    // A line that never ends, and lines that never end: the reply has its time as a whole, however it drips.
    [InlineData("2")]
    [InlineData("220-x\r\n")]
    public void BannerThatNeverEnds_IsGivenUpAfterItsTime(string drop)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, ">> 220-a");
        var number = remote.Begin(new Hop(HopKind.Host, "127.0.0.1", server.Port), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Count == 1);
        var minutes = 0;
        for (; minutes < 60 && !remote.HasEnded(number); minutes++)
        {
            remote.Settle();
            remote.Clock.Pass(TimeSpan.FromMinutes(1));
            server.Say(drop);
            remote.Settle();
        }

        Assert.InRange(minutes, 5, 6);
        Assert.Equal((DeliveryOutcome.Temporary, 4_004_001u), (remote.Results(number)[0].Outcome, remote.Results(number)[0].Status));
    }

    private static string Upto(int stage) => string.Concat(_dialogue.Take(stage).Select(step => $"{step.Before}> {step.Reply}\n")) + _dialogue[stage].Before;

    private static int Commands(int stage) => _dialogue.Take(stage + 1).Count(step => step.Before.StartsWith('<'));

    private static string Escaped(char letter) => letter switch { '\r' => "\\r", '\n' => "\\n", ' ' => "_", _ => letter.ToString() };
}
