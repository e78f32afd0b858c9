using System.Globalization;
using System.Text;
using Postern.TestKit;
using Postern.TestKit.Attacks;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Attacks;

/// <summary>A server that attacks are played against: a.test with the users u and v, to which we are a stranger.</summary>
public sealed class AttackedServer : IDisposable
{
    private const long MaxGrowth = 5 * 1024;

    private static readonly string[] _programs = ["postern-smtpd", "postern-directory", "postern-queue", "postern-remote", "postern-local", "postern-bounce", "postern-tls", "postern-auth"];
    private static readonly string[] _users = ["u", "v", "postmaster"];

    private readonly Lazy<PosternServer> _server = new(() => PosternServer.Start(new PosternConfiguration
    {
        Domain = "a.test",
        Users = ["u@a.test", "v@a.test", "postmaster@a.test"],
        Top = "trusted = [\"192.0.2.1\"]",
        More = "[limits]\nmessage_size = \"1K\"\n",
    }));

    private int _logRead;

    /// <summary>The server; started when the first test asks, so that a skip is the test's own.</summary>
    internal PosternServer Server => _server.Value;

    /// <summary>Plays an attack in the ways of a network, and demands what holds for all attacks (docs/testing.md).</summary>
    internal void Play(SessionAttack attack)
    {
        var starts = _programs.Select(Server.StartsOf).ToArray();
        var ways = attack.Ways().ToArray();
        // Cut at every place only where there is time for it; smtpd's own tests do it always.
        if (!LongForm.IsAsked) ways = [.. ways.Take(2), .. attack.Id[0] == 'A' ? ways.Skip(2).Where((_, place) => place % 23 == 0) : []];
        long before = 0;
        foreach (var (name, turns) in ways)
        {
            if (Difference(attack, turns) is { } difference) Assert.Fail($"{attack.Id} {name}: {difference}");
            if (before == 0) before = Memory();
        }

        SendOrdinaryMessage();
        AwaitEmptyQueue();
        DemandMailboxes([.. Enumerable.Repeat(attack.Stored, ways.Length).SelectMany(stored => stored)]);
        Assert.Equal(starts, _programs.Select(Server.StartsOf));
        Patience.Until(() => Memory() <= before + MaxGrowth, () => $"{attack.Id}: {before} KB of memory became {Memory()}");
        DemandLog();
    }

    /// <summary>Demands that exactly these messages are in the mailboxes, as "recipient: content" or a part of it, and takes them out.</summary>
    internal void DemandMailboxes(IReadOnlyList<string> stored)
    {
        foreach (var user in _users)
        {
            var mailbox = Server.Mailbox(user);
            var expected = stored.Where(message => message.StartsWith($"{user}@a.test: ", StringComparison.Ordinal))
                .Select(message => message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..]).ToArray();
            var found = mailbox.Messages.Where(message => !message.Contains("\nSubject: still here\n")).ToList();
            mailbox.Empty();
            foreach (var content in expected)
            {
                var match = found.FindIndex(message => IsExactly(message, content));
                Assert.True(match >= 0, $"Not in the mailbox of {user}: {content}\nbut: {string.Join("\n---\n", found.Select(message => message.Text))}");
                found.RemoveAt(match);
            }

            Assert.True(found.Count == 0, $"In the mailbox of {user}, too: {string.Join("\n---\n", found.Select(message => message.Text))}");
        }
    }

    /// <summary>Waits until nothing is queued.</summary>
    internal void AwaitEmptyQueue()
    {
        var list = "";
        Patience.Until(() => (list = Server.Postern(["queue", "list", "--json"]).MustSucceed().Output).Trim() == "[]", () => list);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_server.IsValueCreated) return;
        using var server = _server.Value;
        Assert.Equal(0, server.Stop());
    }

    // What came otherwise than it should; null when nothing did.
    private string? Difference(SessionAttack attack, string[][] turns)
    {
        using var session = new RawSession(Server.Port);
        session.Await(1);
        var due = 1;
        for (var turn = 0; turn < turns.Length; turn++)
        {
            foreach (var segment in turns[turn]) session.Send(segment);
            due += attack.Answers[turn].Count;
            session.Await(due);
        }

        var replies = attack.Closes ? session.AwaitEnd() : session.End();
        var expected = attack.Answers.SelectMany(answers => answers).Prepend("220").ToArray();
        return replies.Count == expected.Length && expected.Zip(replies).All(pair => SessionAttack.Matches(pair.First, pair.Second))
            ? null : $"expected {string.Join(' ', expected)}, came {string.Join(" & ", replies)}";
    }

    private static bool IsExactly(DeliveredMessage message, string content)
    {
        try
        {
            message.MustBe(Encoding.Latin1.GetBytes(content));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void SendOrdinaryMessage()
    {
        using var client = PlainSmtpClient.Greeted(Server.Port);
        client.SendByData("s@f.test", ["u@a.test"], "Subject: still here\r\n\r\n.dots\r\n"u8.ToArray()).Must(2);
        Assert.EndsWith("\nSubject: still here\n\n.dots\n", Server.Mailbox("u").Await("\nSubject: still here\n").Text, StringComparison.Ordinal);
    }

    // Resident memory of all programs together, in KB.
    private long Memory() => _programs.Select(Server.PidOf).OfType<int>().Sum(pid =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2].Trim(), CultureInfo.InvariantCulture));

    private void DemandLog()
    {
        var log = Server.Log;
        foreach (var line in log.Skip(_logRead))
        {
            Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
            Assert.True(line.StartsWith("20", StringComparison.Ordinal) || line.StartsWith("postern: ", StringComparison.Ordinal), $"No record of its own: {line}");
            Assert.DoesNotContain("crashed", line, StringComparison.Ordinal);
        }

        _logRead = log.Count;
    }
}
