using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.TestKit.Clients;

/// <summary>A connection to an SMTP server over which a test sends any bytes, in any pieces. Text is Latin-1: a character is a byte.</summary>
public sealed class RawSession : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[8192];

    /// <summary>Connects.</summary>
    public RawSession(int port)
    {
        var patience = (int)Patience.Long.TotalMilliseconds;
        (_socket.ReceiveTimeout, _socket.SendTimeout) = (patience, patience);
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>True once the server has closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The replies so far, their lines parted by line feeds.</summary>
    public IReadOnlyList<string> Replies
    {
        get
        {
            List<string> replies = [];
            var reply = "";
            foreach (var line in _received.ToString().Split("\r\n")[..^1])
            {
                reply += line;
                if (line.Length > 3 && line[3] == '-')
                {
                    reply += "\n";
                    continue;
                }

                replies.Add(reply);
                reply = "";
            }

            return replies;
        }
    }

    /// <summary>Sends; to a server that has closed nothing can be sent any more, which is no failure.</summary>
    public void Send(string text)
    {
        try
        {
            for (var bytes = Encoding.Latin1.GetBytes(text).AsSpan(); !bytes.IsEmpty;)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            IsClosed = true;
        }
    }

    /// <summary>Reads until so many replies are there, or the server closes.</summary>
    public IReadOnlyList<string> Await(int replies)
    {
        while (!IsClosed && Replies.Count < replies)
        {
            Receive();
        }

        return Replies;
    }

    /// <summary>Says that no more will be sent, and reads to the end.</summary>
    public IReadOnlyList<string> End()
    {
        if (!IsClosed)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // It is over already.
            }
        }

        return AwaitEnd();
    }

    /// <summary>Reads until the server closes.</summary>
    public IReadOnlyList<string> AwaitEnd()
    {
        while (!IsClosed)
        {
            Receive();
        }

        return Replies;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        try
        {
            var count = _socket.Receive(_buffer);
            IsClosed = count == 0;
            _received.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        }
        catch (SocketException gone) when (gone.SocketErrorCode == SocketError.ConnectionReset)
        {
            IsClosed = true;
        }
    }
}
