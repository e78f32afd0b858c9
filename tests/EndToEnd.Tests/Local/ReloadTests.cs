using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Local;

/// <summary>SIGHUP takes up a changed configuration, or leaves the old one in force.</summary>
public sealed class ReloadTests
{
    private static readonly PosternConfiguration _more = new() { Users = ["alice@example.org", "bob@example.org", "carol@example.org"] };

    [Fact]
    public void AReload_AddsAMailboxAndKeepsSessions()
    {
        using var server = PosternServer.Start();
        using var client = PlainSmtpClient.Greeted(server.Port);
        Assert.Equal(250, client.Command("MAIL FROM:<alice@example.org>").Code);
        Assert.Equal(550, client.Command("RCPT TO:<carol@example.org>").Code);
        server.Reload(_more);
        Patience.Until(() => client.Command("RCPT TO:<carol@example.org>").Code == 250, () => string.Join('\n', server.Log));
        client.Command("RSET").Must(2);

        var sent = Samples.Message(Samples.Mark());
        client.SendByData("alice@example.org", ["carol@example.org"], sent).Must(2);
        server.Mailbox("carol").Await(1)[0].MustBe(sent);
        client.Dispose();
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void ABadReload_LeavesTheOldConfigurationInForce()
    {
        using var server = PosternServer.Start();
        server.Reload(_more with { More = "\n[nonsense]\nkey = 1\n" });
        server.AwaitLog(line => line.Contains("postern.toml:", StringComparison.Ordinal) && line.Contains("nonsense", StringComparison.Ordinal),
            "the error with its line");
        using var client = PlainSmtpClient.Greeted(server.Port);
        client.Command("MAIL FROM:<alice@example.org>").Must(2);
        Assert.Equal(550, client.Command("RCPT TO:<carol@example.org>").Code);
        Assert.Equal(250, client.Command("RCPT TO:<bob@example.org>").Code);
        client.Dispose();
        Assert.Equal(0, server.Stop());
    }
}
