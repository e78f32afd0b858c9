using CsCheck;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>Attack B16: random commands over several connections at a time, in groups and pieces, against the reference.</summary>
public class SessionModelTests
{
    /// <summary>Commands in all: what a few seconds are enough for, or ten million.</summary>
    private static readonly long Commands = Environment.GetEnvironmentVariable("POSTERN_LONG") is null ? 100_000 : 10_000_000;

    [Fact]
    public void AnySequenceOfCommands_GetsTheRepliesOfTheReference()
    {
        long sent = 0;
        long messages = 0;
        while (Interlocked.Read(ref sent) < Commands)
        {
            ModelCommands.Step.List[1, 100].Sample(
                steps =>
                {
                    using var server = new TestServer(head => head with { MessageSize = ReferenceSession.MaxSize });
                    var stored = new List<string>();
                    var sessions = new (ReferenceSession Model, TestClient Client)[3];
                    foreach (var step in steps)
                    {
                        ref var session = ref sessions[step.Session];
                        if (session.Model is null or { IsClosed: true })
                        {
                            session.Client?.Dispose();
                            session = (new ReferenceSession(stored), server.Connect($"192.0.2.{step.Session}"));
                        }

                        Play(session.Model, session.Client, step.Group, step.Cut, step.Content);
                    }

                    Assert.Equal(stored, server.Queue.Committed.Select(message => $"{message.Recipients.Count}|{message.Content}"));
                    // Nothing is open but the message that a session is at between two chunks.
                    Assert.InRange(server.Queue.Open, 0, sessions.Length);
                    Interlocked.Add(ref sent, steps.Sum(step => step.Group.Length));
                    Interlocked.Add(ref messages, stored.Count);
                },
                iter: 500);
        }

        // The random sessions are worth something only when they get somewhere.
        Assert.True(messages > Commands / 20, $"{messages} messages of {sent} commands");
    }

    private static void Play(ReferenceSession model, TestClient client, string[] commands, int cut, string content)
    {
        var expected = new List<int>();
        for (var i = 0; i < commands.Length && !model.IsClosed; i++) expected.Add(model.Reply(commands[i], isLast: i == commands.Length - 1));
        var before = client.Replies.Count;
        var bytes = string.Concat(commands.Select(ModelCommands.Bytes));
        if (cut < bytes.Length) client.Send(bytes[..cut]);
        client.Send(cut < bytes.Length ? bytes[cut..] : bytes);
        if (expected[^1] == 354)
        {
            expected.Add(model.End(content));
            client.Send(content + ".\r\n");
        }

        Assert.Equal(expected, client.Replies.Skip(before).Select(reply => int.Parse(reply[..3])));
        Assert.Equal(model.IsClosed, client.IsClosed);
    }
}
