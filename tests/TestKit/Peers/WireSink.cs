using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postern.TestKit.Peers;

/// <summary>A next hop that keeps every byte behind DATA as it came, up to the strict end, and takes or refuses every recipient.</summary>
public sealed class WireSink : IDisposable
{
    private readonly TcpListener _listener;
    private readonly string _toRecipients;
    private readonly ConcurrentQueue<string> _wires = new();
    private readonly ConcurrentQueue<string> _commands = new();

    /// <summary>Starts one at a port.</summary>
    /// <param name="port">The port on loopback.</param>
    /// <param name="refuses">True refuses every recipient for good.</param>
    public WireSink(int port, bool refuses = false)
    {
        _toRecipients = refuses ? "550 5.1.1 nobody" : "250 2.1.5 ok";
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(100);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>The contents so far, a character for each byte, dots as sent, without the end.</summary>
    public IReadOnlyList<string> Wires => [.. _wires];

    /// <summary>The command lines so far.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptTcpClient();
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                using var stream = client.GetStream();
                void Say(string reply) => stream.Write(Encoding.ASCII.GetBytes(reply + "\r\n"));
                Say("220 sink.example ESMTP");
                var recipients = false;
                while (ReadTo(stream, "", "\r\n") is { } line)
                {
                    _commands.Enqueue(line);
                    var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                    recipients = verb == "RCPT" ? _toRecipients[0] == '2' : recipients && verb != "RSET";
                    Say(verb switch
                    {
                        "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 PIPELINING",
                        "RCPT" => _toRecipients,
                        "DATA" => recipients ? "354 go on" : "503 5.5.1 no recipients",
                        "QUIT" => "221 2.0.0 bye",
                        _ => "250 2.0.0 ok",
                    });
                    if (verb == "QUIT") return;
                    if (verb == "DATA" && recipients)
                    {
                        // The line end of DATA is that in front of the first line, too.
                        if (ReadTo(stream, "\r\n", "\r\n.\r\n") is not { } wire) return;
                        _wires.Enqueue(wire);
                        Say("250 2.0.0 taken");
                    }
                }
            }
        }
        catch (IOException)
        {
            // The client left.
        }
    }

    /// <summary>Reads up to an end byte by byte, so that nothing behind it is taken; null when the client is gone before.</summary>
    private static string? ReadTo(NetworkStream stream, string before, string end)
    {
        var read = new StringBuilder(before);
        for (int value; (value = stream.ReadByte()) >= 0;)
        {
            read.Append((char)value);
            if (value == '\n' && read.Length >= end.Length && read.ToString(read.Length - end.Length, end.Length) == end)
            {
                var length = read.Length - end.Length - before.Length;
                return length < 0 ? "" : read.ToString(before.Length, length);
            }
        }

        return null;
    }
}
