using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Syncing;

/// <summary>A 250 means stable storage, seen from outside: in the system calls.</summary>
public sealed class SyncTests(ITestOutputHelper output)
{
    private static readonly string[] _bob = ["bob@example.org"];

    [Fact]
    public void TheSyncOfAMessage_ReturnsBeforeIts250IsWritten()
    {
        using var server = PosternServer.Start();
        using var strace = new Strace(
            [server.PidOf("smtpd")!.Value, server.PidOf("queue")!.Value],
            "-e", "trace=fdatasync,fsync,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg");
        using var client = PlainSmtpClient.Greeted(server.Port);
        List<string> marks = [.. Enumerable.Range(0, 20).Select(i => $"synced-{i}-{Guid.NewGuid():N}")];
        foreach (var mark in marks)
        {
            Assert.Equal(250, client.SendByData("alice@example.org", _bob, Encoding.ASCII.GetBytes($"Subject: x\r\n\r\n{mark}\r\n")).Code);
        }

        var lines = strace.Detach();
        Assert.All(marks, mark => Judge(lines, mark));
    }

    [Theory]
    [InlineData("EIO")]
    [InlineData("ENOSPC")]
    public void AFailedSync_IsNeverAcknowledgedAndTheServerRecovers(string error)
    {
        using var server = PosternServer.Start();
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            Assert.Equal(250, client.SendByData("alice@example.org", _bob, Content("before")).Code);
        }

        var queue = server.PidOf("queue")!.Value;
        using (new Strace([queue], "-e", "trace=fdatasync,fsync", "-e", $"inject=fdatasync,fsync:error={error}:when=1+"))
        {
            Assert.NotEqual(250, CodeOf(server.Port, Content("during")));
            // It ends rather than try again: after a failed sync nobody knows what the disk has.
            Patience.Until(() => server.PidOf("queue") is { } pid && pid != queue, () => string.Join('\n', server.Log));
        }

        Patience.Until(() => CodeOf(server.Port, Content("after")) == 250, () => string.Join('\n', server.Log));
        var mailbox = server.Mailbox("bob");
        mailbox.Await("body of before").MustBe(Content("before"));
        mailbox.Await("body of after").MustBe(Content("after"));
        Assert.Equal(0, server.Stop());
        // It may exist, whole; never half.
        var unsure = mailbox.Messages.Where(one => !one.Contains("body of before") && !one.Contains("body of after")).ToList();
        Assert.True(unsure.Count <= 1);
        unsure.ForEach(one => one.MustBe(Content("during")));
        output.WriteLine($"the message that was refused exists {unsure.Count} times");
    }

    private static byte[] Content(string mark) => Encoding.ASCII.GetBytes($"Subject: {mark}\r\n\r\nbody of {mark}\r\n");

    private static int CodeOf(int port, byte[] content)
    {
        try
        {
            using var client = PlainSmtpClient.Greeted(port);
            return client.SendByData("alice@example.org", _bob, content).Code;
        }
        catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return 0;
        }
    }

    // The client waits for each reply, so of the replies after the write the first one is the acknowledgement.
    private static void Judge(IReadOnlyList<string> lines, string mark)
    {
        var written = IndexOf(lines, 0, line => IsWriteToDisk(line) && line.Contains(mark, StringComparison.Ordinal));
        var synced = IndexOf(lines, written, line => line.Contains("fdatasync", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal));
        var acknowledged = IndexOf(lines, written, line => line.Contains("\"250 ", StringComparison.Ordinal));
        Assert.True(synced < acknowledged, string.Join('\n', lines.Skip(written).Take(acknowledged - written + 5).Select(line => line[..Math.Min(200, line.Length)])));
    }

    private static bool IsWriteToDisk(string line) => line.Contains(" pwrite", StringComparison.Ordinal);

    private static int IndexOf(IReadOnlyList<string> lines, int from, Func<string, bool> isIt)
    {
        for (var i = from; i < lines.Count; i++)
        {
            if (isIt(lines[i]))
            {
                return i;
            }
        }

        Assert.Fail($"not in the trace after line {from}:\n{string.Join('\n', lines.Skip(from).Take(50).Select(line => line[..Math.Min(200, line.Length)]))}");
        return -1;
    }
}
