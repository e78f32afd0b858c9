using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

public sealed class ContentTests
{
    private const string Script = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n< MAIL\n< RCPT\n< DATA\n> 250 o\n> 250 o\n> 354 go\n.\n> 250 ok";

    [Theory]
    // RFC 5321 §4.5.2: a dot at the start of a line is doubled, also at the very start.
    [InlineData(".\r\n..\r\nx.\r\n", "..\r\n...\r\nx.")]
    // A last line without its end gets one.
    [InlineData("x", "x")]
    [InlineData("", "")]
    public void Content_GoesOutWithDotsDoubled(string content, string sent)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Script);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server, content).Outcome);
        Assert.Equal(sent, server.Contents.Single());
    }

    [Fact]
    public void LargeContent_PassesInPiecesAndWhole()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Script);
        var content = string.Concat(Enumerable.Range(0, 30_000).Select(i => $".line {i} {new string('x', 60)}\r\n"));
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server, content).Outcome);
        Assert.Equal(content[..^2].Replace("\r\n.", "\r\n..").Insert(0, "."), server.Contents.Single());
        Assert.True(remote.CreditGranted > content.Length - (512 * 1024));
    }

    [Theory]
    // A34: whatever got such bytes into the queue, they don't leave it, and no dot ends the message.
    [InlineData("a\nb\r\n")]
    [InlineData("a\rb\r\n")]
    [InlineData("a\0b\r\n")]
    [InlineData("a\n.\nMAIL FROM:<x@example.org>\r\n")]
    [InlineData("a\r\n.\rb\r\n")]
    [InlineData("a\r")]
    public void BareLineEndOrNul_FailsForGoodAndSendsNoDot(string content)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Script);
        var result = Deliver(remote, server, content);
        Assert.Equal((DeliveryOutcome.Permanent, 5_006_000u), (result.Outcome, result.Status));
        remote.Settle();
        Assert.Empty(server.Contents);
        Assert.Equal(0, remote.Pool.Open);
    }

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server, string content) =>
        remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), content, "a@example.net").Single();
}
