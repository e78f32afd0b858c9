using System.Buffers;
using System.Runtime.CompilerServices;
using Postern.Ipc.Logins;
using Postern.Loop;
using Postern.Smtp;
using Postern.Smtpd.Commands;
using Postern.Smtpd.Peers;
using Postern.Text;

namespace Postern.Smtpd.Sessions;

/// <summary>How a client logs in: its messages go to the program that knows the passwords, and the challenges come from there.</summary>
internal sealed partial class SmtpSession
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome> LogInAsync()
    {
        var attempt = Attempt!;
        Attempt = null;
        if (_server.IsStopping) return new CommandOutcome(Replies.ShuttingDown, NextStep.Close);
        if (await _server.Logins.BeginAsync(_question.Wait) is not { } exchange) return Replies.AuthUnavailable;
        try
        {
            var fault = await ExchangeAsync(exchange, attempt);
            if (fault is { } outcome) return outcome;
        }
        finally
        {
            exchange.End();
        }

        var verdict = exchange.Verdict!.Value;
        if (verdict == LoginVerdict.LoggedIn)
        {
            User = exchange.Name;
            return Replies.Authenticated;
        }

        if (verdict == LoginVerdict.Unavailable) return Replies.AuthUnavailable;
        if (verdict == LoginVerdict.Unsupported) return Replies.AuthUnknownMechanism;
        return _tally.AddFailedLogin() ? _tooManyErrors
            : verdict == LoginVerdict.Later ? Replies.AuthUnavailable
            : verdict == LoginVerdict.Malformed ? Replies.AuthBadBase64
            : Replies.AuthFailed;
    }

    /// <summary>Carries messages and challenges until there is a verdict.</summary>
    /// <returns>Null then; otherwise why it came to none.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<CommandOutcome?> ExchangeAsync(LoginExchange exchange, LoginAttempt attempt)
    {
        var message = attempt.Initial is { } initial ? Decode(initial) : null;
        if (attempt.Initial is not null && message is null) return Replies.AuthBadBase64;
        Start(exchange, attempt);
        if (message is not null) _server.Logins.Send(new LoginMessageFrame { Exchange = exchange.Number, Message = message });
        while (true)
        {
            await exchange.AnsweredAsync();
            if (exchange.Verdict is not null) return null;
            _client.Write(ChallengeOf(exchange.Challenge));
            _clock.CommandDone();
            var (line, fault) = await ReadAnswerAsync();
            if (line is null) return fault;
            // Who judged it is gone, and his successor knows nothing of it.
            if (exchange.IsOver) return null;
            if (line is [(byte)'*']) return Replies.AuthCancelled;
            if ((message = line.Length == 0 ? [] : Decode(line)) is null) return Replies.AuthBadBase64;
            _server.Logins.Send(new LoginMessageFrame { Exchange = exchange.Number, Message = message });
        }
    }

    private void Start(LoginExchange exchange, LoginAttempt attempt)
    {
        Span<byte> address = stackalloc byte[IpAddress.Size];
        Peer.Address.CopyTo(address);
        _server.Logins.Send(new LoginStartFrame
        {
            Exchange = exchange.Number,
            Service = Peer.Service,
            Client = address,
            Mechanism = attempt.Mechanism,
            HasMessage = attempt.Initial is not null,
            Exporter = Security!.Exporter,
            EndPoint = Security.EndPoint,
            Voucher = Security.Voucher,
        });
    }

    /// <summary>Reads the client's answer to a challenge: a line of its own kind and length.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<(byte[]? Line, CommandOutcome Fault)> ReadAnswerAsync()
    {
        while (true)
        {
            switch (LineFramer.Find(_client.Unread, LineFramer.MaxAuthLine, out var length, out var fault))
            {
                case OperationStatus.Done:
                    var line = _client.Unread[..(length - 2)].ToArray();
                    _client.Consume(length);
                    return (line, default);
                case OperationStatus.NeedMoreData:
                    _isIdle = true;
                    var status = await _client.FillAsync(isContent: false);
                    _isIdle = false;
                    if (status == IoStatus.Done) continue;
                    return (null, new CommandOutcome(FarewellTo(status), NextStep.Close));
                default:
                    _server.Log.LineFault(this, fault, isContent: false);
                    return (null, new CommandOutcome(fault == LineFault.TooLong ? Replies.LineTooLong : Replies.ForCommandLine(fault), NextStep.Close));
            }
        }
    }

    /// <summary>What stands in a line; null for what is no base64. "=" stands for an empty message (RFC 4954 §4).</summary>
    private static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'=']) return [];
        var bytes = new byte[((text.Length / 4) + 1) * 3];
        return !text.IsEmpty && Base64Text.TryDecode(text, bytes, out var length) && length <= LoginMessageFrame.MaxMessage ? bytes[..length] : null;
    }

    private static SmtpReply ChallengeOf(ReadOnlySpan<byte> challenge)
    {
        var text = new byte[Base64Text.LengthFor(challenge.Length)];
        return SmtpReply.Line(334, null, text.AsSpan(0, Base64Text.Encode(challenge, text)));
    }
}
