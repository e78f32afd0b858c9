using System.Text.Json;
using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>The command line against a server that runs.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly int _sinkPort = LoopbackPort.Free();
    private readonly PosternServer _server;
    private readonly string _mark = Samples.Mark();

    public CommandTests()
    {
        _server = PosternServer.Start(new PosternConfiguration
        {
            Routes = $"\"away.example\" = \"127.0.0.1:{_sinkPort}\"",
            Queue = "retry_first = \"1h\"",
        });
    }

    [Fact]
    public void Inject_DeliversWithTheHeadersThatWereMissing()
    {
        _server.Postern(["inject", "--from", "alice@example.org", "bob@example.org"], $"Subject: {_mark}\n\ntext\n").MustSucceed();
        var arrived = _server.Mailbox("bob").Await(_mark);
        Assert.StartsWith("Return-Path: <alice@example.org>\n", arrived.Text, StringComparison.Ordinal);
        Assert.True(arrived.Contains("\nDate: "), arrived.Text);
        Assert.True(arrived.Contains("\nMessage-ID: <"), arrived.Text);
        Assert.EndsWith("\n\ntext\n", arrived.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SendmailT_TakesTheRecipientsFromTheHeaderAndHidesBcc()
    {
        var message = $"To: Alice <alice@example.org>\nBcc: bob@example.org\nSubject: {_mark}\n\n.\nafter the dot\n";
        _server.Command("sendmail", ["-t", "-i", "-f", "alice@example.org"], message).MustSucceed();
        foreach (var user in new[] { "alice", "bob" })
        {
            var arrived = _server.Mailbox(user).Await(_mark);
            Assert.EndsWith("\n\n.\nafter the dot\n", arrived.Text, StringComparison.Ordinal);
            Assert.False(arrived.Contains("\nBcc:"), arrived.Text);
        }
    }

    [Fact]
    public void AQueuedMessage_IsListedHeldReleasedAndRemoved()
    {
        var first = Queue(_mark);
        Assert.Contains("x@away.example", _server.Command("mailq", []).MustSucceed().Output, StringComparison.Ordinal);

        _server.Postern(["queue", "show", first]).MustSucceed();
        _server.Postern(["queue", "hold", first]).MustSucceed();
        AwaitState("held");
        // Nothing that is held goes out, whatever is asked.
        using var sink = new ScriptedSink(_sinkPort);
        _server.Postern(["queue", "flush"]).MustSucceed();
        Assert.Equal("held", State());

        _server.Postern(["queue", "release", first]).MustSucceed();
        _server.Postern(["queue", "flush"]).MustSucceed();
        Patience.Until(() => sink.Messages.Count == 1, () => State());
        Patience.Until(() => State().Length == 0, () => State());
        sink.Dispose();

        var second = Queue(_mark + "-2");
        _server.Postern(["queue", "remove", second]).MustSucceed();
        Patience.Until(() => State().Length == 0, () => State());
        Assert.NotEqual(0, _server.Postern(["queue", "remove", second]).Code);
        Assert.Equal(0, _server.Mailbox("alice").Count);
    }

    [Fact]
    public void Status_NamesEveryProgram()
    {
        var status = _server.Postern(["status"]).MustSucceed().Output;
        Assert.All(["smtpd", "queue", "directory", "local", "remote", "bounce"], name => Assert.Contains(name, status, StringComparison.Ordinal));
        Assert.StartsWith("{", _server.Postern(["status", "--json"]).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatIsDown_MakesInjectFailForNow()
    {
        Assert.Equal(0, _server.Stop());
        Assert.Equal(75, _server.Postern(["inject", "bob@example.org"], "Subject: x\n\ntext\n").Code);
    }

    public void Dispose() => _server.Dispose();

    /// <summary>Queues a message for a destination that is down, waits until it was tried, and returns its id.</summary>
    private string Queue(string mark)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.SendByData("alice@example.org", ["x@away.example"], Samples.Message(mark)).Must(2);
        AwaitState("deferred");
        using var list = List();
        return list.RootElement[0].GetProperty("id").GetString()!;
    }

    private void AwaitState(string state) => Patience.Until(() => State() == state, () => $"it is {State()}, not {state}");

    private string State()
    {
        using var list = List();
        return list.RootElement.GetArrayLength() == 0 ? "" : list.RootElement[0].GetProperty("state").GetString()!;
    }

    private JsonDocument List() => JsonDocument.Parse(_server.Postern(["queue", "list", "--json"]).MustSucceed().Output);
}
