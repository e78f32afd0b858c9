using System.Text;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>A server's life that a seed decides: three clients and a queue in changing moods, and beside each session its reference.</summary>
/// <remarks>
/// One client is a stranger, one may relay, one speaks LMTP. They send in groups, orderly or not, whole or in pieces, and go on behind
/// the end of a message in the same segment. A life ends at the first difference: what led to it is the shortest beginning that fails.
/// </remarks>
internal sealed class ModelLife : IDisposable
{
    private const int Groups = 250;

    // What the queue says at MAIL and at the end, and the replies to it.
    private static readonly (QueueCondition Condition, string? AtMail)[] _conditions =
        [.. Enumerable.Repeat((QueueCondition.Accepting, (string?)null), 6), (QueueCondition.Full, "452 4.3.1"), (QueueCondition.Draining, "451 4.3.2")];

    private static readonly (SubmissionOutcome Outcome, string AtEnd)[] _outcomes =
    [
        .. Enumerable.Repeat((SubmissionOutcome.Committed, "250 2.0.0"), 8), (SubmissionOutcome.Full, "452 4.3.1"), (SubmissionOutcome.Draining, "451 4.3.2"), (SubmissionOutcome.TooLarge, "552 5.3.4"), (SubmissionOutcome.Failed, "451 4.3.0"),
    ];

    // Content on the wire, and what it stands for.
    private static readonly (string Wire, string Stored)[] _contents =
    [
        .. Enumerable.Repeat(("Subject: t\r\n\r\nRSET\r\n", "Subject: t\r\n\r\nRSET\r\n"), 8), ("Subject: t\r\n\r\nQUIT\r\n", "Subject: t\r\n\r\nQUIT\r\n"), ("", ""),
        ("..\r\n.x\r\n", ".\r\nx\r\n"), (new string('x', 38) + "\r\n", new string('x', 38) + "\r\n"), (new string('x', 39) + "\r\n", new string('x', 39) + "\r\n"),
        (new string('x', 41) + "\r\n.\n\r\nHELP\r\n", new string('x', 41)), ("a\nQUIT\r\n", "a\nQUIT\r\n"), ("a\rb\r\n", "a\rb\r\n"), ("a\0\r\n", "a\0\r\n"),
    ];

    private readonly TestServer _server = new(head => head with { MessageSize = ReferenceWorld.MaxSize, Recipients = ReferenceWorld.MaxRecipients });
    private readonly ReferenceWorld _world = new();
    private readonly (ReferenceSession? Model, TestClient? Client)[] _sessions = new (ReferenceSession?, TestClient?)[3];
    private readonly List<(int Session, string Sent, string Expected, string Came)> _past = [];
    private readonly Random _random;

    internal ModelLife(int seed) => _random = new Random(seed);

    /// <summary>Commands and contents so far.</summary>
    internal long Steps { get; private set; }

    /// <summary>Messages that were stored.</summary>
    internal int Messages => _world.Stored.Count;

    /// <summary>Lives to its end; returns what differed and all that led to it, or null.</summary>
    internal string? Run()
    {
        // A busy client now and then: the limit on messages is one more thing that a session remembers.
        var isBusy = _random.Next(50) == 0;
        for (var i = 0; i < Groups; i++)
        {
            if (_random.Next(40) == 0) ChangeMood();
            var session = _random.Next(_sessions.Length);
            if (_sessions[session].Model is null or { IsClosed: true }) Connect(session);
            if (!(isBusy && i is > 20 and < 26 ? SendMany(0) : SendGroup(session, ModelCommands.Draw(_random)))) return Told();
        }

        if (!_world.Stored.SequenceEqual(_server.Queue.Committed.Select(message => $"{string.Join(',', message.Recipients)}: {message.Content}"))) return Told();
        // Nothing is open but the message that a session is at between two chunks.
        return _server.Queue.Open > _sessions.Length || _server.Log.ToString().Contains("crashed", StringComparison.Ordinal) ? Told() : null;
    }

    public void Dispose() => _server.Dispose();

    private void Connect(int session)
    {
        _sessions[session].Client?.Dispose();
        var client = session == 1 ? _server.Connect(TestServer.Friend) : _server.Connect(service: session == 2 ? ServiceKind.Lmtp : ServiceKind.Smtp);
        _sessions[session] = (new ReferenceSession(_world, isTrusted: session == 1, isLmtp: session == 2), client);
        client.TakeReplies();
    }

