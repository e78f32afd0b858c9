using Postern.Crash.Syncing;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Delivering;

/// <summary>What deliver asks of the system, seen from outside while addresses that mean something to a path come in.</summary>
public sealed class DeliverCallTests
{
    /// <summary>Local parts, all taken by a catch-all: they are to get as near to the disk as they can.</summary>
    private static readonly string[] _locals =
    [
        "\"..\"", "\"../u\"", "..%2f", "\"..%2f\"", "u/../../etc/cron.d/x", "\"u/../../etc/cron.d/x\"", "/etc/passwd", "\".\"", "a/b", "\"a\\\\b\"",
        "\".qmail\"", "-default", "~root", "CON", "\"u:2,S\"", "carol+../../x", "\"carol+../../x\"", "carol+", "carol++x", "carol-ext", new string('l', 64),
    ];

    [Fact]
    public void EveryPathOfAMailbox_IsOpenedBeneathItsRootAndThroughNoLink()
    {
        using var server = PosternServer.Start(new PosternConfiguration
        {
            Users = ["alice@example.org", "bob@example.org", "carol@example.org"],
            Aliases = "\"@example.org\" = [\"alice@example.org\", \"bob@example.org\"]",
        });
        Send(server, "alice@example.org", "first");
        server.Mailbox("alice").Await("body of first");
        // bob's and carol's folders are made while somebody watches.
        using var strace = new Strace([Assert.Single(server.DeliverPids)], "-y", "-e", "trace=%file");
        var accepted = _locals.Where(local => Send(server, $"{local}@example.org", "hostile")).ToList();
        Assert.InRange(accepted.Count, _locals.Length / 2, _locals.Length);

        Send(server, "carol@example.org", "last");
        server.Mailbox("carol").Await("body of last");
        // An extension of carol's is carol's, and nobody's concern but hers.
        server.Mailbox("bob").Await(accepted.Count(local => !local.Contains("carol", StringComparison.Ordinal)));
        Patience.Until(() => server.Postern(["queue", "list", "--json"]).Output.Trim() == "[]", () => "the queue is not empty");

        var lines = strace.Detach().Where(line => line.Contains('(', StringComparison.Ordinal) && !line.Contains(" resumed>", StringComparison.Ordinal)).ToList();
        Assert.All(lines, line => Assert.True(IsHarmless(line, server.MailFolder), line));
        foreach (var call in new[] { "O_CREAT|O_EXCL", "mkdirat(", "renameat2(", "RESOLVE_BENEATH" })
        {
            Assert.Contains(lines, line => line.Contains(call, StringComparison.Ordinal));
        }

        // No part of an address became part of a name.
        Assert.All(_locals, local => Assert.DoesNotContain(lines, line => line.Contains($"{local.Trim('"')}/", StringComparison.Ordinal)));
        Assert.Equal(["alice", "bob", "carol"], Directory.GetDirectories(Path.Join(server.MailFolder, "example.org")).Select(Path.GetFileName).Order());
    }

    /// <summary>
    /// Either the root itself, by the path that the administrator gave; or something beneath an open folder, by openat2 and
    /// neither upwards nor through links; or one name in an open folder, which can't be a way anywhere.
    /// </summary>
    private static bool IsHarmless(string line, string root)
    {
        var call = line[(line.IndexOf(' ') + 1)..].TrimStart();
        var name = call[..call.IndexOf('(', StringComparison.Ordinal)];
        var quoted = call.Split('"').Where((_, index) => index % 2 == 1).ToList();
        return name switch
        {
            // The runtime looks now and then how many processors there are.
            "openat" when quoted[0].StartsWith("/sys/devices/system/cpu", StringComparison.Ordinal) => call.Contains("O_RDONLY", StringComparison.Ordinal),
            "openat" => quoted[0] == root + "/." && call.Contains("O_NOFOLLOW", StringComparison.Ordinal) && call.Contains("O_DIRECTORY", StringComparison.Ordinal),
            "openat2" => !call.Contains("AT_FDCWD", StringComparison.Ordinal)
                && call.Contains("O_NOFOLLOW", StringComparison.Ordinal)
                && call.Contains("resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH", StringComparison.Ordinal),
            "mkdirat" or "renameat2" or "unlinkat" or "statx" => !call.Contains("AT_FDCWD", StringComparison.Ordinal)
                && quoted.TrueForAll(part => !part.Contains('/', StringComparison.Ordinal)),
            _ => false,
        };
    }

    /// <summary>Sends a message; false when the address is none.</summary>
    private static bool Send(PosternServer server, string to, string mark)
    {
        using var client = PlainSmtpClient.Greeted(server.Port);
        client.Command("MAIL FROM:<s@elsewhere.example>").Must(2);
        if (client.Command($"RCPT TO:<{to}>").Code != 250)
        {
            return false;
        }

        client.Command("DATA").Must(3);
        client.Command($"Subject: {mark}\r\n\r\nbody of {mark}\r\n.").Must(2);
        return true;
    }
}
