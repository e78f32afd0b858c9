using System.Text;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Auth.Tests.Harness;

/// <summary>Dovecot's authentication as far as its clients see it: it says what a test tells it to.</summary>
internal sealed class FakeDovecot : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Listener _listener;
    private readonly StringBuilder _text = new();
    private Connection? _client;

    public FakeDovecot(EventLoop loop, string path)
    {
        _loop = loop;
        Assert.False(Socket.OpenListener(SocketAddress.Unix(path), out var listener).Failed);
        _listener = new Listener(loop, listener!, Accept, _ => { });
    }

    /// <summary>What it says first.</summary>
    public string Greeting { get; set; } = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tSCRAM-SHA-256\tmutual-auth\nSPID\t7\nCUID\t3\nCOOKIE\t00ff\nDONE\n";

    /// <summary>What is answered to the last field of a request, base64 off, with "#" for its number; null for nothing.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>What was said to it, a line each.</summary>
    public List<string> Heard { get; } = [];

    public int Connections { get; private set; }

    public void Say(string text) => _client!.TryWrite(Encoding.Latin1.GetBytes(text));

    public void Die() => _client?.Dispose();

    public void Dispose()
    {
        Die();
        _listener.Dispose();
    }

    private void Accept(Descriptor descriptor, SocketAddress peer)
    {
        var client = new Connection(_loop, descriptor);
        (_client, Connections) = (client, Connections + 1);
        Say(Greeting);
        _loop.Adopt(ReadAsync(client));
    }

    private async Task ReadAsync(Connection client)
    {
        var buffer = new byte[4096];
        while (await client.ReadAsync(buffer) is { IsDone: true } read)
        {
            _text.Append(Encoding.Latin1.GetString(buffer, 0, read.Count));
            while (_text.ToString().IndexOf('\n') is >= 0 and var end)
            {
                var line = _text.ToString(0, end);
                _text.Remove(0, end + 1);
                Take(line);
            }
        }
    }

    private void Take(string line)
    {
        Heard.Add(line);
        var fields = line.Split('\t');
        if (fields[0] == "AUTH" && Answer(Encoding.UTF8.GetString(Convert.FromBase64String(fields[^1]["resp=".Length..])).Replace('\0', '|')) is { } answer)
        {
            Say(answer.Replace("#", fields[1], StringComparison.Ordinal));
        }
    }
}
