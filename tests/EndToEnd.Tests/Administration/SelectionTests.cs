using System.Text.Json;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>An administrator's acts on some of what is queued behind a smarthost, where the destination says nothing.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly int _sinkPort = LoopbackPort.Free();
    private readonly PosternServer _server;

    public SelectionTests() =>
        _server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{_sinkPort}\"", Queue = "retry_first = \"1h\"" });

    [Fact]
    public void WhatALookShows_IsWhatAnActIsDoneTo()
    {
        var first = Queue("alice@example.org", "x@one.example", "x@two.example");
        var second = Queue("bob@example.org", "y@one.example");
        var third = Queue("bob@example.org", "z@two.example");

        Assert.Equal([first, second], Ids("--domain", "ONE.example"));
        Assert.Equal([second, third], Ids("--sender", "bob@example.org"));
        Assert.Equal([first, second, third], Ids("--destination", $"127.0.0.1:{_sinkPort}"));
        Assert.Equal([first], Ids("--limit", "1", "--sender", "alice@example.org"));

        Says("2 recipients of 2 messages held\n", "hold", "--domain", "one.example");
        Assert.Equal(66, _server.Postern(["queue", "hold", "--domain", "one.example"]).Code);
        Says("1 recipient of 1 message removed\n", "remove", "--sender", "bob@example.org", "--domain", "two.example");
        Assert.Equal([first, second], Ids());
        Says("2 recipients of 2 messages released\n", "release", "--domain", "one.example");

        var both = _server.Postern(["queue", "remove", second, third]);
        Assert.Equal((66, "1 recipient of 1 message removed\n", $"postern: {third} is not in the queue: it is done with, or never was there\n"), (both.Code, both.Output, both.Error));
        Says("2 recipients of 1 message removed\n", "remove", first);
        Assert.Empty(Ids());
    }

    // Whether a place is free for it is a matter of the moment; that nothing else is said of it is not.
    [Fact]
    public void RetryOfAMessage_SaysWhatBecomesOfIt()
    {
        var id = Queue("alice@example.org", "x@one.example");
        var said = _server.Postern(["queue", "retry", id]).MustSucceed().Output;
        Assert.Matches("^1 recipient of 1 message (being tried now|due now: 0 being tried, 1 next at their destinations, .*)\n$", said);
        Says("1 recipient of 1 message due now\n", "retry", "--domain", "one.example");
        Says("1 recipient of 1 message held\n", "hold", id);
        var refused = _server.Postern(["queue", "retry", id]);
        Assert.Equal((66, $"postern: no recipient of {id} can be tried: 1 held (release first)\n"), (refused.Code, refused.Error));
        var line = _server.Postern(["queue", "list"]).MustSucceed().Output.Split('\n')[1];
        Assert.Matches("  held +[0-9]+ +-  +alice@example.org ", line);
    }

    [Fact]
    public void Status_NamesTheProgramThatStartsTheOthers()
    {
        using var json = JsonDocument.Parse(_server.Postern(["status", "--json"]).MustSucceed().Output);
        var first = json.RootElement.GetProperty("programs")[0];
        Assert.Equal(("posternd", _server.SupervisorPid), (first.GetProperty("program").GetString(), first.GetProperty("pid").GetInt32()));
        Assert.DoesNotContain("posternd", _server.Postern(["status", "--protection"]).MustSucceed().Output, StringComparison.Ordinal);
    }

    // It once was a name at the host, which nobody has: the message bounced, and the bounce as well.
    [Theory]
    [InlineData("postern", "inject")]
    [InlineData("sendmail", "-i")]
    public void NameWithoutADomain_IsOneOfOurFirstDomain(string program, string argument)
    {
        var mark = Samples.Mark();
        _server.Command(program, [argument, "bob"], $"Subject: {mark}\n\ntext\n").MustSucceed();
        _server.Mailbox("bob").Await(mark);
        Assert.StartsWith("bob@example.org goes to the mailbox", _server.Postern(["resolve", "bob"]).MustSucceed().Output, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private void Says(string words, params string[] arguments) => Assert.Equal(words, _server.Postern(["queue", .. arguments]).MustSucceed().Output);

    private List<string> Ids(params string[] arguments)
    {
        using var list = JsonDocument.Parse(_server.Postern(["queue", "list", "--json", .. arguments]).MustSucceed().Output);
        return [.. list.RootElement.EnumerateArray().Select(item => item.GetProperty("id").GetString()!).Distinct()];
    }

    /// <summary>Queues a message for hosts that are down, waits until it was tried, and returns its id.</summary>
    private string Queue(string sender, params string[] to)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.SendByData(sender, to, Samples.Message(Samples.Mark())).Must(2);
        var list = "";
        var known = to[0];
        JsonElement Item()
        {
            list = _server.Postern(["queue", "list", "--json", "--filter", known]).MustSucceed().Output;
            return JsonDocument.Parse(list).RootElement.EnumerateArray().FirstOrDefault();
        }

        Patience.Until(() => Item() is { ValueKind: JsonValueKind.Object } item && item.GetProperty("state").GetString() == "deferred", () => list);
        return Item().GetProperty("id").GetString()!;
    }
}
