using System.Text;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>A client's end of a connection to the server under test. Text is Latin-1: a character is a byte.</summary>
internal sealed class TestClient(TestServer server, Descriptor socket) : IDisposable
{
    private readonly StringBuilder _received = new();
    private int _taken;

    /// <summary>True once the server has closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>False lets the server's replies pile up.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Everything received.</summary>
    public string Received => _received.ToString();

    /// <summary>Every complete reply received, continuation lines joined by a line feed.</summary>
    public IReadOnlyList<string> Replies => ReplyText.Split(Received);

    /// <summary>The replies that came since the last call; nothing incomplete may be among them.</summary>
    public IReadOnlyList<string> TakeReplies()
    {
        var fresh = _received.ToString(_taken, _received.Length - _taken);
        _taken = _received.Length;
        if (fresh.Length > 0 && !fresh.EndsWith("\r\n", StringComparison.Ordinal)) throw new InvalidOperationException($"Half a reply: {fresh}");
        return ReplyText.Split(fresh);
    }

    /// <summary>Forgets what was received, where there would be too much of it.</summary>
    public void ForgetReceived()
    {
        _received.Clear();
        _taken = 0;
    }

    /// <summary>The last reply.</summary>
    public string LastReply => Replies.Count == 0 ? "" : Replies[^1];

    /// <summary>The code of the last reply.</summary>
    public int LastCode => LastReply.Length < 3 ? 0 : int.Parse(LastReply[..3]);

    /// <summary>Sends bytes and lets the server do all that it can.</summary>
    public TestClient Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc cref="Send(string)"/>
    public TestClient Send(ReadOnlySpan<byte> bytes)
    {
        var stuck = 0;
        while (!bytes.IsEmpty && stuck < 3)
        {
            var sent = Socket.Send(socket.Number, bytes);
            if (sent.Failed && !sent.WouldBlock) break;
            stuck = sent.WouldBlock ? stuck + 1 : 0;
            if (!sent.WouldBlock) bytes = bytes[sent.Value..];
            server.Settle();
        }

        server.Settle();
        return this;
    }

    /// <summary>Sends a line and returns what came back: one reply as a rule, several joined by " | ", or nothing.</summary>
    public string Ask(string line) => Exchange(line + "\r\n");

    /// <summary>Sends text as it is and returns what came back.</summary>
    public string Exchange(string text)
    {
        var before = Replies.Count;
        Send(text);
        return string.Join(" | ", Replies.Skip(before));
    }

    /// <summary>Says hello, sends an envelope and DATA; what follows is content.</summary>
    public TestClient BeginData(string from = "s@f.test", params string[] to)
    {
        Ask("EHLO c.test");
        Ask($"MAIL FROM:<{from}>");
        foreach (var recipient in to.Length == 0 ? ["u@a.test"] : to) Ask($"RCPT TO:<{recipient}>");
        Ask("DATA");
        return this;
    }

    /// <summary>Ends the client's direction.</summary>
    public void EndSending()
    {
        Socket.EndSending(socket.Number);
        server.Settle();
    }

    /// <summary>Goes away without a word.</summary>
    public void Dispose()
    {
        server.Forget(this);
        socket.Dispose();
        server.Settle();
    }

    /// <summary>Takes what has arrived; true when there was anything.</summary>
    internal bool Drain()
    {
        if (!Reads || IsClosed || socket.Number < 0) return false;
        Span<byte> buffer = stackalloc byte[8192];
        var any = false;
        while (true)
        {
            var result = Socket.Receive(socket.Number, buffer);
            if (result.WouldBlock) return any;
            any = true;
            if (result.Failed || result.Value == 0)
            {
                IsClosed = true;
                return any;
            }

            _received.Append(Encoding.Latin1.GetString(buffer[..result.Value]));
        }
    }
}
