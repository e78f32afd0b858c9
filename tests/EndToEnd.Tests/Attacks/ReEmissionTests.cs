using System.Text;
using Postern.TestKit.Attacks;
using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Attacks;

/// <summary>Attacks A34 and A35: whatever way content comes in, and whatever is put above it, as many messages leave as came.</summary>
public sealed class ReEmissionTests : IDisposable
{
    private const string Away = "x@away.test";

    private readonly int _sinkPort = LoopbackPort.Free();
    private readonly int _refusingPort = LoopbackPort.Free();
    private readonly PosternServer _server;
    private readonly PosternServer _second;
    private readonly WireSink _sink;
    private readonly WireSink _refusing;

    public ReEmissionTests()
    {
        _ = PosternPrograms.Folder;
        _sink = new WireSink(_sinkPort);
        _refusing = new WireSink(_refusingPort, refuses: true);
        _second = PosternServer.Start(new PosternConfiguration { Domain = "b.test", Users = ["u@b.test"], Routes = $"\"hop.test\" = \"127.0.0.1:{_sinkPort}\"" });
        _server = PosternServer.Start(new PosternConfiguration
        {
            Domain = "a.test",
            Users = ["u@a.test", "v@a.test"],
            Aliases = "\"away@a.test\" = \"x@away.test\"\n\"list@a.test\" = [\"u@a.test\", \"x@away.test\"]",
            Routes = $"\"away.test\" = \"127.0.0.1:{_sinkPort}\"\n\"hop.test\" = \"127.0.0.1:{_second.Port}\"\n\"refused.test\" = \"127.0.0.1:{_refusingPort}\"",
        });
    }

    /// <summary>How content comes in and where it goes: the trace line is put above it each time, and more by some.</summary>
    public static TheoryData<string> Paths => ["data", "chunks", "inject", "sendmail", "alias", "list", "second hop", "notification"];

    [Theory]
    [MemberData(nameof(Paths))]
    public void EverySequence_LeavesAsOneMessageOrNone(string path)
    {
        List<string> marks = [];
        foreach (var sequence in EndSequences.All)
        {
            var mark = $"{sequence.Id}-{Samples.Mark()}";
            if (IsTaken(path, $"X-Mark: {mark}\r\n{sequence.Attack}")) marks.Add(mark);
        }

        // Over SMTP everything with a stray byte is refused; a local program's line feeds are line ends.
        Assert.InRange(marks.Count, EndSequences.Allowed.Count, EndSequences.All.Count - 1);
        Patience.Until(() => marks.TrueForAll(mark => _sink.Wires.Any(wire => wire.Contains(mark, StringComparison.Ordinal))),
            () => $"{_sink.Wires.Count} of {marks.Count} messages left: {string.Join('\n', _server.Log.TakeLast(20))}");
        foreach (var server in new[] { _server, _second })
            Patience.Until(() => server.Postern(["queue", "list", "--json"]).MustSucceed().Output.Trim() == "[]", () => string.Join('\n', server.Log.TakeLast(20)));

        Assert.Equal(marks.Count, _sink.Wires.Count);
        foreach (var wire in _sink.Wires)
        {
            Assert.True(WireReading.IsClean(wire), wire);
            Assert.Equal((1, ""), WireReading.Strict(wire + "\r\n.\r\n"));
            Assert.Equal((1, ""), WireReading.Lenient(wire + "\r\n.\r\n"));
        }

        Assert.DoesNotContain(_sink.Commands.Concat(_refusing.Commands), line => line.Contains("evil", StringComparison.Ordinal) || line.Contains("v@a.test", StringComparison.Ordinal));
        Assert.Equal((0, path == "list" ? marks.Count : 0), (_server.Mailbox("v").Count, _server.Mailbox("u").Count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _second.Dispose();
        _sink.Dispose();
        _refusing.Dispose();
    }

    private bool IsTaken(string path, string content)
    {
        switch (path)
        {
            case "inject":
                return _server.Postern(["inject", "--from", "s@f.test", Away], content).Code == 0;
            case "sendmail":
                return _server.Command("sendmail", ["-i", "-f", "s@f.test", Away], content).Code == 0;
            default:
                var to = path switch { "alias" => "away@a.test", "list" => "list@a.test", "second hop" => "x@hop.test", "notification" => "x@refused.test", _ => Away };
                // A notification goes to the sender and quotes all that it can.
                return SendBySmtp(path == "notification" ? "MAIL FROM:<s@away.test> RET=FULL" : "MAIL FROM:<s@f.test>", to, content, path == "chunks");
        }
    }

    // Sends the bytes as they are: what is a dot of its own stays one, and what is stuffed is content.
    private bool SendBySmtp(string mail, string to, string content, bool chunked)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.Command(mail).Must(2);
        client.Command($"RCPT TO:<{to}>").Must(2);
        if (chunked) client.Send(Encoding.Latin1.GetBytes($"BDAT {content.Length} LAST\r\n"));
        else client.Command("DATA").Must(3);
        // The true end inside DATA ends it: then the rest is commands, as it should be, which belongs to another test.
        client.Send(Encoding.Latin1.GetBytes(chunked ? content : content.Replace("\r\n.\r\n", "\r\n..\r\n", StringComparison.Ordinal) + ".\r\n"));
        return client.ReadReply().Code == 250;
    }
}
