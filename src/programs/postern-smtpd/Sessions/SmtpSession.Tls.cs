using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Smtp;
using Postern.Smtpd.Commands;

namespace Postern.Smtpd.Sessions;

/// <summary>How a session goes on over TLS: the client's socket goes to the program that has the keys, a plain one comes in its place.</summary>
internal sealed partial class SmtpSession
{
    /// <summary>STARTTLS was right: says so, and begins anew over TLS. What was said before counts no more (RFC 3207 §4.2).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> StartTlsAsync()
    {
        if (!await _server.Tls.ConnectedAsync(_question.Wait)) return Replies.TlsUnavailable;
        _client.Write(Replies.ReadyForTls);
        // From here on nothing may be said in the clear, whatever happens.
        if (await _client.FlushAsync() != IoStatus.Done || !await SecureAsync()) return new CommandOutcome(null, NextStep.Close);
        Hello = null;
        return _fill;
    }

    /// <summary>Has TLS done with the client; false when there is nothing to go on with.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> SecureAsync()
    {
        if (Socket.OpenPair(packets: false, out var near, out var far).Failed) return false;
        using (far)
        using (var client = _client.Detach())
        {
            _client = new ClientStream(new Connection(_server.Loop, near!), _clock);
            if (client is null || !await _server.Tls.HandOverAsync(new HandOver(Peer.Service, Peer.Address), client, far!, _question.Wait)) return false;
        }

        _clock.CommandDone();
        while (true)
        {
            // Nothing is under way: such a session can be closed at once.
            _isIdle = true;
            var status = await _client.FillAsync(isContent: false);
            _isIdle = false;
            if (status != IoStatus.Done) return false;
            if (TakeFacts() is { } isWhole) return isWhole;
        }
    }

    /// <summary>Takes what was agreed off the stream; null while it is not whole, false when it is nonsense.</summary>
    private bool? TakeFacts()
    {
        var unread = _client.Unread;
        if (unread.Length < FrameLimits.HeaderSize) return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(unread);
        if (length > SecuredFrame.MaxSize || BinaryPrimitives.ReadUInt16LittleEndian(unread[4..]) != SecuredFrame.Type) return false;
        var whole = FrameLimits.HeaderSize + (int)length;
        if (unread.Length < whole) return null;
        var reader = new FrameReader(unread[FrameLimits.HeaderSize..whole]);
        // They stand in the log and in the message as they are. From '0' to '_' is all that names of suites are made of, and no blank, quotation mark or
        // parenthesis; a semicolon would begin the date.
        if (!SecuredFrame.TryRead(ref reader, out var facts) || facts.Version is not ("TLSv1.2" or "TLSv1.3")
            || facts.Suite.Contains(';') || facts.Suite.AsSpan().ContainsAnyExceptInRange('0', '_')) return false;
        Security = SessionSecurity.Of(facts);
        _client.Consume(whole);
        return true;
    }
}
