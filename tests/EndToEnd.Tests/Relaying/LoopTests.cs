using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Relaying;

/// <summary>Two servers that forward to each other: the message stops, and its sender hears of it once.</summary>
public sealed class LoopTests
{
    private readonly string _mark = Samples.Mark();

    [Fact]
    public void TwoServersThatForwardToEachOther_EndInOneNotification()
    {
        var ports = (LoopbackPort.Free(), LoopbackPort.Free());
        using var first = PosternServer.Start(new PosternConfiguration
        {
            Port = ports.Item1,
            Aliases = "\"round@example.org\" = \"round@example.net\"",
            Routes = $"\"example.net\" = \"127.0.0.1:{ports.Item2}\"",
        });
        using var second = PosternServer.Start(new PosternConfiguration
        {
            Port = ports.Item2,
            Domain = "example.net",
            Users = ["carol@example.net"],
            Aliases = "\"round@example.net\" = \"round@example.org\"",
            Routes = $"\"example.org\" = \"127.0.0.1:{ports.Item1}\"",
        });
        using (var client = PlainSmtpClient.Greeted(first.Port))
        {
            Assert.Equal(250, client.SendByData("alice@example.org", ["round@example.org"], Samples.Message(_mark)).Code);
        }

        var notice = first.Mailbox("alice").Await(_mark);
        Assert.True(notice.Contains("\nStatus: 5.4.6\n"), notice.Text);
        Assert.StartsWith("Return-Path: <>\n", notice.Text, StringComparison.Ordinal);
        foreach (var server in new[] { first, second })
        {
            Patience.Until(() => server.Postern(["queue", "list", "--json"]).Output.Trim() == "[]", () => string.Join('\n', server.Log.TakeLast(40)));
        }

        // It went round until the hundredth hop (RFC 5321 §6.3), and no further.
        Assert.InRange(notice.Text.Split("\nReceived: ").Length, 90, 110);
        Assert.Equal(0, first.Stop());
        Assert.Equal(0, second.Stop());
        Assert.Equal((1, 0), (first.Mailbox("alice").Count, second.Mailbox("carol").Count));
    }
}
