namespace Postern.Dns.Resolving;

/// <summary>The sockets and the waiting that a resolver needs, so that an event loop, a test or a simulator can own them.</summary>
public interface IDnsTransport
{
    /// <summary>
    /// Opens a UDP socket that is connected to the server, on a local port that is chosen anew at random (RFC 5452 §9.2), so that
    /// the kernel drops datagrams from any other address. Null when that is not possible.
    /// </summary>
    IDnsSocket? OpenDatagram(NameServer server);

    /// <summary>Connects to the server by TCP. Null when it refuses, can't be reached or takes longer than the timeout.</summary>
    ValueTask<IDnsSocket?> ConnectStreamAsync(NameServer server, TimeSpan timeout);
}

/// <summary>A connected socket for one exchange; closed by disposing of it.</summary>
public interface IDnsSocket : IDisposable
{
    /// <summary>Sends all the octets: as one datagram, or into the stream. False when that failed or took longer than the timeout.</summary>
    ValueTask<bool> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout);

    /// <summary>Waits for one datagram, or for the next octets of the stream. A datagram longer than the buffer is cut.</summary>
    ValueTask<DnsReceipt> ReceiveAsync(Memory<byte> buffer, TimeSpan timeout);
}

/// <summary>How waiting for octets ended.</summary>
public enum DnsReceiptStatus
{
    /// <summary>The socket is of no more use: closed by the peer, reset, or nobody listens there.</summary>
    Closed = 0,
    TimedOut,
    Received,
}

/// <summary>What waiting for octets brought.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Length">Octets in the buffer; 0 unless received (a datagram may be empty all the same).</param>
public readonly record struct DnsReceipt(DnsReceiptStatus Status, int Length)
{
    public static DnsReceipt Closed => new(DnsReceiptStatus.Closed, 0);

    public static DnsReceipt TimedOut => new(DnsReceiptStatus.TimedOut, 0);

    public static DnsReceipt Received(int length) => new(DnsReceiptStatus.Received, length);
}
