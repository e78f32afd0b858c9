using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Postern.TestKit.Dns;

/// <summary>A small name server on a loopback port, UDP and TCP, that answers from a zone as well or as badly as a test wants.</summary>
/// <remarks>The zone's form is described at <see cref="FakeZone"/>. Knobs may be turned while it runs.</remarks>
public sealed class FakeNameServer : IDisposable
{
    // How often a UDP port is tried whose TCP twin is taken.
    private const int MaxPortTries = 20;

    private readonly FakeZone _zone;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Socket _datagrams;
    private readonly Socket _streams;

    /// <param name="zone">What it knows; see <see cref="FakeZone"/>.</param>
    /// <param name="address">Where it listens; 127.0.0.1 by default.</param>
    /// <param name="port">UDP and TCP port; 0 takes a free one.</param>
    public FakeNameServer(IReadOnlyDictionary<string, string[]> zone, IPAddress? address = null, int port = 0)
    {
        _zone = new FakeZone(zone);
        (_datagrams, _streams) = Listen(address ?? IPAddress.Loopback, port);
        EndPoint = (IPEndPoint)_datagrams.LocalEndPoint!;
        _ = ServeDatagramsAsync();
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Every query so far, as "udp example.org MX", names in lower case.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Datagrams are not answered.</summary>
    public bool DropsDatagrams { get; set; }

    /// <summary>Every datagram says that the answer did not fit.</summary>
    public bool TruncatesDatagrams { get; set; }

    /// <summary>Datagrams with another identifier that go out before each right one.</summary>
    public int WrongIdentifiers { get; set; }

    /// <summary>With the wrong ones no right one goes out.</summary>
    public bool SendsOnlyWrongIdentifiers { get; set; }

    /// <summary>Names come back in lower case, whatever was asked.</summary>
    public bool WritesNamesInLowerCase { get; set; }

    /// <summary>AD is set: "signatures verified".</summary>
    public bool SaysAuthentic { get; set; }

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Delay { get; set; }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        _datagrams.Dispose();
        _streams.Dispose();
        _stopping.Dispose();
    }

    private static (Socket Datagrams, Socket Streams) Listen(IPAddress address, int port)
    {
        for (int i = 0; ; i++)
        {
            var datagrams = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            var streams = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                datagrams.Bind(new IPEndPoint(address, port));
                streams.Bind(datagrams.LocalEndPoint!);
                streams.Listen();
                return (datagrams, streams);
            }
            catch (SocketException) when (port == 0 && i < MaxPortTries)
            {
                datagrams.Dispose();
                streams.Dispose();
            }
        }
    }

    private async Task ServeDatagramsAsync()
    {
        byte[] buffer = new byte[4096];
        var anyone = new IPEndPoint(_datagrams.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopping.Token);
                _ = AnswerDatagramAsync(buffer[..received.ReceivedBytes], received.RemoteEndPoint);
            }
            catch (SocketException)
            {
                // The last answer's receiver has gone away: ICMP comes back as an error of the next call.
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerDatagramAsync(byte[] query, EndPoint asker)
    {
        byte[]? answer = await AnswerAsync(query, "udp");
        if (answer is null || DropsDatagrams)
            return;
        for (int i = 1; i <= WrongIdentifiers; i++)
        {
            byte[] wrong = [.. answer];
            wrong[1] ^= (byte)i;
            await SendAsync(wrong, asker);
        }
        if (!SendsOnlyWrongIdentifiers)
            await SendAsync(answer, asker);
    }

    private async Task SendAsync(byte[] datagram, EndPoint asker)
    {
        try
        {
            await _datagrams.SendToAsync(datagram, asker, _stopping.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopping, or nobody waits any more.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeStreamAsync(await _streams.AcceptAsync(_stopping.Token));
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeStreamAsync(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            byte[] prefix = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(prefix, _stopping.Token);
                byte[] query = new byte[prefix[0] << 8 | prefix[1]];
                await stream.ReadExactlyAsync(query, _stopping.Token);
                byte[]? answer = await AnswerAsync(query, "tcp");
                if (answer is null)
                    return;
                await stream.WriteAsync(new[] { (byte)(answer.Length >> 8), (byte)(answer.Length & 255) }, _stopping.Token);
                await stream.WriteAsync(answer, _stopping.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Stopping, or the asker has what it wanted.
        }
    }

    private async Task<byte[]?> AnswerAsync(byte[] query, string way)
    {
        if (!FakeQuery.TryRead(query, out FakeQuery? asked))
            return null;
        _asked.Enqueue($"{way} {asked}");
        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        FakeReply? reply = _zone.Answer(asked.Name, asked.Type);
        if (reply is null)
            return null;
        byte[] answer = asked.Answer(reply, SaysAuthentic, WritesNamesInLowerCase);
        bool isTooLong = way == "udp" && (TruncatesDatagrams || answer.Length > asked.DatagramSize);
        return isTooLong ? asked.AnswerTruncated() : answer;
    }
}
