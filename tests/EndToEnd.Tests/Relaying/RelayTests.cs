using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Relaying;

/// <summary>Real servers take what Postern sends, and it takes what they send.</summary>
public sealed class RelayTests
{
    private readonly string _mark = Samples.Mark();

    [Fact]
    public void AMessageThroughPostfixAndBack_ArrivesUnaltered()
    {
        var port = LoopbackPort.Free();
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"relay.example\" = \"127.0.0.1:{port}\"" });
        using var postfix = new PostfixPeer(port, server.Port, "bob@relay.example bob@example.org");

        var sent = Samples.Message(_mark);
        using var client = PlainSmtpClient.Greeted(server.Port);
        client.SendByData("alice@example.org", ["bob@relay.example"], sent).Must(2);
        var arrived = server.Mailbox("bob").Await(_mark);
        arrived.MustBe(sent);
        Assert.True(arrived.Contains("by postfix.example (Postfix)"), arrived.Text);
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void Exim_TakesWhatPosternSends()
    {
        using var exim = new EximPeer();
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"relay.example\" = \"127.0.0.1:{exim.Port}\"" });
        using var client = PlainSmtpClient.Greeted(server.Port);
        var sent = Samples.Message(_mark);
        client.SendByData("alice@example.org", ["somebody@relay.example"], sent).Must(2);
        var arrived = exim.Mailbox.Await(_mark);
        Assert.True(arrived.Contains($".a line with a dot, and {_mark} again\n\n..\n"), arrived.Text);
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void SmtpSourceThroughPosternToASink_BringsEveryMessage()
    {
        var source = Requirement.Peer("smtp-source");
        var port = LoopbackPort.Free();
        using var sink = new ScriptedSink(port);
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{port}\"" });
        Tool.Run(source, ["-s", "5", "-m", "200", "-l", "4096", "-N", "-f", "alice@example.org", "-t", "x@elsewhere.example", $"127.0.0.1:{server.Port}"])
            .MustSucceed();
        Patience.Until(() => sink.Messages.Count >= 200, () => $"{sink.Messages.Count} of 200");
        Assert.Equal(200, sink.Messages.Select(one => one.To.Single()).Distinct().Count());
        Assert.Equal(0, server.Stop());
    }
}
