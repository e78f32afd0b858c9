using System.Text;
using System.Text.Json;
using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>A log that a bad disk has damaged: the server starts with what is whole, says what is not, and throws nothing away.</summary>
public sealed class DamagedLogTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly int _sinkPort = LoopbackPort.Free();
    private readonly BareServer _server;

    public DamagedLogTests()
    {
        _server = new BareServer(_scratch.Folder, command => Unprivileged.Command("env", command))
        {
            More = $"[routes]\n\"away.example\" = \"127.0.0.1:{_sinkPort}\"\n[queue]\nretry_first = \"1h\"",
        };
    }

    [Fact]
    public void ADamagedMessage_IsSetAsideAndTheOthersGoOn()
    {
        string[] marks = [Samples.Mark(), Samples.Mark(), Samples.Mark()];
        _server.Start();
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            Assert.All(marks, mark => client.SendByData("alice@example.org", ["x@away.example"], Samples.Message(mark)).Must(2));
        }

        Patience.Until(() => List().Count(state => state == "deferred") == 3, () => string.Join(' ', List()));
        Assert.Equal(0, _server.Stop());
        var segment = Damage(marks[1]);

        _server.Start();
        Assert.Contains(_server.Program.Errors, line => line.Contains(" error queue log-damaged ", StringComparison.Ordinal));
        using var sink = new ScriptedSink(_sinkPort);
        _server.Postern("queue", "flush").MustSucceed();
        Patience.Until(() => sink.Messages.Count == 2, () => _server.Program.Said);
        Assert.Equal(
            new[] { marks[0], marks[2] }.Order(StringComparer.Ordinal),
            marks.Where(mark => sink.Messages.Any(one => one.Content.Contains(mark, StringComparison.Ordinal))).Order(StringComparer.Ordinal));
        Assert.Equal(0, _server.Stop());

        // The damaged part is still there, under its name or set aside.
        Assert.Contains(
            Directory.GetFiles(Path.Join(_server.State, "queue")),
            file => Path.GetFileName(file) is var name && (name == segment || name.StartsWith("damaged-", StringComparison.Ordinal)) && Holds(file, marks[1][..20]));
    }

    [Fact]
    public void ASegmentWhoseBeginningIsGone_IsSetAsideByName()
    {
        var mark = Samples.Mark();
        _server.Start();
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            client.SendByData("alice@example.org", ["x@away.example"], Samples.Message(mark)).Must(2);
        }

        Patience.Until(() => List() is ["deferred"], () => string.Join(' ', List()));
        Assert.Equal(0, _server.Stop());
        var file = Segments().Single(one => Holds(one, mark));
        using (var stream = File.OpenWrite(file))
        {
            stream.Write(new byte[8192]);
        }

        _server.Start();
        Assert.Contains(_server.Program.Errors, line => line.Contains("log-damaged", StringComparison.Ordinal));
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Must(2);
        }

        _server.Mailbox("bob").Await(mark);
        Assert.Equal(0, _server.Stop());
        Assert.Contains(
            Directory.GetFiles(Path.Join(_server.State, "queue"), "damaged-*"), one => Holds(one, mark));
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    private List<string> List()
    {
        using var list = JsonDocument.Parse(_server.Postern("queue", "list", "--json").MustSucceed().Output);
        return [.. list.RootElement.EnumerateArray().Select(one => one.GetProperty("state").GetString()!)];
    }

    /// <summary>Changes the last bytes of a message as a failing disk would; returns the segment's name.</summary>
    private string Damage(string mark)
    {
        var file = Segments().Single(one => Holds(one, mark));
        var at = File.ReadAllBytes(file).AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(mark + " again"));
        using var stream = File.OpenWrite(file);
        stream.Seek(at + mark.Length - 4, SeekOrigin.Begin);
        stream.Write("????"u8);
        return Path.GetFileName(file);
    }

    private string[] Segments() => Directory.GetFiles(Path.Join(_server.State, "queue"), "segment-*");

    private static bool Holds(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
