using System.Diagnostics.CodeAnalysis;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>The other end of the line on which clients are handed over. Its "TLS" changes no byte, so a test says in it what it likes.</summary>
[SuppressMessage("Reliability", "CA2025", Justification = "Both ways of a client end with its sockets, and are waited for by the loop.")]
internal sealed class FakeTls(EventLoop loop) : IDisposable
{
    private readonly List<Connection> _sockets = [];
    private Connection? _line;

    /// <summary>What was asked, in its order.</summary>
    public List<HandOver> Asked { get; } = [];

    /// <summary>What is told of a handshake; null lets the client go without one.</summary>
    public Func<byte[]>? Facts { get; set; } = () => Written("TLSv1.3", "TLS_AES_128_GCM_SHA256");

    /// <summary>False takes nothing off the line.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>What the client says at once in TLS, in one piece with the facts.</summary>
    public string SaidAtOnce { get; set; } = "";

    public Descriptor Start()
    {
        Socket.OpenPair(packets: true, out var ours, out var theirs);
        _line = new Connection(loop, ours!);
        if (Reads) loop.Adopt(TakeAsync(_line));
        return theirs!;
    }

    /// <summary>Takes what waits in the line, and what comes.</summary>
    public void Read() => loop.Adopt(TakeAsync(_line!));

    public void Die()
    {
        _line?.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
        _sockets.Clear();
    }

    public void Dispose() => Die();

    public static byte[] Written(string version, string suite, byte[]? exporter = null, byte[]? voucher = null)
    {
        var queue = new ByteQueue();
        var writer = new FrameWriter(queue, SecuredFrame.Type);
        new SecuredFrame { Version = version, Suite = suite, Exporter = exporter, Voucher = voucher }.Write(writer);
        writer.End();
        return queue.Span.ToArray();
    }

    private async Task TakeAsync(Connection line)
    {
        while (!line.IsClosed)
        {
            var more = HandOver.Receive(line.Number, out var asked, out var client, out var plain);
            if (more == false || (more is null && await line.WaitReadableAsync() != IoStatus.Done)) return;
            if (more is null) continue;
            Asked.Add(asked);
            Begin(client!, plain!);
        }
    }

    private void Begin(Descriptor client, Descriptor plain)
    {
        var (outside, inside) = (new Connection(loop, client), new Connection(loop, plain));
        _sockets.AddRange([outside, inside]);
        if (Facts is null)
        {
            outside.Dispose();
            inside.Dispose();
            return;
        }

        _ = inside.TryWrite([.. Facts(), .. System.Text.Encoding.Latin1.GetBytes(SaidAtOnce)]);
        loop.Adopt(PassAsync(outside, inside));
        loop.Adopt(PassAsync(inside, outside));
    }

    private static async Task PassAsync(Connection from, Connection to)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var read = await from.ReadAsync(buffer);
            if (!read.IsDone || await to.WriteAsync(buffer.AsMemory(0, read.Count)) != IoStatus.Done) break;
        }

        to.Dispose();
        from.Dispose();
    }
}
