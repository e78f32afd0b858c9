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
    public void InputThatIsClosed_IsEmpty()
    {
        // By the time that our code runs the runtime has a file of its own on 0: that was the message once.
        var result = _server.Shell($"exec \"$0\" inject bob+{_mark}@example.org 0<&-");
        Assert.True(result.Code == 0, result.ToString());
        Assert.EndsWith("\n\n", _server.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        result = _server.Shell("exec \"${0%/*}/sendmail\" -bs 0<&-");
        Assert.True(result.Code == 0, result.ToString());
        Assert.StartsWith("220 ", result.Output, StringComparison.Ordinal);
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
        Assert.All(["smtpd", "queue", "directory", "local", "remote", "bounce", "tls", "auth"], name => Assert.Contains(name, status, StringComparison.Ordinal));
        Assert.StartsWith("{", _server.Postern(["status", "--json"]).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatIsDown_MakesCommandsFailForNow()
    {
        Assert.Equal(0, _server.Stop());
        string[][] commands =
        [
            ["postern", "inject", "bob@example.org"], ["postern", "status"], ["postern", "queue", "list"], ["postern", "queue", "flush"],
            ["postern", "queue", "drain"], ["postern", "queue", "show", "0000000000001"], ["mailq"], ["sendmail", "-bp"], ["sendmail", "-bs"],
            ["sendmail", "bob@example.org"],
        ];
        foreach (var command in commands)
        {
            var result = _server.Command(command[0], command.Skip(1), "Subject: x\n\ntext\n");
            Assert.True(result.Code == 75, $"{string.Join(' ', command)}: {result}");
            Assert.StartsWith(command[0] + ": the server is not running", result.Error, StringComparison.Ordinal);
        }

        // These need no server.
        Assert.Equal(0, _server.Postern(["check"]).Code);
        Assert.Equal(0, _server.Postern(["resolve", "bob@example.org"]).Code);
        Assert.Equal(0, _server.Postern(["queue", "verify", Path.Join(_server.State, "queue")]).Code);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("queue list")]
    [InlineData("queue flush")]
    [InlineData("queue hold --all")]
    [InlineData("queue drain")]
    [InlineData("queue drain --off")]
    [InlineData("check")]
    [InlineData("resolve team@away.example")]
    [InlineData("version")]
    [InlineData("inject bob@example.org")]
    public void EveryCommand_AnswersInJsonWhenAsked(string arguments)
    {
        using var json = JsonDocument.Parse(_server.Postern([.. arguments.Split(' '), "--json"], "Subject: x\n\ntext\n").MustSucceed().Output);
        Assert.True(json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array);
    }

    [Fact]
    public void Drain_TakesNothingNewAndSaysWhenTheQueueIsEmpty()
    {
        var id = Queue(_mark, "x@away.example", "bob@example.org");
        _server.Mailbox("bob").Await(_mark);
        _server.Postern(["queue", "hold", id]).MustSucceed();
        // Held recipients go nowhere by themselves: waiting for them would have no end.
        var stuck = _server.Postern(["queue", "drain"]);
        Assert.Equal(75, stuck.Code);
        Assert.Contains("1 held recipient remain", stuck.Error, StringComparison.Ordinal);

        Assert.Equal(75, _server.Postern(["inject", "bob@example.org"], "x\n").Code);
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            Assert.Equal(4, client.Command("MAIL FROM:<alice@example.org>").Code / 100);
        }

        _server.Postern(["queue", "remove", id]).MustSucceed();
        Assert.EndsWith("The queue is empty.\n", _server.Postern(["queue", "drain"]).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("draining", _server.Postern(["status"]).MustSucceed().Output, StringComparison.Ordinal);
        _server.Postern(["queue", "drain", "--off"]).MustSucceed();
        _server.Postern(["inject", "bob@example.org"], "x\n").MustSucceed();
    }

    [Fact]
    public void SendmailBs_TakesAWholeSessionAtOnce()
    {
        var session = $"EHLO here\nMAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA\nSubject: {_mark}\n\ntext\n..\n.\nQUIT\n";
        var result = _server.Command("sendmail", ["-bs"], session).MustSucceed();
        Assert.Contains("\r\n221 ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n\ntext\n.\n", _server.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
    }

    // Attack M1: what another server answers is shown to the administrator, and must not write to the terminal.
    [Fact]
    public void ControlCharactersOfAnAnswer_ReachNeitherTerminalNorLog()
    {
        using var sink = new ScriptedSink(_sinkPort, (happened, _) =>
            happened.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.7.1 \u001b]0;pwned\u0007\u001b[2J\u009b31m later" : null);
        var id = Queue(_mark, "x@away.example");
        string[] shown =
        [
            _server.Postern(["queue", "list"]).MustSucceed().Output, _server.Postern(["queue", "list", "--json"]).MustSucceed().Output,
            _server.Postern(["queue", "show", id]).MustSucceed().Output, _server.Command("mailq", []).MustSucceed().Output,
            string.Join('\n', _server.Log),
        ];
        Assert.All(shown, text => Assert.Contains("pwned", text, StringComparison.Ordinal));
        Assert.All(shown, text => Assert.DoesNotContain(text, letter => letter is < ' ' and not '\n' or > '~'));
    }

    [Fact]
    public void LargeMessage_IsShownByteForByte()
    {
        var sent = Samples.DifficultMessage(_mark, longLines: 20_000);
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            client.SendByData("alice@example.org", ["x@away.example"], sent).Must(2);
        }

        AwaitState("deferred");
        using var list = List();
        var file = Path.GetTempFileName();
        var shown = _server.Shell($"exec \"$0\" queue show --content {list.RootElement[0].GetProperty("id").GetString()} >'{file}'");
        Assert.True(shown.Code == 0, shown.Error);
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        Assert.True(bytes.AsSpan().EndsWith(sent));
    }

    public void Dispose() => _server.Dispose();

    /// <summary>Queues a message for a destination that is down, waits until it was tried, and returns its id.</summary>
    private string Queue(string mark, params string[] to)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.SendByData("alice@example.org", to.Length == 0 ? ["x@away.example"] : to, Samples.Message(mark)).Must(2);
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
