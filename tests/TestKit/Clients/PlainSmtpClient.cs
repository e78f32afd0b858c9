using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.TestKit.Clients;

/// <summary>A client that sends what it is told to, byte for byte, and waits for each reply (RFC 5321, RFC 3030).</summary>
public sealed class PlainSmtpClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8192];
    private int _begin;
    private int _end;

    /// <summary>Connects and takes the greeting, which must be positive.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public PlainSmtpClient(int port)
    {
        var patience = (int)Patience.Long.TotalMilliseconds;
        (_socket.ReceiveTimeout, _socket.SendTimeout) = (patience, patience);
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
            Greeting = ReadReply();
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>The server's first words.</summary>
    public SmtpReply Greeting { get; }

    /// <summary>Connects and says EHLO, or LHLO for LMTP (RFC 2033 §4.1).</summary>
    public static PlainSmtpClient Greeted(int port, string hello = "EHLO client.example") => Greeted(new PlainSmtpClient(port), hello);

    /// <summary>Says EHLO over a connection that has just been opened.</summary>
    public static PlainSmtpClient Greeted(PlainSmtpClient client, string hello = "EHLO client.example")
    {
        client.Greeting.Must(2);
        client.Command(hello).Must(2);
        return client;
    }

    /// <summary>Sends a line and returns the reply.</summary>
    public SmtpReply Command(string line)
    {
        Send(Encoding.Latin1.GetBytes(line + "\r\n"));
        return ReadReply();
    }

    /// <summary>Sends a message with DATA (RFC 5321 §4.1.1.4); every step must be taken but the last, which is returned.</summary>
    public SmtpReply SendByData(string from, IEnumerable<string> to, byte[] content)
    {
        Envelope(from, to);
        Command("DATA").Must(3);
        Send(DotStuffed(content));
        return ReadReply();
    }

    /// <summary>Sends a message with BDAT in pieces of a size (RFC 3030 §2); the last reply is returned.</summary>
    public SmtpReply SendByChunks(string from, IEnumerable<string> to, byte[] content, int piece)
    {
        Envelope(from, to);
        for (var at = 0; ; at += piece)
        {
            var length = Math.Min(piece, content.Length - at);
            var last = at + length == content.Length;
            Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"BDAT {length}{(last ? " LAST" : "")}\r\n")));
            Send(content.AsSpan(at, length));
            var reply = ReadReply();
            if (last)
            {
                return reply;
            }

            reply.Must(2);
        }
    }

    /// <summary>Says who sends and who receives; all must be taken.</summary>
    public void Envelope(string from, IEnumerable<string> to)
    {
        Command($"MAIL FROM:<{from}>{MailParameters}").Must(2);
        foreach (var one in to)
        {
            Command($"RCPT TO:<{one}>{RecipientParameters(one)}").Must(2);
        }
    }

    /// <summary>What stands behind every sender: a space and parameters, or nothing.</summary>
    public string MailParameters { get; init; } = "";

    /// <summary>What stands behind a recipient: a space and parameters, or nothing.</summary>
    public Func<string, string> RecipientParameters { get; init; } = static _ => "";

    /// <summary>Reads one reply, of however many lines (RFC 5321 §4.2.1).</summary>
    public SmtpReply ReadReply()
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = ReadLine();
            text.Append(line).Append('\n');
            if (line.Length < 4 || line[3] != '-')
            {
                return int.TryParse(line.AsSpan(0, Math.Min(3, line.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                    ? new SmtpReply(code, text.ToString()) : throw new IOException($"not a reply: {line}");
            }
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // A dot before every line that begins with one (RFC 5321 §4.5.2), and the end.
    private static byte[] DotStuffed(byte[] content)
    {
        var wire = new List<byte>(content.Length + 64);
        var lineBegins = true;
        foreach (var value in content)
        {
            if (lineBegins && value == '.')
            {
                wire.Add(value);
            }

            wire.Add(value);
            lineBegins = value == '\n';
        }

        wire.AddRange(".\r\n"u8);
        return [.. wire];
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_begin == _end)
            {
                (_begin, _end) = (0, _socket.Receive(_buffer));
                if (_end == 0)
                {
                    throw new IOException("the server closed the connection");
                }
            }

            var value = (char)_buffer[_begin++];
            if (value == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(value);
        }
    }
}
