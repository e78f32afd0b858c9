using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>A client that speaks SMTP in the clear, and then over the framework's TLS: what it says goes out in one piece.</summary>
internal sealed class SmtpOverTls : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream _stream;

    internal SmtpOverTls(int port)
    {
        var patience = (int)Patience.Long.TotalMilliseconds;
        (_socket.ReceiveTimeout, _socket.SendTimeout) = (patience, patience);
        _socket.Connect(IPAddress.Loopback, port);
        _stream = new NetworkStream(_socket);
    }

    /// <summary>The SHA-256 of the server's certificate.</summary>
    internal string Certificate { get; private set; } = "";

    /// <summary>One that has said STARTTLS and EHLO.</summary>
    internal static SmtpOverTls Secured(int port, string name = "mx.example.org")
    {
        var client = new SmtpOverTls(port);
        client.Reply();
        Assert.StartsWith("250", client.Say("EHLO client.example\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("220", client.Say("STARTTLS\r\n"), StringComparison.Ordinal);
        client.Begin(name);
        Assert.StartsWith("250", client.Say("EHLO client.example\r\n"), StringComparison.Ordinal);
        return client;
    }

    /// <summary>Shakes hands.</summary>
    internal void Begin(string name = "mx.example.org", string? protocol = null, X509Certificate2? own = null)
    {
        var secured = new SslStream(_stream);
        _stream = secured;
        secured.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ClientCertificates = own is null ? null : [own],
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
#pragma warning disable CA5359 // Whose it is, each test says.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                Certificate = certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
                return true;
            },
#pragma warning restore CA5359
        });
    }

    /// <summary>Says something, and reads a reply.</summary>
    internal string Say(string text)
    {
        Write(text);
        return Reply();
    }

    internal void Write(string text)
    {
        _stream.Write(Encoding.Latin1.GetBytes(text));
        _stream.Flush();
    }

    /// <summary>Reads one reply, of however many lines; what was read so far when the server ends.</summary>
    internal string Reply()
    {
        var text = new StringBuilder();
        var begin = 0;
        for (int next; (next = ReadByte()) >= 0;)
        {
            text.Append((char)next);
            if (next == '\n')
            {
                if (text.Length < begin + 4 || text[begin + 3] != '-')
                {
                    break;
                }

                begin = text.Length;
            }
        }

        return text.ToString();
    }

    /// <summary>Reads to the end.</summary>
    internal string Rest()
    {
        var text = new StringBuilder();
        for (int next; (next = ReadByte()) >= 0;)
        {
            text.Append((char)next);
        }

        return text.ToString();
    }

    /// <summary>Sends a message to bob; returns the last reply.</summary>
    internal string Send(string mark)
    {
        foreach (var line in new[] { "MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.org>", "DATA" })
        {
            Assert.Contains(Say(line + "\r\n")[0], "23");
        }

        return Say(Encoding.Latin1.GetString(Samples.Message(mark)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n");
    }

    /// <summary>Is gone, without the word that ends a session of TLS (close_notify).</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _stream.Dispose();
    }

    private int ReadByte()
    {
        try
        {
            return _stream.ReadByte();
        }
        catch (IOException broken) when (broken.InnerException is not SocketException { SocketErrorCode: SocketError.TimedOut })
        {
            return -1;
        }
    }
}
