using System.Globalization;
using System.Text;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Sasl;

namespace Postern.Auth.Sources;

/// <summary>A connection to Dovecot's authentication: its greeting, then lines in both directions.</summary>
/// <param name="loop">The loop.</param>
/// <param name="socket">Where it is.</param>
/// <param name="take">Gets each line that means something, and the one that says that it is ready.</param>
/// <param name="lose">Called once, with the reason, when it is over by the other side's doing.</param>
internal sealed class DovecotConnection(EventLoop loop, SocketAddress socket, Action<DovecotLine> take, Action<string> lose) : IDisposable
{
    /// <summary>For connecting and for the greeting, each.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly ByteQueue _outgoing = new();
    private Connection? _connection;
    private bool _isSending;
    private bool _isOver;
    private bool _hasVersion;
    private bool _hasPlain;

    /// <summary>True once it takes requests.</summary>
    internal bool IsReady { get; private set; }

    /// <summary>How many times it said something since then, whatever it was.</summary>
    internal long Heard { get; private set; }

    /// <summary>Connects and reads.</summary>
    internal void Begin() => loop.Adopt(RunAsync());

    /// <summary>Sends what is sent as soon as it is taken.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        _outgoing.Append(bytes);
        if (!_isSending && _connection is { } connection)
        {
            loop.Adopt(SendAsync(connection));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _connection?.Dispose();
    }

    private async Task RunAsync()
    {
        var (connection, error) = await Connection.OpenAsync(loop, socket, _patience);
        if (connection is null || _isOver)
        {
            connection?.Dispose();
            End($"it can't be reached: {Errno.Describe(error)}");
            return;
        }

        _connection = connection;
        connection.SetDeadline(_patience);
        // The number of a process, which no other client may have.
        Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"VERSION\t1\t1\nCPID\t{Environment.ProcessId}\n")));
        End(await ReadAsync(connection));
    }

    /// <summary>Reads lines until there is an end; returns why.</summary>
    private async Task<string> ReadAsync(Connection connection)
    {
        var buffer = new byte[DovecotLine.MaxLength];
        var length = 0;
        while (true)
        {
            var read = await connection.ReadAsync(buffer.AsMemory(length));
            if (!read.IsDone)
            {
                return read.Status == IoStatus.TimedOut ? "it does not greet" : "it closed the connection";
            }

            Heard += IsReady ? 1 : 0;
            length += read.Count;
            var taken = 0;
            while (buffer.AsSpan(taken, length - taken).IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (Judge(DovecotLine.Read(buffer.AsSpan(taken, end))) is { } fault)
                {
                    return fault;
                }

                taken += end + 1;
            }

            buffer.AsSpan(taken, length - taken).CopyTo(buffer);
            length -= taken;
            if (length == buffer.Length)
            {
                return "its line is too long";
            }
        }
    }

    /// <summary>Takes a line; returns why it ends the connection, or null.</summary>
    private string? Judge(DovecotLine line)
    {
        switch (line.Word)
        {
            case DovecotWord.Nonsense:
                return "it speaks another protocol";
            case DovecotWord.Version:
                _hasVersion = true;
                break;
            case DovecotWord.Plain:
                _hasPlain = true;
                break;
            case DovecotWord.Done when !_hasVersion || !_hasPlain:
                return "it does not take PLAIN";
            case DovecotWord.Done:
                IsReady = true;
                _connection!.ClearDeadline();
                take(line);
                break;
            case DovecotWord.Ok or DovecotWord.Failed or DovecotWord.Unable when !IsReady:
                return "it answers before it was asked";
            case DovecotWord.Ok or DovecotWord.Failed or DovecotWord.Unable:
                take(line);
                break;
        }

        return null;
    }

    private async Task SendAsync(Connection connection)
    {
        _isSending = true;
        while (_outgoing.Length > 0)
        {
            var sent = connection.TryWrite(_outgoing.Span);
            if (!sent.IsDone || (sent.Count == 0 && await connection.WaitWritableAsync() != IoStatus.Done))
            {
                // Whoever reads finds out that it is over.
                break;
            }

            _outgoing.Consume(sent.Count);
        }

        _isSending = false;
    }

    private void End(string reason)
    {
        if (!_isOver)
        {
            Dispose();
            lose(reason);
        }
    }
}
