using System.Globalization;
using System.Text;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Acme.Answers;

/// <summary>The web server that authorities look at: it has what they look for, and nothing else.</summary>
/// <param name="loop">The loop.</param>
/// <param name="log">The log.</param>
/// <param name="answers">What they look for.</param>
internal sealed class ChallengeServer(EventLoop loop, EventLog log, ChallengeAnswers answers)
{
    /// <summary>Connections at one time; with one more the oldest is closed. Arbitrary: authorities look from half a dozen places.</summary>
    /// <remarks>Not the new one: whoever holds all of them without a word would keep authorities out, and so the certificate from being renewed.</remarks>
    internal const int MaxConnections = 100;

    /// <summary>Bytes of a request.</summary>
    internal const int MaxRequest = 4096;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly List<Listener> _listeners = [];
    private readonly List<Connection> _connections = [];

    /// <summary>Takes connections on a socket.</summary>
    internal void Open(Descriptor socket) => _listeners.Add(new Listener(
        loop, socket, Accept, errno => log.Warning("accept-paused").Word("reason", Errno.Describe(errno)).Write()));

    /// <summary>Takes no more.</summary>
    internal void Stop() => _listeners.ForEach(listener => listener.Dispose());

    private void Accept(Descriptor socket, SocketAddress from)
    {
        if (_connections.Count == MaxConnections)
        {
            var oldest = _connections[0];
            _connections.RemoveAt(0);
            oldest.Dispose();
        }

        loop.Adopt(ServeAsync(new Connection(loop, socket)));
    }

    private async Task ServeAsync(Connection connection)
    {
        _connections.Add(connection);
        using (connection)
        {
            // For all of it: nobody has to wait for us either.
            connection.SetDeadline(_patience);
            var request = new byte[MaxRequest];
            if (await ReadAsync(connection, request) is { } length && await connection.WriteAsync(AnswerTo(request.AsSpan(0, length))) == IoStatus.Done)
            {
                connection.EndSending();
                // Until the other side has closed: to close first, with bytes unread, would take the answer away.
                _ = await connection.ReadAsync(request);
            }
        }

        // It is there no more when it had to make room.
        _ = _connections.Remove(connection);
    }

    /// <summary>Reads a request to the end of its header; null when there is none.</summary>
    private static async ValueTask<int?> ReadAsync(Connection connection, byte[] request)
    {
        for (var length = 0; length < request.Length;)
        {
            var read = await connection.ReadAsync(request.AsMemory(length));
            if (read.Status != IoStatus.Done)
            {
                return null;
            }

            length += read.Count;
            if (request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return length;
            }
        }

        return null;
    }

    private byte[] AnswerTo(ReadOnlySpan<byte> request)
    {
        var answer = ChallengeRequest.TokenOf(request[..request.IndexOf("\r\n"u8)]) is { } token ? answers.Find(token) : null;
        var (status, type, content) = answer is null ? ("404 Not Found", "text/plain", "There is nothing here.\n") : ("200 OK", "application/octet-stream", answer);
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n{content}"));
    }
}
