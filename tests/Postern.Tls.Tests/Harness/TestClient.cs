using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Postern.Posix;

namespace Postern.Tls.Harness;

/// <summary>How a client of the tests comes.</summary>
internal sealed record ClientManner
{
    public int MinVersion { get; init; } = 0x303;

    public int MaxVersion { get; init; } = 0x304;

    public int SecurityLevel { get; init; } = 1;

    public string? ServerName { get; init; }

    public string? Ciphers { get; init; }

    public string? Suites { get; init; }

    public IReadOnlyList<string> Protocols { get; init; } = [];

    public string? CertificatePath { get; init; }

    /// <summary>A session of an earlier client, to be resumed.</summary>
    public nint Earlier { get; init; }
}

/// <summary>A client over one end of a socket pair, which takes a step when it is told to.</summary>
[SuppressMessage("Usage", "CA2216", Justification = "Each test frees its own.")]
internal sealed class TestClient : IDisposable
{
    private const int WantsRead = 2;
    private const int WantsWrite = 3;

    private readonly nint _context;
    private readonly nint _session;

    public TestClient(Descriptor socket, ClientManner manner)
    {
        Socket = socket;
        _context = ClientCalls.NewContext(ClientCalls.ClientMethod());
        ClientCalls.SetSecurityLevel(_context, manner.SecurityLevel);
        ClientCalls.ContextControl(_context, 33, 3, 0); // Writes in part, from another place each time.
        ClientCalls.ContextControl(_context, 123, manner.MinVersion, 0);
        ClientCalls.ContextControl(_context, 124, manner.MaxVersion, 0);
        Assert.True(manner.Ciphers is null || ClientCalls.SetCiphers(_context, Text(manner.Ciphers)) == 1);
        Assert.True(manner.Suites is null || ClientCalls.SetSuites(_context, Text(manner.Suites)) == 1);
        if (manner.CertificatePath is { } path)
        {
            Assert.Equal(1, ClientCalls.UseCertificate(_context, Text(path), 1));
            Assert.Equal(1, ClientCalls.UseKey(_context, Text(path), 1));
        }

        _session = ClientCalls.New(_context);
        Assert.Equal(1, ClientCalls.SetDescriptor(_session, socket.Number));
        ClientCalls.SetConnecting(_session);
        if (manner.ServerName is { } name)
        {
            Assert.Equal(1, ClientCalls.Control(_session, 55, 0, Text(name)));
        }

        if (manner.Protocols.Count > 0)
        {
            byte[] list = [.. manner.Protocols.SelectMany(protocol => (byte[])[(byte)protocol.Length, .. Encoding.ASCII.GetBytes(protocol)])];
            Assert.Equal(0, ClientCalls.SetProtocols(_session, list, (uint)list.Length));
        }

        if (manner.Earlier != 0)
        {
            Assert.Equal(1, ClientCalls.SetSession(_session, manner.Earlier));
        }
    }

    public Descriptor Socket { get; }

    /// <summary>True once the handshake is done on this side.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The reason number of the failure (an alert of the server is 1000 and its number); 0 while there is none.</summary>
    public int Failure { get; private set; }

    /// <summary>True when the server has said that it sends no more.</summary>
    public bool HasEnded { get; private set; }

    public bool IsResumed => ClientCalls.IsResumed(_session) == 1;

    public void Step()
    {
        if (!IsReady && Failure == 0)
        {
            ClientCalls.ClearErrors();
            IsReady = Judge(ClientCalls.Handshake(_session)) == 1;
        }
    }

    /// <summary>Reads what is there, at most a buffer full; empty for nothing.</summary>
    public byte[] Read()
    {
        ClientCalls.ClearErrors();
        var buffer = new byte[100_000];
        var count = Judge(ClientCalls.Read(_session, buffer, buffer.Length));
        return buffer[..Math.Max(count, 0)];
    }

    /// <summary>Writes what is taken and returns how much that was.</summary>
    public int Write(byte[] bytes)
    {
        ClientCalls.ClearErrors();
        return Math.Max(Judge(ClientCalls.Write(_session, bytes, bytes.Length)), 0);
    }

    public void End() => _ = ClientCalls.Shutdown(_session);

    /// <summary>Asks for another handshake within the session (TLS 1.2).</summary>
    public void Renegotiate()
    {
        Assert.Equal(1, ClientCalls.Renegotiate(_session));
        ClientCalls.ClearErrors();
        _ = Judge(ClientCalls.Handshake(_session));
    }

    /// <summary>The session, to be resumed by another client; in TLS 1.3 after something was read.</summary>
    public nint Take() => ClientCalls.TakeSession(_session);

    /// <summary>The server's certificate (DER).</summary>
    public byte[] ServerCertificate
    {
        get
        {
            var certificate = ClientCalls.PeerCertificate(_session);
            var bytes = new byte[ClientCalls.LengthOf(certificate, 0)];
            var pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            var output = pin.AddrOfPinnedObject();
            _ = ClientCalls.Encode(certificate, ref output);
            pin.Free();
            ClientCalls.FreeCertificate(certificate);
            return bytes;
        }
    }

    /// <summary>How many certificates the server sent.</summary>
    public int ServerChain => ClientCalls.Count(ClientCalls.PeerChain(_session));

    /// <summary>Its channel binding "tls-exporter".</summary>
    public byte[] Exporter
    {
        get
        {
            var output = new byte[32];
            var label = Encoding.ASCII.GetBytes("EXPORTER-Channel-Binding");
            Assert.Equal(1, ClientCalls.Export(_session, output, output.Length, label, label.Length, [], 0, 1));
            return output;
        }
    }

    public void Dispose()
    {
        ClientCalls.Free(_session);
        ClientCalls.FreeContext(_context);
        Socket.Dispose();
    }

    private int Judge(int returned)
    {
        if (returned <= 0)
        {
            var error = ClientCalls.GetError(_session, returned);
            HasEnded |= error == 6;
            if (error is not (WantsRead or WantsWrite or 6))
            {
                Failure = error == 1 ? (int)(ClientCalls.FirstError() & 0x7fffff) : -1;
            }
        }

        return returned;
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
