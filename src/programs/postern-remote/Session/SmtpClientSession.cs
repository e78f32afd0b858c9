using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Smtp;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Remote.Session;

/// <summary>A connection to a server: what it offers, and how commands and replies pass.</summary>
/// <remarks>
/// The phases stand in files of their own: greeting, envelope, content. Nothing that the server does raises an exception: the
/// first thing that goes wrong becomes <see cref="Failure"/>, and from then on every step says no.
/// </remarks>
internal sealed partial class SmtpClientSession : IDisposable
{
    /// <summary>Messages on one connection. Arbitrary: spreads a long queue over the hosts of a domain now and then.</summary>
    internal const int MaxMessages = 1000;

    /// <summary>Bytes read at once: the replies to a group of commands.</summary>
    private const int ReadSize = 2048;

    private readonly SessionSetting _setting;
    private readonly ServerStream _stream;
    private readonly HopTarget _target;
    private readonly ReplyReader _reader = new();
    private readonly ByteQueue _incoming = new();
    private readonly ByteQueue _outgoing = new();

    // What EHLO or LHLO offered; nothing after HELO.
    private EhloCapabilities _offered = new();

    // The transaction under way: decides whether a failure is about the message or about the host.
    private SmtpTransaction? _transaction;
    private int _messages;

    // The server said 421, or no to the greeting: its last word, after which its earlier ones still hold.
    private bool _hasRefused;

    private SmtpClientSession(SessionSetting setting, ServerStream stream, Hop hop, HopTarget target)
    {
        _setting = setting;
        _stream = stream;
        _target = target;
        Hop = hop;
        Idle = new IdlePlace(this);
    }

    /// <summary>The hop that it serves.</summary>
    internal Hop Hop { get; }

    /// <summary>Why it can't go on; null while it can.</summary>
    internal DeliveryResult? Failure { get; private set; }

    /// <summary>Where it stands among the idle ones; the pool's.</summary>
    internal IdlePlace Idle { get; }

    /// <summary>Recipients that the server takes in one transaction, as far as it says (RFC 9422).</summary>
    internal int MaxRecipients => _offered.MaxRecipients ?? int.MaxValue;

    /// <summary>True when a message that requires TLS may go here (RFC 8689 §4.2.1): the server is known, and asks the same of the next one. Within
    /// this host there is no TLS and no next one.</summary>
    internal bool MeetsRequireTls => _setting.IsFitForRequireTls && (!IsWithinTls || _offered.Offers(SmtpExtensions.RequireTls));

    /// <summary>True when nobody can listen.</summary>
    internal bool IsWithinTls => _stream.Facts is not null;

    /// <summary>True when another transaction may follow.</summary>
    internal bool IsReusable => Failure is null && !_stream.IsClosed && _incoming.Length == 0
        && _messages < Math.Min(_offered.MaxTransactions ?? MaxMessages, MaxMessages);

    /// <summary>Connects, greets, and protects the session.</summary>
    /// <returns>A session; or why there is none, and whether that was for TLS alone.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal static async ValueTask<SessionOpening> OpenAsync(SessionSetting setting, Hop hop, HopTarget target, HopProtection protection)
    {
        var (connection, error) = await Connection.OpenAsync(setting.Loop, target.Address, SessionTimeouts.Connect);
        if (connection is null)
        {
            var why = $"connect to {Encoding.ASCII.GetString(target.Text)}: {Errno.Describe(error)}";
            return new SessionOpening(null, DeliveryResult.Temporary(EnhancedStatus.NoAnswer, FaultOf.World, Encoding.ASCII.GetBytes(why)), false);
        }

        var session = new SmtpClientSession(setting with { IsFitForRequireTls = protection.IsFitForRequireTls }, new ServerStream(connection), hop, target);
        var isBegun = false;
        try
        {
            isBegun = await session.BeginAsync(protection);
            if (isBegun)
            {
                return new SessionOpening(session, null, false) { Tls = session.Tls };
            }

            session.Quit();
            return new SessionOpening(null, session.Failure, session._stream.HasLostTls || (protection.Demand is not null && session.Tls is SessionTls.NotOffered or SessionTls.NotNow)) { Tls = session.Tls };
        }
        finally
        {
            // Also after a bug of ours: the server must not wait for a client that nobody has any more.
            if (!isBegun)
            {
                session.Dispose();
            }
        }
    }

    /// <summary>True when it began with this client's settings.</summary>
    internal bool Began(TlsClient client) => ReferenceEquals(_setting.Tls, client);

    /// <summary>True when nothing has come since the last reply: a server that is about to close says so before.</summary>
    internal bool IsStillQuiet() => _stream.TryRead(_incoming.Reserve(ReadSize)) is { IsDone: true, Count: 0 };

    /// <summary>Says goodbye without waiting for an answer.</summary>
    internal void Quit()
    {
        _stream.SayLast(ClientCommand.Quit);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Idle.Timer?.Unset();
        _stream.Dispose();
    }

    // What is said before a login, the server of that name alone hears: so it comes last.
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> BeginAsync(HopProtection protection) =>
        (Hop.IsTls ? await ShakeHandsAsync(protection) && await GreetAsync() : await GreetAsync() && await ProtectAsync(protection))
        && (protection.Login is not { HasUser: true } login || await LogInAsync(login));

