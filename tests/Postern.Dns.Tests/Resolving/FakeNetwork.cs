using Postern.Dns.Resolving;

namespace Postern.Dns.Tests.Resolving;

/// <summary>Something that a socket brings some time after the last thing; no octets: it is closed.</summary>
internal readonly record struct Heard(byte[]? Octets, TimeSpan After = default);

/// <summary>A network in which server n (port n) answers as its script says and time passes only by waiting.</summary>
internal sealed class FakeNetwork(ManualClock clock) : IDnsTransport
{
    /// <summary>What a server sends for a datagram, by default nothing.</summary>
    internal Func<Asked, IEnumerable<Heard>> Datagrams { get; set; } = _ => [];

    /// <summary>What a server sends into a connection; null: it breaks the connection off.</summary>
    internal Func<Asked, IEnumerable<Heard>?> Streams { get; set; } = _ => null;

    internal bool CanOpenDatagrams { get; set; } = true;

    /// <summary>How long it takes until a connection stands.</summary>
    internal TimeSpan ConnectTime { get; set; }

    internal List<Asked> Log { get; } = [];

    /// <summary>The log in words, without the letter case.</summary>
    internal IEnumerable<string> Told => Log.Select(asked => asked.ToString());

    internal int OpenSockets { get; private set; }

    internal static byte[] Prefixed(byte[] message) => [(byte)(message.Length >> 8), (byte)(message.Length & 255), .. message];

    public IDnsSocket? OpenDatagram(NameServer server) => CanOpenDatagrams ? new FakeSocket(this, server.Port, isStream: false) : null;

    public ValueTask<IDnsSocket?> ConnectStreamAsync(NameServer server, TimeSpan timeout)
    {
        bool stands = ConnectTime < timeout;
        clock.Advance(stands ? ConnectTime : timeout);
        return new(stands ? new FakeSocket(this, server.Port, isStream: true) : null);
    }

    private TimeSpan Now => clock.Now;

    private void Advance(TimeSpan span) => clock.Advance(span);

    private sealed class FakeSocket : IDnsSocket
    {
        private readonly FakeNetwork _network;
        private readonly int _server;
        private readonly bool _isStream;
        private readonly LinkedList<Heard> _coming = new();

        internal FakeSocket(FakeNetwork network, int server, bool isStream)
        {
            (_network, _server, _isStream) = (network, server, isStream);
            network.OpenSockets++;
        }

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout)
        {
            if (_isStream)
                Assert.Equal(octets.Length - 2, octets.Span[0] << 8 | octets.Span[1]);
            var asked = new Asked(_server, octets.ToArray()[(_isStream ? 2 : 0)..], _network.Now, _isStream);
            _network.Log.Add(asked);
            IEnumerable<Heard>? script = _isStream ? _network.Streams(asked) : _network.Datagrams(asked);
            foreach (Heard heard in script ?? [])
                _coming.AddLast(heard);
            return new(script is not null);
        }

        public ValueTask<DnsReceipt> ReceiveAsync(Memory<byte> buffer, TimeSpan timeout)
        {
            Assert.True(timeout > TimeSpan.Zero);
            Assert.False(buffer.IsEmpty);
            if (_coming.Count == 0)
                return TimeOut(timeout);
            Heard heard = _coming.First!.Value;
            _coming.RemoveFirst();
            if (heard.After > timeout)
            {
                _coming.AddFirst(heard with { After = heard.After - timeout });
                return TimeOut(timeout);
            }
            _network.Advance(heard.After);
            if (heard.Octets is null)
                return new(DnsReceipt.Closed);
            int length = Math.Min(buffer.Length, heard.Octets.Length);
            heard.Octets.AsSpan(0, length).CopyTo(buffer.Span);
            if (_isStream && length < heard.Octets.Length)
                _coming.AddFirst(new Heard(heard.Octets[length..]));
            return new(DnsReceipt.Received(length));
        }

        public void Dispose() => _network.OpenSockets--;

        private ValueTask<DnsReceipt> TimeOut(TimeSpan timeout)
        {
            _network.Advance(timeout);
            return new(DnsReceipt.TimedOut);
        }
    }
}
