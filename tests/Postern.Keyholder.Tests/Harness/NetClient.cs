using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Postern.Keyholder.Tests.Harness;

/// <summary>How a client of the framework comes.</summary>
internal sealed record NetManner
{
    public SslProtocols Versions { get; init; } = SslProtocols.None;

    public string Name { get; init; } = "mx.example";

    public X509Certificate2? Certificate { get; init; }

    public string? Protocol { get; init; }
}

/// <summary>A client over the framework's own TLS, which none of ours has a hand in.</summary>
internal sealed class NetClient : IDisposable
{
    private readonly System.Net.Sockets.Socket _socket;
    private readonly SslStream _stream;
    private readonly SslClientAuthenticationOptions _options;

    internal NetClient(System.Net.Sockets.Socket socket, NetManner manner)
    {
        _socket = socket;
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _options = new SslClientAuthenticationOptions
        {
            TargetHost = manner.Name,
            EnabledSslProtocols = manner.Versions,
            ClientCertificates = manner.Certificate is { } own ? [own] : null,
            ApplicationProtocols = manner.Protocol is { } protocol ? [new SslApplicationProtocol(protocol)] : null,
#pragma warning disable CA5359 // Whose it is, each test says.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                Server = certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
                return true;
            },
#pragma warning restore CA5359
        };
    }

    /// <summary>The SHA-256 of the server's certificate; empty before.</summary>
    internal string Server { get; private set; } = "";

    internal System.Net.Sockets.Socket Socket => _socket;

    internal Task Agree() => _stream.AuthenticateAsClientAsync(_options);

    internal Task Say(byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>Reads so many bytes.</summary>
    internal async Task<byte[]> Hear(int count)
    {
        var buffer = new byte[count];
        await _stream.ReadExactlyAsync(buffer);
        return buffer;
    }

    /// <summary>Reads until the server says that this was all; fails when it does not say so.</summary>
    internal async Task<byte[]> HearAll()
    {
        using var all = new MemoryStream();
        await _stream.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>Says that this was all (close_notify).</summary>
    internal Task End() => _stream.ShutdownAsync();

    /// <summary>Is gone without a word.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _stream.Dispose();
    }
}