    private void ChangeMood()
    {
        var (condition, atMail) = _conditions[_random.Next(_conditions.Length)];
        (_server.Queue.Outcome, _world.AtEnd) = _outcomes[_random.Next(_outcomes.Length)];
        _world.AtMail = atMail;
        _server.Queue.Tell(condition);
        _server.Settle();
    }

    /// <summary>Two hundred and ten messages, or six hundred and thirty recipients of one.</summary>
    private bool SendMany(int session)
    {
        if (_sessions[session].Model is null or { IsClosed: true }) Connect(session);
        ModelCommand[] message = _random.Next(2) == 0 ? [ModelCommands.Of("MAIL"), ModelCommands.Of("RCPT-U"), ModelCommands.Of("LAST")]
            : [.. Enumerable.Repeat(ModelCommands.Of("RCPT-U"), 3)];
        return SendGroup(session, [ModelCommands.Of("EHLO")]) && SendGroup(session, [ModelCommands.Of("MAIL")])
            && Enumerable.Range(0, 14).All(_ => SendGroup(session, [.. Enumerable.Repeat(message, 15).SelectMany(commands => commands)]));
    }

    /// <summary>Sends a group, and while DATA is taken content and another group behind it; false when anything differed.</summary>
    private bool SendGroup(int session, ModelCommand[] group)
    {
        var content = "";
        string[] ends = [];
        while (true)
        {
            var isOrderly = _random.Next(20) > 0;
            var commands = isOrderly ? UpToReply(group) : [.. group.Where(command => command.Name != "LONG")];
            var expected = new List<string>(ends);
            var model = _sessions[session].Model!;
            for (var i = 0; i < commands.Length && !model.IsClosed; i++) expected.AddRange(model.Reply(commands[i], isLast: i == commands.Length - 1));
            Steps += commands.Length;
            if (!Exchange(session, content + string.Concat(commands.Select(command => command.Bytes)), isOrderly, expected)) return false;
            if (expected.Count == 0 || expected[^1] != "354") return true;
            var (wire, stored) = _contents[_random.Next(_contents.Length)];
            (content, ends) = (wire + ".\r\n", model.End(stored));
            Steps++;
            // What the client sends behind the end without waiting for the reply to it, if anything.
            group = model.IsClosed || _random.Next(2) == 0 ? [] : ModelCommands.Draw(_random);
        }
    }

    private bool Exchange(int session, string bytes, bool isOrderly, List<string> expected)
    {
        var (model, client) = _sessions[session];
        // Disorder is what comes in one segment; anything else may come in pieces.
        var cut = isOrderly && bytes.Length > 1 && _random.Next(4) == 0 ? _random.Next(1, bytes.Length) : bytes.Length;
        if (bytes.Length > 0) client!.Send(bytes[..cut]);
        if (cut < bytes.Length) client!.Send(bytes[cut..]);
        var came = client!.TakeReplies().Select(StatusOf).ToArray();
        _past.Add((session, bytes, string.Join(", ", expected), string.Join(", ", came)));
        return expected.SequenceEqual(came) && model!.IsClosed == client.IsClosed;
    }

    // Code and status; a greeting, a hello and 354 have no status.
    private static string StatusOf(string reply) => reply.Length > 8 && reply[5] == '.' && reply[7] == '.' ? reply[..9] : reply[..3];

    private static ModelCommand[] UpToReply(ModelCommand[] commands)
    {
        var end = Array.FindIndex(commands, command => command.EndsGroup);
        return end < 0 ? commands : commands[..(end + 1)];
    }

    private string Told()
    {
        var told = new StringBuilder();
        foreach (var (session, sent, expected, came) in _past)
        {
            var shown = sent.Replace("\r\n", " | ", StringComparison.Ordinal);
            told.Append(System.Globalization.CultureInfo.InvariantCulture, $"{session}: {(shown.Length > 300 ? shown[..300] + "..." : shown)}\n");
            if (expected != came) told.Append(System.Globalization.CultureInfo.InvariantCulture, $"   expected {expected}\n   came     {came}\n");
        }

        return told.Append("stored: ").AppendJoin(" & ", _server.Queue.Committed.TakeLast(3).Select(message => $"{string.Join(',', message.Recipients)}: {message.Content}"))
            .Append("\nexpected: ").AppendJoin(" & ", _world.Stored.TakeLast(3)).Append("\nclosed: ")
            .AppendJoin(' ', _sessions.Select(session => $"{session.Model?.IsClosed}/{session.Client?.IsClosed}")).ToString();
    }
}
