using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Destinations;

/// <summary>A server with two routes: <c>bad.example</c> misbehaves as a script says, <c>good.example</c> does not.</summary>
internal sealed class DestinationRig : IDisposable
{
    private readonly int _badPort = LoopbackPort.Free();
    private ScriptedSink? _bad;

    internal DestinationRig(string queue = "retry_first = \"1s\"\nretry_max = \"2s\"", string aliases = "", string scheme = "")
    {
        _ = PosternPrograms.Folder;
        var goodPort = LoopbackPort.Free();
        Good = new ScriptedSink(goodPort);
        Server = PosternServer.Start(new PosternConfiguration
        {
            Routes = $"\"bad.example\" = \"{scheme}127.0.0.1:{_badPort}\"\n\"good.example\" = \"127.0.0.1:{goodPort}\"",
            Queue = queue,
            Aliases = aliases,
        });
    }

    internal PosternServer Server { get; }

    internal ScriptedSink Good { get; }

    /// <summary>Opens the destination that misbehaves; until then it is down.</summary>
    internal ScriptedSink OpenBad(Func<string, int, string?> script) => _bad = new ScriptedSink(_badPort, script);

    /// <summary>Sends a message from alice; it must be accepted.</summary>
    internal void Send(byte[] content, params string[] to) => Send("alice@example.org", content, to);

    /// <summary>Sends a message; it must be accepted.</summary>
    internal void Send(string from, byte[] content, params string[] to)
    {
        using var client = PlainSmtpClient.Greeted(Server.Port);
        Assert.Equal(250, client.SendByData(from, to, content).Code);
    }

    /// <summary>Waits until a sink has taken the message, and returns it.</summary>
    internal static SunkMessage AwaitIn(ScriptedSink sink, string mark)
    {
        SunkMessage? found = null;
        Patience.Until(() => (found = sink.Messages.FirstOrDefault(one => one.Content.Contains(mark, StringComparison.Ordinal))) is not null,
            () => $"the sink has {sink.Messages.Count} messages and not {mark}");
        return found!;
    }

    /// <summary>Waits until nothing is queued any more.</summary>
    internal void AwaitEmptyQueue()
    {
        var list = "";
        Patience.Until(() => (list = Server.Postern(["queue", "list", "--json"]).MustSucceed().Output).Trim() == "[]", () => list);
    }

    public void Dispose()
    {
        try
        {
            Assert.Equal(0, Server.Stop());
        }
        finally
        {
            Server.Dispose();
            Good.Dispose();
            _bad?.Dispose();
        }
    }
}
