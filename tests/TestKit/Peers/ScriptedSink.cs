using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.TestKit.Peers;

/// <summary>A message that a sink took.</summary>
/// <param name="From">The reverse path, as it was sent.</param>
/// <param name="To">The recipients that it accepted.</param>
/// <param name="Content">The content without dot stuffing, a character for each byte.</param>
public sealed record SunkMessage(string From, IReadOnlyList<string> To, string Content);

/// <summary>A next hop that behaves as badly as a test wants: an SMTP server whose replies a script may replace.</summary>
/// <remarks>
/// The script sees each event ("CONNECT", a command line, or "CONTENT" after the final dot) with its number among those
/// that begin with the same verb, and returns null for the usual reply, a reply, or <see cref="Close"/>. A client that says
/// LHLO gets a reply for each accepted recipient after the content ("CONTENT name@domain", RFC 2033 §4.2).
/// </remarks>
public sealed class ScriptedSink : IDisposable
{
    /// <summary>Instead of a reply: the connection breaks.</summary>
    public const string Close = "\0close";

    private readonly TcpListener _listener;
    private readonly Func<string, int, string?> _script;
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SunkMessage> _messages = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();

    /// <summary>Starts one at a port.</summary>
    public ScriptedSink(int port, Func<string, int, string?>? script = null)
    {
        _script = script ?? ((_, _) => null);
        _listener = new TcpListener(IPAddress.Loopback, port);
        // Another test may be trying at this very moment whether the port is free.
        Patience.Until(TryListen, () => $"port {port} stays in use");
        new Thread(Accept) { IsBackground = true }.Start();
    }

    private bool TryListen()
    {
        try
        {
            _listener.Start(100);
            return true;
        }
        catch (SocketException busy) when (busy.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>What it took so far.</summary>
    public IReadOnlyList<SunkMessage> Messages => [.. _messages];

    /// <summary>How many events of a verb there were.</summary>
    public int CountOf(string verb) => _counts.GetValueOrDefault(verb);

    /// <summary>Is gone, as a host that lost its power is: a connection that was kept for later is of no use either.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptTcpClient();
                _clients[client] = true;
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                new Session(this, stream, reader).Run();
            }
            catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The client left, or we did.
            }
            finally
            {
                _clients.TryRemove(client, out _);
            }
        }
    }

    private string Judge(string happened, string usual)
    {
        var verb = happened.Split(' ', ':')[0].ToUpperInvariant();
        var number = _counts.AddOrUpdate(verb, 1, (_, before) => before + 1);
        return _script(happened, number) ?? usual;
    }

    private sealed class Session(ScriptedSink sink, NetworkStream stream, StreamReader reader)
    {
        private readonly List<string> _recipients = [];
        private string _from = "";
        private bool _isLmtp;

        internal void Run()
        {
            if (!Answer(sink.Judge("CONNECT", "220 sink.example ESMTP")))
            {
                return;
            }

            while (reader.ReadLine() is { } line && Take(line))
            {
                // The next command.
            }
        }

        private bool Take(string line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO" or "HELO" or "LHLO":
                    _isLmtp = line.StartsWith("LHLO", StringComparison.OrdinalIgnoreCase);
                    return Answer(sink.Judge(line, "250-sink.example\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING"));
                case "MAIL":
                    _from = line;
                    _recipients.Clear();
                    return Answer(sink.Judge(line, "250 2.1.0 ok"));
                case "RCPT":
                    var reply = sink.Judge(line, "250 2.1.5 ok");
                    if (reply[0] == '2')
                    {
                        _recipients.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                    }

                    return Answer(reply);
                case "DATA":
                    var go = _recipients.Count > 0 ? sink.Judge(line, "354 go on") : "503 5.5.1 no recipients";
                    return Answer(go) && (go[0] != '3' || TakeContent());
                case "QUIT":
                    Answer(sink.Judge(line, "221 2.0.0 bye"));
                    return false;
                default:
                    return Answer(sink.Judge(line, "250 2.0.0 ok"));
            }
        }

        private bool TakeContent()
        {
            var content = new StringBuilder();
            while (reader.ReadLine() is { } line)
            {
                if (line == ".")
                {
                    return _isLmtp
                        ? _recipients.TrueForAll(one => Finish($"CONTENT {one}", [one], content.ToString()))
                        : Finish("CONTENT", [.. _recipients], content.ToString());
                }

                content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
                if (sink.Judge("LINE", "") == Close)
                {
                    return false;
                }
            }

            return false;
        }

        private bool Finish(string happened, IReadOnlyList<string> recipients, string content)
        {
            var reply = sink.Judge(happened, "250 2.0.0 taken");
            if (reply[0] == '2')
            {
                sink._messages.Enqueue(new SunkMessage(_from, recipients, content));
            }

            return Answer(reply);
        }

        private bool Answer(string reply)
        {
            if (reply == Close)
            {
                return false;
            }

            stream.Write(Encoding.Latin1.GetBytes(reply + "\r\n"));
            return true;
        }
    }
}