    /// <summary>Sends what was gathered; a reply that came before its command ends the session (I5).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(TimeSpan within)
    {
        if (Failure is not null)
        {
            return false;
        }

        if (_incoming.Length > 0)
        {
            return Odd("more replies than commands");
        }

        _stream.SetDeadline(within);
        var status = await _stream.WriteAsync(_outgoing.Memory);
        _outgoing.Consume(_outgoing.Length);
        return status == IoStatus.Done || Lose(status);
    }

    /// <summary>Reads one reply; its time counts from here and is not prolonged by bytes that trickle in.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ReadReplyAsync(TimeSpan within, EhloCapabilities? offered = null) =>
        await ReadAnyReplyAsync(within, offered) && (_reader.Code != 421 || Refuse());

    /// <summary>The same, and 421 is a reply like others.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ReadAnyReplyAsync(TimeSpan within, EhloCapabilities? offered = null)
    {
        if (Failure is not null)
        {
            return false;
        }

        _reader.Begin(offered);
        _stream.SetDeadline(within);
        while (true)
        {
            var status = _reader.Read(_incoming.Span, out var consumed);
            _incoming.Consume(consumed);
            if (status == OperationStatus.Done)
            {
                return true;
            }

            if (status == OperationStatus.InvalidData)
            {
                return Odd(_reader.Fault.ToString());
            }

            var result = _stream.TryRead(_incoming.Reserve(ReadSize));
            if (!result.IsDone)
            {
                return Lose(result.Status);
            }

            _incoming.Advance(result.Count);
            if (result.Count == 0 && await _stream.WaitReadableAsync() is var ready and not IoStatus.Done)
            {
                return Lose(ready);
            }
        }
    }

    /// <summary>The result that the last reply means for whoever it was about.</summary>
    private DeliveryResult ResultOfReply(DeliveryOutcome success, FaultOf fault)
    {
        var code = _reader.Code;
        var outcome = code < 400 ? success : code < 500 ? DeliveryOutcome.Temporary : DeliveryOutcome.Permanent;
        var status = _reader.Status ?? new EnhancedStatus((byte)(code / 100), 0, 0);
        return ResultOfReply(outcome, status, code < 400 ? FaultOf.None : fault);
    }

    /// <summary>A result with the words of the last reply.</summary>
    private DeliveryResult ResultOfReply(DeliveryOutcome outcome, EnhancedStatus status, FaultOf fault)
    {
        // As a notification's Diagnostic-Code wants it: the reply as it came, in one line (RFC 3464 §2.3.6).
        Span<byte> words = stackalloc byte[ReplyReader.MaxText + 16];
        var length = Postern.Text.DecimalText.Write((ulong)_reader.Code, words);
        words[length++] = (byte)' ';
        if (_reader.Status is { } said)
        {
            length += said.Write(words[length..]);
            words[length++] = (byte)' ';
        }

        var text = _reader.Text[..Math.Min(_reader.Text.Length, words.Length - length)];
        text.CopyTo(words[length..]);
        return new DeliveryResult(outcome, status, fault, words[..(length + text.Length)].TrimEnd((byte)' '), _target.Text);
    }

    /// <summary>The server has answered, and won't serve: 421 at any time, or no to the greeting.</summary>
    private bool Refuse()
    {
        _hasRefused = true;
        return Fail(ResultOfReply(DeliveryOutcome.Temporary, WhoseFault));
    }

    /// <summary>True when the server has said more than was read.</summary>
    private bool HasMore()
    {
        if (_incoming.Length == 0 && _stream.TryRead(_incoming.Reserve(ReadSize)) is { IsDone: true } result)
        {
            _incoming.Advance(result.Count);
        }

        return _incoming.Length > 0;
    }

    private bool Lose(IoStatus status)
    {
        var timedOut = status == IoStatus.TimedOut;
        return Fail(Temporary(
            timedOut ? EnhancedStatus.NoAnswer : EnhancedStatus.BadConnection,
            timedOut ? $"{Host} did not answer in time" : $"{Host} closed the connection"));
    }

    /// <summary>What came can't be attributed: nothing on this connection means anything any more.</summary>
    private bool Odd(string what)
    {
        _setting.Log.Warning("peer-odd").Quoted("host", _target.Text).Quoted("what", what).Write();
        return Fail(Temporary(EnhancedStatus.ProtocolError, $"{Host} broke the protocol: {what}"));
    }

    // A result names a host for its reply alone. What we say of it ourselves is ours: a sender who is told that a server said
    // something will ask its administrator about it.
    private DeliveryResult Temporary(EnhancedStatus status, string text) =>
        DeliveryResult.Temporary(status, WhoseFault, Encoding.ASCII.GetBytes(text));

    private static DeliveryResult Never(EnhancedStatus status, string text) =>
        DeliveryResult.Permanent(status, FaultOf.Peer, Encoding.ASCII.GetBytes(text));

    private string Host => Encoding.ASCII.GetString(_target.Text);

    private FaultOf WhoseFault => _transaction is { MailAccepted: true } ? FaultOf.Peer : FaultOf.World;

    private bool Fail(DeliveryResult failure)
    {
        Failure ??= failure;
        return false;
    }
}
