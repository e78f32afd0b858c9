using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Relaying;

/// <summary>Thousands of messages over many connections: none is lost, none comes twice.</summary>
public sealed class VolumeTests
{
    private const int Count = 5000;
    private const int Length = 4096;

    [Fact]
    public void ManyMessagesForAMailbox_AreAllThere()
    {
        using var server = PosternServer.Start();
        Send(server, "alice@example.org", numbered: false);
        var mailbox = server.Mailbox("alice");
        mailbox.AwaitCount(Count);
        Assert.Equal(0, server.Stop());
        Assert.Equal(Count, mailbox.Count);
        Assert.All(mailbox.Messages, one => Assert.True(one.Bytes.Length >= Length, one.Text));
    }

    [Fact]
    public void ManyMessagesForAnotherServer_AllReachIt()
    {
        var sink = Requirement.Peer("smtp-sink");
        using var scratch = new Scratch();
        var port = LoopbackPort.Free();
        Directory.CreateDirectory(scratch["sunk"]);
        Tool.Run("chmod", ["777", scratch["sunk"]]).MustSucceed();
        // As root it demands to be told as whom to run; it writes each message into a file.
        string[] user = Requirement.IsRoot ? ["-u", "nobody"] : [];
        using var running = new RunningProgram([sink, .. user, "-d", scratch["sunk"] + "/m", $"127.0.0.1:{port}", "500"]);
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{port}\"" });
        Send(server, "x@elsewhere.example", numbered: true);
        var last = -1;
        Patience.Until(
            () => (last = Directory.GetFiles(scratch["sunk"]).Length) >= Count && server.Postern(["status", "--json"]).Output.Contains("\"messages\":0,", StringComparison.Ordinal),
            () => $"{last} of {Count} messages: {running.Said}\n{string.Join('\n', server.Log.TakeLast(20))}");
        Assert.Equal(0, server.Stop());
        var recipients = Directory.GetFiles(scratch["sunk"]).Select(Recipient).ToList();
        Assert.Equal(Count, recipients.Count);
        Assert.Equal(Count, recipients.Distinct().Count());
    }

    private static void Send(PosternServer server, string to, bool numbered)
    {
        var source = Requirement.Peer("smtp-source");
        // Each message to a recipient of its own, so that none can stand for another.
        string[] numbers = numbered ? ["-N"] : [];
        Tool.Run(source,
            [.. numbers, "-s", "20", "-m", Count.ToString(CultureInfo.InvariantCulture), "-l", Length.ToString(CultureInfo.InvariantCulture),
                "-f", "bob@example.org", "-t", to, $"127.0.0.1:{server.Port}"]).MustSucceed();
    }

    private static string Recipient(string file)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith("X-Rcpt-Args:", StringComparison.Ordinal));
        Assert.True(new FileInfo(file).Length > Length, file);
        return line;
    }
}
