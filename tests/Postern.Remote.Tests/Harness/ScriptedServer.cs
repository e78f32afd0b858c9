using System.Text;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Text;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Harness;

/// <summary>How what a server says is cut on its way.</summary>
internal enum ReplyPieces
{
    /// <summary>As it is written.</summary>
    Whole,

    /// <summary>Each byte by itself.</summary>
    EachByte,

    /// <summary>Between each CR and its LF.</summary>
    BeforeLineFeed,
}

/// <summary>A server that does what its scripts say, one script per connection, on the loop of the test.</summary>
/// <remarks>
/// Lines of a script: "&gt; text" sends a line, "&gt;&gt; text" sends bytes as they are (\r, \n, \0 written so), "&lt; text" reads a line
/// that must begin so, "TLS" does the server's part of a handshake, "SCRAM", "SCRAM lies" and "SCRAM skips" that of a login, "." reads content to the lone dot, "*" reads whatever comes until the client closes, "!" closes, "~" lets the loop turn. In bytes "_" is a space, and "\_" is "_".
/// After its script a connection stays open, silently.
/// </remarks>
internal sealed class ScriptedServer : IDisposable
{
    /// <summary>How what scripts send is cut; set while a test runs again, see <see cref="Session.InPiecesTests"/>.</summary>
    internal static readonly AsyncLocal<ReplyPieces> Pieces = new();

    // Longer ones stay whole: a megabyte byte by byte says no more than a few hundred.
    private const int MaxCut = 2000;

    private readonly EventLoop _loop;
    private readonly ReplyPieces _pieces = Pieces.Value;
    private readonly string[] _scripts;
    private readonly Listener _listener;
    private readonly List<ScriptedStream> _connections = [];

    internal ScriptedServer(EventLoop loop, params string[] scripts)
        : this(loop, SocketAddress.Inet(IpAddress.Loopback4, 0), scripts)
    {
    }

    internal ScriptedServer(EventLoop loop, SocketAddress address, params string[] scripts)
    {
        _loop = loop;
        _scripts = scripts;
        Assert.False(Socket.OpenListener(address, out var listener).Failed);
        Port = Socket.LocalAddress(listener!.Number).Port;
        _listener = new Listener(loop, listener, Welcome, static _ => { });
    }

    internal ushort Port { get; }

    /// <summary>Who it is within TLS.</summary>
    internal TlsServer? Tls { get; init; }

    /// <summary>What was agreed on the connections that came to that.</summary>
    internal List<TlsFacts> Agreed { get; } = [];

    /// <summary>Connections so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Command lines, all connections together.</summary>
    internal List<string> Lines { get; } = [];

    /// <summary>What was sent as content, dots as on the wire, without the end.</summary>
    internal List<string> Contents { get; } = [];

    /// <summary>Sends on the newest connection, whatever its script does; false when that is gone.</summary>
    internal bool Say(string text) => _connections[^1].Connection.TryWrite(Encoding.Latin1.GetBytes(text)) is { IsDone: true, Count: > 0 };

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private void Welcome(Descriptor descriptor, SocketAddress peer)
    {
        var connection = new ScriptedStream(new Connection(_loop, descriptor));
        _connections.Add(connection);
        var script = Count < _scripts.Length ? _scripts[Count] : "!";
        Count++;
        _loop.Adopt(PlayAsync(connection, script));
    }

