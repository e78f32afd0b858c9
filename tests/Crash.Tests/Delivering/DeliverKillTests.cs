using System.Text;
using Postern.Crash.Syncing;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Delivering;

/// <summary>deliver is killed at each system call of a delivery in turn: the mailbox never has half a message, and always a whole one.</summary>
public sealed class DeliverKillTests
{
    /// <summary>More calls of one kind than a delivery makes.</summary>
    private const int Most = 20;

    [Theory]
    // The call, and how often a delivery makes it at least; into a mailbox that is there, or that has to be made.
    [InlineData("openat", 1, false)]
    [InlineData("openat2", 3, false)]
    [InlineData("pwrite64", 2, false)]
    [InlineData("fsync,fdatasync", 2, false)]
    [InlineData("close", 3, false)]
    [InlineData("renameat2", 1, false)]
    [InlineData("mkdirat", 4, true)]
    [InlineData("openat2", 5, true)]
    [InlineData("fsync,fdatasync", 6, true)]
    public void DeliverKilledAtAnyCall_LeavesNothingHalfAndNothingOut(string calls, int least, bool makesMailbox)
    {
        using var server = PosternServer.Start(new PosternConfiguration
        {
            Users = ["alice@example.org", .. Enumerable.Range(1, Most).Select(i => $"user{i}@example.org")],
        });
        Deliver(server, "user1", "first");
        var killed = 0;
        for (var at = 1; at <= Most && killed == at - 1; at++)
        {
            Deliver(server, "alice", $"warm-{at}-");
            var user = makesMailbox ? $"user{at + 1}" : "user1";
            using var strace = new Strace([Assert.Single(server.DeliverPids)], "-e", "trace=" + calls, "-e", $"inject={calls}:signal=KILL:when={at}");
            Deliver(server, user, $"killed-{at}-");
            killed += strace.Lines.Any(line => line.Contains("killed by SIGKILL", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.InRange(killed, least, Most - 1);
        Assert.Equal(0, server.Stop());
    }

    /// <summary>Sends a message and waits for it; whatever lies in the mailbox of it is whole, and there at most twice.</summary>
    private static void Deliver(PosternServer server, string user, string mark)
    {
        var content = Encoding.ASCII.GetBytes($"Subject: {mark}\r\n\r\nbody of {mark}\r\n{new string('x', 900)}\r\n");
        using var client = PlainSmtpClient.Greeted(server.Port);
        Assert.Equal(250, client.SendByData("s@elsewhere.example", [$"{user}@example.org"], content).Code);
        var mailbox = server.Mailbox(user);
        mailbox.Await($"body of {mark}");
        Patience.Until(() => server.Postern(["queue", "list", "--json"]).Output.Trim() == "[]", () => string.Join('\n', server.Log.TakeLast(40)));
        var messages = mailbox.Messages.Where(message => message.Contains(mark)).ToList();
        Assert.InRange(messages.Count, 1, 2);
        messages.ForEach(message => message.MustBe(content));
    }
}
