using System.Net.Sockets;
using System.Text.RegularExpressions;
using Postern.Crash.Load;
using Postern.Crash.Syncing;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>A server, one client that waits for each reply, and system calls that fail; in the end the account is settled.</summary>
internal sealed class FaultyRun : IDisposable
{
    private readonly List<int> _acknowledged = [];
    private readonly List<int> _acknowledgedUnderTrace = [];
    private PlainSmtpClient? _client;
    private int _last;
    private bool _traced;

    internal PosternServer Server { get; } = PosternServer.Start();

    /// <summary>How much each message has at least.</summary>
    internal int MessageBytes { get; init; }

    /// <summary>What happened while calls failed.</summary>
    internal List<TracedCall> Calls { get; private set; } = [];

    /// <summary>The trace as it was written.</summary>
    internal IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>Messages that were not acknowledged.</summary>
    internal int Refused { get; private set; }

    /// <summary>Sends a message; returns whether it was acknowledged.</summary>
    internal bool Send()
    {
        var number = ++_last;
        if (Code(number) != 250)
        {
            Refused++;
            return false;
        }

        _acknowledged.Add(number);
        if (_traced)
        {
            _acknowledgedUnderTrace.Add(number);
        }

        return true;
    }

    /// <summary>Sends messages until one is acknowledged.</summary>
    internal void SendUntilAcknowledged() => Patience.Until(Send, () => $"no service: {string.Join('\n', Server.Log.TakeLast(30))}");

    /// <summary>Does something while system calls are made to fail; acknowledgements are judged when smtpd is watched besides the queue.</summary>
    internal void WhileTraced(IReadOnlyList<int> pids, IReadOnlyList<string> faults, Action work)
    {
        // Only what is made to fail where the content is not looked at: there are megabytes of it.
        var calls = pids.Count > 1 ? Strace.SyncsAndWrites : string.Join(',', faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]));
        using var strace = new Strace(pids, ["-e", "trace=" + calls, .. faults.SelectMany(fault => new[] { "-e", "inject=" + fault })]);
        _traced = pids.Count > 1;
        work();
        _traced = false;
        Lines = strace.Detach();
        Calls = TracedCall.Parse(Lines);
    }

    /// <summary>Waits until the server takes messages again, and judges: what got its 250 arrives, whole, and had got it rightly.</summary>
    /// <returns>How many acknowledgements were found in the trace with their sync.</returns>
    internal int Settle()
    {
        SendUntilAcknowledged();
        var mailbox = Server.Mailbox("bob");
        List<int> missing = [];
        Patience.Until(
            () => (missing = [.. _acknowledged.Except(mailbox.Heads(200).Select(NumberedMessage.NumberOf).OfType<int>())]).Count == 0,
            () => $"never arrived: {string.Join(' ', missing)}\n{string.Join('\n', Server.Log.TakeLast(40))}");

        _client?.Dispose();
        _client = null;
        Assert.Equal(0, Server.Stop());
        // What was refused may exist all the same, whole; never half, and nothing is altered.
        foreach (var one in mailbox.Messages)
        {
            one.MustBe(NumberedMessage.Content(NumberedMessage.NumberOf(one.Text) ?? throw new InvalidOperationException(one.Text), MessageBytes));
        }

        return _acknowledgedUnderTrace.Count(number => TracedCall.JudgeAcknowledgement(Calls, $"X-Number: {number}\\r\\n"));
    }

    /// <summary>Throws unless the process ended with a failure of its own accord and synced nothing after the failed call.</summary>
    internal void MustHaveGivenUpAtOnce(int pid)
    {
        var failed = Calls.FirstOrDefault(call => call.IsSync && call.IsInjected);
        Assert.NotNull(failed);
        Assert.DoesNotContain(Calls, call => call.IsSync && call.Begin > failed.Begin);
        // strace fills a short number up with spaces.
        var end = Assert.Single(Lines, line => Regex.IsMatch(line, $@"^{pid} +\+\+\+ "));
        Assert.Matches(@"\+\+\+ exited with [1-9][0-9]* \+\+\+$", end);
    }

    public void Dispose()
    {
        _client?.Dispose();
        Server.Dispose();
    }

    private int Code(int number)
    {
        try
        {
            _client ??= PlainSmtpClient.Greeted(Server.Port);
            return _client.SendByData("alice@example.org", ["bob@example.org"], NumberedMessage.Content(number, MessageBytes)).Code;
        }
        catch (Exception broken) when (broken is IOException or SocketException or InvalidOperationException)
        {
            _client?.Dispose();
            _client = null;
            return 0;
        }
    }
}
