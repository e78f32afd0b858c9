using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Syncing;

/// <summary>A 250 means stable storage, seen from outside: in the system calls.</summary>
public sealed class SyncTests
{
    [Fact]
    public void TheSyncOfAMessage_ReturnsBeforeIts250IsWritten()
    {
        using var server = PosternServer.Start();
        using var strace = new Strace(
            [server.PidOf("smtpd")!.Value, server.PidOf("queue")!.Value], "-e", "trace=" + Strace.SyncsAndWrites);
        using var client = PlainSmtpClient.Greeted(server.Port);
        List<string> marks = [.. Enumerable.Range(0, 20).Select(i => $"synced-{i}-{Guid.NewGuid():N}")];
        foreach (var mark in marks)
        {
            // In the envelope, too: content that is synced is nothing without it.
            Assert.Equal(250, client.SendByData($"{mark}@example.org", ["bob@example.org"], Encoding.ASCII.GetBytes($"Subject: x\r\n\r\n{mark}\r\n")).Code);
        }

        var calls = TracedCall.Parse(strace.Detach());
        Assert.All(marks, mark => Assert.True(TracedCall.JudgeAcknowledgement(calls, mark), $"{mark} was never written"));
        Assert.All(marks, mark => Assert.Contains(calls, call => call.IsFileWrite && call.Text.Contains(mark + "@example.org", StringComparison.Ordinal)));
    }

    // A name that is not synced is lost with the power, and the message with it.
    [Fact]
    public void ADeliveredMessage_IsSyncedBeforeItIsNamedAndItsFolderAfterwards()
    {
        using var server = PosternServer.Start();
        using var strace = new Strace([server.SupervisorPid], "-e", "trace=" + Strace.SyncsAndWrites + ",rename,renameat,renameat2,link,linkat");
        var mark = $"kept-{Guid.NewGuid():N}";
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            client.SendByData("alice@example.org", ["bob@example.org"], Encoding.ASCII.GetBytes($"Subject: x\r\n\r\n{mark}\r\n")).Must(2);
        }

        server.Mailbox("bob").Await(mark);
        // Only then it is called delivered: the second sync has returned, too.
        server.AwaitLog(line => line.Contains(" delivered ", StringComparison.Ordinal), "delivered");
        var calls = TracedCall.Parse(strace.Detach());
        var written = calls.Last(call => call.Name is "write" or "writev" or "pwrite64" && call.Text.Contains(mark, StringComparison.Ordinal));
        var named = calls.First(call => call.Begin > written.End && (call.Name.StartsWith("rename", StringComparison.Ordinal) || call.Name.StartsWith("link", StringComparison.Ordinal)));
        Assert.Contains(calls, call => call.IsSync && call.Succeeded && call.FirstArgument == written.FirstArgument && call.Begin > written.End && call.End < named.Begin);
        Assert.Contains(calls, call => call.Name == "fsync" && call.Succeeded && call.Begin > named.End);
    }
}
