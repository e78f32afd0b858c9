using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Load;

/// <summary>Sends numbered messages over several connections whatever happens to the server, and remembers which got a 250.</summary>
internal sealed class LoadClient(PosternServer server, Func<int, string> recipient) : IDisposable
{
    private const int Connections = 4;

    private readonly ConcurrentDictionary<int, long> _acknowledged = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];
    private int _last;

    /// <summary>The numbers that the server said it has.</summary>
    internal IReadOnlyCollection<int> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>The same, with what the clock showed when the server had said it.</summary>
    internal IReadOnlyDictionary<int, long> AcknowledgedAt => _acknowledged;

    /// <summary>Read after each acknowledgement.</summary>
    internal Func<long> Clock { get; init; } = () => 0;

    /// <summary>The number before that of the first message.</summary>
    internal int LastNumber
    {
        get => _last;
        init => _last = value;
    }

    /// <summary>Begins.</summary>
    internal LoadClient Start()
    {
        for (var i = 0; i < Connections; i++)
        {
            var thread = new Thread(Run) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }

        return this;
    }

    /// <summary>Waits until so many more messages were acknowledged.</summary>
    internal void AwaitMore(int count)
    {
        var target = _acknowledged.Count + count;
        Patience.Until(() => _acknowledged.Count >= target, () => $"{_acknowledged.Count} of {target} acknowledged\n{string.Join('\n', server.Log.TakeLast(40))}");
    }

    /// <summary>Waits until so many more messages were acknowledged, or it is known that none will be.</summary>
    /// <returns>False in the second case.</returns>
    internal bool GoesOn(int count, Func<bool> isHopeless)
    {
        var target = _acknowledged.Count + count;
        var hopeless = false;
        Patience.Until(
            () => _acknowledged.Count >= target || (hopeless = isHopeless()),
            () => $"{_acknowledged.Count} of {target} acknowledged\n{string.Join('\n', server.Log.TakeLast(40))}");
        return !hopeless;
    }

    /// <summary>Ends; what is under way is still answered or broken off.</summary>
    internal void Stop()
    {
        _stop.Cancel();
        _threads.ForEach(thread => thread.Join());
    }

    /// <summary>How long a fresh client waits until a message of its own is acknowledged.</summary>
    internal TimeSpan AwaitService()
    {
        var watch = Stopwatch.StartNew();
        Patience.Until(() => TrySend(null), () => "no service");
        return watch.Elapsed;
    }

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private void Run()
    {
        PlainSmtpClient? client = null;
        while (!_stop.IsCancellationRequested)
        {
            client = Turn(client);
        }

        client?.Dispose();
    }

    private PlainSmtpClient? Turn(PlainSmtpClient? client)
    {
        try
        {
            client ??= PlainSmtpClient.Greeted(server.Port);
            Send(client);
            return client;
        }
        catch (Exception broken) when (broken is IOException or SocketException or InvalidOperationException)
        {
            client?.Dispose();
            _stop.Token.WaitHandle.WaitOne(5);
            return null;
        }
    }

    private bool TrySend(PlainSmtpClient? none)
    {
        var before = _acknowledged.Count;
        Turn(none)?.Dispose();
        return _acknowledged.Count > before;
    }

    private void Send(PlainSmtpClient client)
    {
        var number = Interlocked.Increment(ref _last);
        if (client.SendByData("alice@example.org", [recipient(number)], NumberedMessage.Content(number)).Code == 250)
        {
            _acknowledged[number] = Clock();
        }
    }
}
