using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Postern.TestKit.Dns;

/// <summary>A small name server on a loopback port, UDP and TCP, that answers from a zone as well or as badly as a test wants.</summary>
/// <remarks>
/// The zone's form is described at <see cref="FakeZone"/>. Knobs may be turned while it runs. It has threads of its own: those of the pool may all
/// be busy with tests that wait for its answers.
/// </remarks>
public sealed class FakeNameServer : IDisposable
{
    // How often a UDP port is tried whose TCP twin is taken.
    private const int MaxPortTries = 20;

    // How often it looks whether it is to stop.
    private const int LookMilliseconds = 100;

    private readonly FakeZone _zone;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Socket _datagrams;
    private readonly Socket _streams;
    private volatile bool _isStopping;

    /// <param name="zone">What it knows; see <see cref="FakeZone"/>.</param>
    /// <param name="address">Where it listens; 127.0.0.1 by default.</param>
    /// <param name="port">UDP and TCP port; 0 takes a free one.</param>
    public FakeNameServer(IReadOnlyDictionary<string, string[]> zone, IPAddress? address = null, int port = 0)
    {
        _zone = new FakeZone(zone);
        (_datagrams, _streams) = Listen(address ?? IPAddress.Loopback, port);
        EndPoint = (IPEndPoint)_datagrams.LocalEndPoint!;
        Begin(ServeDatagrams);
        Begin(ServeStreams);
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

    public void Dispose()
    {
        _isStopping = true;
        _datagrams.Dispose();
        _streams.Dispose();
    }

    private static void Begin(Action work) => new Thread(() => work()) { IsBackground = true, Name = "name server" }.Start();

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

    private void ServeDatagrams()
    {
        byte[] buffer = new byte[4096];
        _datagrams.ReceiveTimeout = LookMilliseconds;
        while (!_isStopping)
        {
            try
            {
                EndPoint asker = new IPEndPoint(_datagrams.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                int length = _datagrams.ReceiveFrom(buffer, ref asker);
                AnswerDatagram(buffer[..length], asker);
            }
            catch (SocketException)
            {
                // Nobody asked; or the last answer's receiver has gone away: ICMP comes back as an error of the next call.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void AnswerDatagram(byte[] query, EndPoint asker)
    {
        byte[]? answer = Answer(query, "udp");
        if (answer is null || DropsDatagrams)
            return;
        for (int i = 1; i <= WrongIdentifiers; i++)
        {
            byte[] wrong = [.. answer];
            wrong[1] ^= (byte)i;
            _datagrams.SendTo(wrong, asker);
        }
        if (!SendsOnlyWrongIdentifiers)
            _datagrams.SendTo(answer, asker);
    }

    private void ServeStreams()
    {
        while (!_isStopping)
        {
            try
            {
                if (!_streams.Poll(LookMilliseconds * 1000, SelectMode.SelectRead))
                    continue;
                Socket connection = _streams.Accept();
                Begin(() => ServeStream(connection));
            }
            catch (Exception failure) when (failure is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void ServeStream(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            byte[] prefix = new byte[2];
            while (true)
            {
                stream.ReadExactly(prefix);
                byte[] query = new byte[prefix[0] << 8 | prefix[1]];
                stream.ReadExactly(query);
                byte[]? answer = Answer(query, "tcp");
                if (answer is null)
                    return;
                stream.Write([(byte)(answer.Length >> 8), (byte)(answer.Length & 255)]);
                stream.Write(answer);
            }
        }
        catch (Exception failure) when (failure is ObjectDisposedException or IOException)
        {
            // The asker has what it wanted.
        }
    }

    private byte[]? Answer(byte[] query, string way)
    {
        if (!FakeQuery.TryRead(query, out FakeQuery? asked))
            return null;
        _asked.Enqueue($"{way} {asked}");
        FakeReply? reply = _zone.Answer(asked.Name, asked.Type);
        if (reply is null)
            return null;
        byte[] answer = asked.Answer(reply, SaysAuthentic, WritesNamesInLowerCase);
        bool isTooLong = way == "udp" && (TruncatesDatagrams || answer.Length > asked.DatagramSize);
        return isTooLong ? asked.AnswerTruncated() : answer;
    }
}
