using System.Runtime.CompilerServices;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Text;
using Postern.Tls.Sessions;

namespace Postern.Keyholder.Clients;

/// <summary>One client from its hand-over to the end: the handshake, then its words in the clear to smtpd and smtpd's to it.</summary>
/// <remarks>Nothing of what passes is looked at, and nothing of it is kept while both sides take it.</remarks>
internal sealed partial class TlsClient : IDisposable
{
    /// <summary>The whole handshake. A client that is slow beyond it wastes our memory.</summary>
    internal static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);

    /// <summary>For what is left to be said once smtpd has ended; it counts the client no more, which must not stay for that. Arbitrary.</summary>
    internal static readonly TimeSpan PartingTime = TimeSpan.FromSeconds(30);

    private readonly ClientTable _table;
    private readonly HandOver _asked;
    private readonly Connection _client;
    private readonly Connection _plain;
    private TlsSession? _session;
    private LoopTimer? _parting;

    internal TlsClient(ClientTable table, HandOver asked, Descriptor client, Descriptor plain)
    {
        (_table, _asked) = (table, asked);
        _client = new Connection(table.Loop, client);
        _plain = new Connection(table.Loop, plain) { PeerEnded = Part };
    }

    /// <summary>Where the client is.</summary>
    internal IpAddress Address => _asked.Client;

    /// <summary>Serves the client until one side is gone; never fails.</summary>
    internal async Task RunAsync()
    {
        try
        {
            if (_client.IsClosed || _plain.IsClosed)
            {
                // No deadline: nobody would take it away from what is closed.
                Refused(new TlsFailure(null, "what was handed over can't be watched"));
                return;
            }

            _client.SetDeadline(HandshakeTime);
            if (await ShakeHandsAsync() && Announce())
            {
                _client.ClearDeadline();
                await PassAsync();
            }
        }
        catch (Exception failure)
        {
            // Ours, and with this client: the others have nothing to do with it.
            _table.Log.Error("client-crashed").Word("client", _asked.Client.ToString()).Quoted("error", failure.ToString()).Write();
        }
        finally
        {
            Dispose();
            _table.Ended(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The session first: it uses the socket by its number.
        _session?.Dispose();
        Close();
        // Closed already, which the compiler's analysis does not see.
        _client.Dispose();
        _plain.Dispose();
        _parting?.Unset();
    }

    private void Part() => (_parting = _table.Loop.CreateTimer(Close)).Set(PartingTime);

    /// <summary>Closes both sides; whoever waits for one of them finds that out.</summary>
    private void Close()
    {
        Close(_client);
        Close(_plain);
    }

    /// <summary>Closes one side. smtpd may have kept it, and the kernel would go on reporting what happens there: so it is told first.</summary>
    private static void Close(Connection side) => side.Detach()?.Dispose();

    /// <summary>Does the handshake; false when there is none.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ShakeHandsAsync()
    {
        // A session costs memory: the client has to say something first.
        var ready = await _client.WaitReadableAsync();
        var turn = new Signal();
        while (ready == IoStatus.Done)
        {
            await _table.Turns.NextAsync(turn);
            if (_client.IsClosed)
            {
                // Meanwhile; the number of its socket may be another's by now.
                ready = IoStatus.Broken;
                break;
            }

            _session ??= new TlsSession(_table.Keys.Services![_asked.Service], _client.Number);
            switch (_session.Handshake())
            {
                case TlsStatus.Done:
                    return true;
                case TlsStatus.WantsRead:
                    ready = await _client.WaitReadableAsync();
                    break;
                case TlsStatus.WantsWrite:
                    ready = await _client.WaitWritableAsync();
                    break;
                default:
                    Refused(_session.Failure!);
                    Close(_plain);
                    await LetReadAsync();
                    return false;
            }
        }

        Refused(new TlsFailure(null, ready == IoStatus.TimedOut ? "the handshake took too long" : "the client is gone"));
        return false;
    }

    /// <summary>Leaves a client that was refused a moment to read why: what it still sends would turn our closing into a reset.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask LetReadAsync()
    {
        _client.EndSending();
        _client.SetDeadline(_lingerTime);
        for (var dropped = 0; dropped <= MaxLinger;)
        {
            var read = _client.TryRead(_table.Passing);
            if (read.Status != IoStatus.Done || (read.Count == 0 && await _client.WaitReadableAsync() != IoStatus.Done))
            {
                return;
            }

            dropped += read.Count;
        }
    }

    private void Refused(TlsFailure failure)
    {
        var line = _table.Log.Info("handshake-failed").Word("client", _asked.Client.ToString()).Word("service", _asked.Service.ToString());
        (failure.PeerAlert is { } alert ? line.Number("alert", alert) : line).Quoted("reason", failure.Reason).Write();
    }

    /// <summary>Tells smtpd what was agreed; false when it is gone.</summary>
    private bool Announce()
    {
        var facts = _session!.Facts!;
        var frame = new SecuredFrame
        {
            Version = facts.Version,
            Suite = facts.Suite,
            ServerName = facts.ServerName,
            IsResumed = facts.IsResumed,
            Voucher = _table.Vouchers.For(_asked, facts.ClientFingerprint, _table.Loop.Time.GetUtcNow()),
            Exporter = facts.Exporter,
            EndPoint = facts.EndPoint,
        };
        var bytes = new ByteQueue(SecuredFrame.MaxSize);
        var writer = new FrameWriter(bytes, SecuredFrame.Type);
        frame.Write(writer);
        writer.End();
        // The first thing in the pair: there is room.
        return _plain.TryWrite(bytes.Span).Count == bytes.Length;
    }
}
