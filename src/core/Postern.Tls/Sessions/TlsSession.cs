using System.Diagnostics.CodeAnalysis;
using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>One end of a TLS session over a socket, which stays its owner's.</summary>
/// <remarks>
/// It waits for nothing: what can't go on says what it needs, and is called again then. It reads and writes the socket itself;
/// nobody else may meanwhile. Used by one thread, and freed by whoever made it.
/// </remarks>
[SuppressMessage("Usage", "CA2216", Justification = "It has an owner who frees it; a finaliser would do that on another thread, at any moment.")]
public sealed unsafe class TlsSession : IDisposable
{
    private readonly ITlsEnd _end;
    private nint _handle;
    private bool _isAgreed;
    private bool _hasLeft;

    // Set once nothing can come any more: OpenSSL must not be asked again after a failure.
    private TlsStatus? _over;

    /// <summary>Begins one as the server over a socket, whatever its flags.</summary>
    /// <exception cref="InvalidOperationException">No memory.</exception>
    public TlsSession(TlsServer service, int socket)
        : this((ITlsEnd)service, socket) => SslCalls.SetAccepting(_handle);

    /// <summary>Begins one as the client.</summary>
    /// <exception cref="InvalidOperationException">No memory, or an expectation that OpenSSL does not take.</exception>
    public TlsSession(TlsClient client, TlsExpectation expectation, int socket)
        : this(new ClientEnd(client, expectation), socket)
    {
        SslCalls.SetConnecting(_handle);
        try
        {
            Expectations.Set(_handle, expectation);
        }
        catch (InvalidOperationException)
        {
            Dispose();
            throw;
        }
    }

    private TlsSession(ITlsEnd end, int socket)
    {
        end.Enter();
        _end = end;
        _handle = SslCalls.New(end.FirstContext);
        var stream = _handle == 0 ? 0 : SocketStream.Over(socket);
        if (stream == 0)
        {
            Dispose();
            throw new InvalidOperationException($"no session: {OpenSsl.Reason}");
        }

        // It is the session's from here on, once, though it is for both directions.
        SslCalls.SetStreams(_handle, stream, stream);
    }

    /// <summary>Why the session failed; null while it has not.</summary>
    public TlsFailure? Failure { get; private set; }

    /// <summary>What was agreed; null before the handshake is done.</summary>
    public TlsFacts? Facts { get; private set; }

    /// <summary>Goes on with the handshake.</summary>
    /// <returns>Done, or what it needs, or Failed.</returns>
    public TlsStatus Handshake()
    {
        if (_over is not null)
        {
            return TlsStatus.Failed;
        }

        CryptoCalls.ClearErrors();
        var returned = _end.Handshake(_handle);
        if (returned != 1)
        {
            var status = StatusOf(returned);
            return status is TlsStatus.WantsRead or TlsStatus.WantsWrite ? status : Fail("the other side ended the stream");
        }

        if (!_isAgreed)
        {
            _isAgreed = true;
            Facts = _end.Read(_handle);
            Leave();
        }

        return TlsStatus.Done;
    }

    /// <summary>Reads what the other side sent, as far as it is there.</summary>
    /// <param name="buffer">Not empty.</param>
    public TlsOutcome Read(Span<byte> buffer)
    {
        if (_over is { } over)
        {
            return new TlsOutcome(over);
        }

        CryptoCalls.ClearErrors();
        fixed (byte* start = buffer)
        {
            return Judge(SslCalls.Read(_handle, start, buffer.Length));
        }
    }

    /// <summary>Sends what is taken now; what is not is to be offered again, as it was.</summary>
    /// <param name="bytes">Not empty.</param>
    public TlsOutcome Write(ReadOnlySpan<byte> bytes)
    {
        if (_over is not null)
        {
            return new TlsOutcome(TlsStatus.Failed);
        }

        CryptoCalls.ClearErrors();
        fixed (byte* start = bytes)
        {
            return Judge(SslCalls.Write(_handle, start, bytes.Length));
        }
    }

    /// <summary>Says that no more will be sent (close_notify); reading may go on.</summary>
    public TlsStatus End()
    {
        // OpenSSL allows it neither in a handshake nor after a failure.
        if (!_isAgreed || _over is not null)
        {
            return TlsStatus.Failed;
        }

        CryptoCalls.ClearErrors();
        var returned = SslCalls.Shutdown(_handle);
        return returned >= 0 ? TlsStatus.Done : StatusOf(returned) is TlsStatus.WantsWrite ? TlsStatus.WantsWrite : TlsStatus.Done;
    }

    /// <summary>Frees the session, without a word to the other side.</summary>
    public void Dispose()
    {
        SslCalls.Free(_handle);
        _handle = 0;
        Leave();
    }

    private void Leave()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            _end.Leave();
        }
    }

    private TlsOutcome Judge(int returned) =>
        returned > 0 ? new TlsOutcome(TlsStatus.Done, returned) : new TlsOutcome(StatusOf(returned));

    private TlsStatus StatusOf(int returned) => SslCalls.GetError(_handle, returned) switch
    {
        SslCalls.ErrorWantRead => TlsStatus.WantsRead,
        SslCalls.ErrorWantWrite => TlsStatus.WantsWrite,
        SslCalls.ErrorZeroReturn => TlsStatus.Ended,
        SslCalls.ErrorSsl when ErrorQueue.IsEndOfStream => (_over = TlsStatus.Truncated).Value,
        SslCalls.ErrorSsl => Fail(ErrorQueue.Take()),
        _ => Fail("the connection broke"),
    };

    private TlsStatus Fail(string reason) => Fail(new TlsFailure(null, reason));

    private TlsStatus Fail(TlsFailure failure)
    {
        Failure ??= failure;
        _over = TlsStatus.Failed;
        return TlsStatus.Failed;
    }
}