    private async Task PlayAsync(ScriptedStream connection, string script)
    {
        var incoming = new ByteQueue();
        var turn = new TurnYield(_loop);
        foreach (var step in script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (step == "!")
            {
                connection.Dispose();
                return;
            }

            if (step == "~")
            {
                await PauseAsync(turn);
            }
            else if (step == "TLS")
            {
                if (!await connection.BeginTlsAsync(Tls!))
                {
                    connection.Dispose();
                    return;
                }

                Agreed.Add(connection.Facts!);
            }
            else if (step.StartsWith("SCRAM", StringComparison.Ordinal))
            {
                if (!await LogInAsync(connection, incoming, turn, step))
                {
                    return;
                }
            }
            else if (step.StartsWith(">>", StringComparison.Ordinal))
            {
                await SayAsync(connection, turn, step[2..].Trim().Replace("\\r", "\r").Replace("\\n", "\n").Replace("\\0", "\0").Replace("\\_", "\u001f").Replace('_', ' ').Replace('\u001f', '_'));
            }
            else if (step[0] == '>')
            {
                await SayAsync(connection, turn, step[1..].Trim() + "\r\n");
            }
            else if (step == "*")
            {
                await ReadToEndAsync(connection, incoming);
            }
            else if (!await ReadAsync(connection, incoming, step))
            {
                return;
            }
        }
    }

    /// <summary>The server's part of SCRAM, which knows the password of the one account that there is.</summary>
    private async ValueTask<bool> LogInAsync(ScriptedStream connection, ByteQueue incoming, TurnYield turn, string step)
    {
        ScramPart? part = null;
        string reply;
        do
        {
            if (!await ReadAsync(connection, incoming, part is null ? "< AUTH SCRAM" : "<"))
            {
                return false;
            }

            part ??= new ScramPart(connection.Facts!, Lines[^1], step);
            reply = part.Answer(Lines[^1]);
            await SayAsync(connection, turn, reply + "\r\n");
        }
        while (reply[0] == '3');

        return true;
    }

    /// <summary>Two turns: what was sent is read before what follows.</summary>
    private static async ValueTask PauseAsync(TurnYield turn)
    {
        await turn.WaitAsync();
        await turn.WaitAsync();
    }

    private async ValueTask SayAsync(ScriptedStream connection, TurnYield turn, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var pieces = _pieces == ReplyPieces.Whole || bytes.Length > MaxCut ? [bytes]
            : _pieces == ReplyPieces.EachByte ? bytes.Chunk(1)
            : Torn(bytes);
        foreach (var piece in pieces)
        {
            await connection.WriteAsync(piece);
            if (_pieces != ReplyPieces.Whole) await PauseAsync(turn);
        }
    }

    // Each piece begins with the LF of the line before.
    private static IEnumerable<byte[]> Torn(byte[] bytes)
    {
        var begin = 0;
        for (var at = 1; at < bytes.Length; at++)
        {
            if (bytes[at] != '\n') continue;
            yield return bytes[begin..at];
            begin = at;
        }

        yield return bytes[begin..];
    }

    private async ValueTask<bool> ReadAsync(ScriptedStream connection, ByteQueue incoming, string step)
    {
        var end = step == "." ? "\r\n.\r\n" : "\r\n";
        while (true)
        {
            var text = Encoding.Latin1.GetString(incoming.Span);

            // Content without any line ends at once.
            var at = step == "." && text.StartsWith(".\r\n", StringComparison.Ordinal) ? -2 : text.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0 || at == -2)
            {
                incoming.Consume(at + end.Length);
                Take(step, at < 0 ? string.Empty : text[..at]);
                return true;
            }

            var result = connection.TryRead(incoming.Reserve(65536));
            if (!result.IsDone || (result.Count == 0 && await connection.Connection.WaitReadableAsync() != IoStatus.Done))
            {
                return false;
            }

            incoming.Advance(result.Count);
        }
    }

    private async ValueTask ReadToEndAsync(ScriptedStream connection, ByteQueue incoming)
    {
        while (connection.TryRead(incoming.Reserve(65536)) is { IsDone: true } result)
        {
            incoming.Advance(result.Count);
            if (result.Count == 0 && await connection.Connection.WaitReadableAsync() != IoStatus.Done)
            {
                break;
            }
        }

        Contents.Add(Encoding.Latin1.GetString(incoming.Span));
    }

    private void Take(string step, string text)
    {
        if (step == ".")
        {
            Contents.Add(text);
            return;
        }

        Lines.Add(text);
        Assert.StartsWith(step[1..].Trim(), text, StringComparison.Ordinal);
    }
}
