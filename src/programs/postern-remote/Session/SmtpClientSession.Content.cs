using System.Buffers;
using System.Runtime.CompilerServices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Attempts;
using Postern.Smtp;

namespace Postern.Remote.Session;

/// <content>The content (RFC 5321 §4.1.1.4, §4.5.2) and the replies that decide (RFC 2033 §4.2).</content>
/// <remarks>
/// Always DATA, never BDAT (RFC 3030): the dots are doubled while the bytes are copied anyway, DATA is what every server has,
/// and with BDAT the server's count and ours would have to agree in one more place. A message without a final CRLF gets one.
/// </remarks>
internal sealed partial class SmtpClientSession
{
    /// <summary>Encoded bytes that are sent together; a smaller message goes out with its final dot in one write.</summary>
    private const int WriteSize = FrameLimits.MaxContent;

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask SendContentAsync(SmtpTransaction transaction)
    {
        if (transaction.Accepted.Count == 0)
        {
            // The server wants content for nobody: an empty message goes to nobody (I4).
            _outgoing.Append(".\r\n"u8);
            _ = await SendAsync(SessionTimeouts.DataBlock) && await ReadReplyAsync(SessionTimeouts.DataEnd);
            return;
        }

        if (!await EncodeContentAsync(transaction))
        {
            return;
        }

        if (await IsAnsweredEarlyAsync(transaction) || !await WriteContentAsync(transaction))
        {
            return;
        }

        if (Hop.IsLmtp)
        {
            foreach (var recipient in transaction.Accepted)
            {
                if (!await ReadFinalReplyAsync())
                {
                    return;
                }

                recipient.Settle(ResultOfReply(FinalOutcome(recipient), FaultOf.Peer));
            }
        }
        else if (await ReadFinalReplyAsync())
        {
            // One reply for all: of their results there are two sorts at most.
            DeliveryResult? last = null;
            foreach (var recipient in transaction.Accepted)
            {
                var outcome = FinalOutcome(recipient);
                last = last?.Outcome == outcome ? last : ResultOfReply(outcome, FaultOf.Peer);
                recipient.Settle(last);
            }
        }
    }

    /// <summary>Sends all of the content but what the last write takes along with the final dot.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> EncodeContentAsync(SmtpTransaction transaction)
    {
        var delivery = transaction.Delivery;
        var content = delivery.Content;
        var encoder = new DotEncoder();
        content.Rewind();
        while (true)
        {
            if (!Encode(encoder, content))
            {
                return RefuseContent(transaction);
            }

            if (content.IsAtEnd)
            {
                break;
            }

            if (_outgoing.Length < WriteSize)
            {
                delivery.GrantCredit();
                if (content.Unread.IsEmpty && !content.HasEnded && !await content.WaitAsync())
                {
                    return Fail(Temporary(EnhancedStatus.SystemFailure, "the content did not come"));
                }
            }
            else if (await IsAnsweredEarlyAsync(transaction) || !await WriteContentAsync(transaction))
            {
                return false;
            }
        }

        if (!encoder.TryFinish(_outgoing.Reserve(DotEncoder.MaxEnd), out var written))
        {
            return RefuseContent(transaction);
        }

        _outgoing.Advance(written);
        return true;
    }

    /// <summary>Encodes what is there until enough is gathered for a write; false when the content breaks the rules.</summary>
    private bool Encode(DotEncoder encoder, ContentQueue content)
    {
        while (_outgoing.Length < WriteSize && content.Unread is { IsEmpty: false } input)
        {
            var output = _outgoing.Reserve(Math.Min(input.Length + 64, WriteSize));
            if (encoder.Encode(input, output, out var consumed, out var written) == OperationStatus.InvalidData)
            {
                return false;
            }

            _outgoing.Advance(written);
            content.Advance(consumed);
        }

        return true;
    }

    /// <summary>Checked at intake, and once more here: the last place that can keep a second message inside the first from leaving (A34).</summary>
    private bool RefuseContent(SmtpTransaction transaction)
    {
        transaction.Settle(Never(EnhancedStatus.BadContent, "the message has a bare CR, a bare LF or a NUL"));

        // The server waits for the rest of a message that will never end: only closing tells it.
        return Fail(Temporary(EnhancedStatus.BadConnection, $"the connection to {Host} was closed in the middle of a message"));
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> WriteContentAsync(SmtpTransaction transaction)
    {
        _stream.SetDeadline(SessionTimeouts.DataBlock);
        var status = await _stream.WriteAsync(_outgoing.Memory);
        _outgoing.Consume(_outgoing.Length);

        // A server that has had enough says why before it closes.
        return status == IoStatus.Done || (!await IsAnsweredEarlyAsync(transaction) && Lose(status));
    }

    /// <summary>True when the server has spoken before the end of the content: a no counts, a yes can't mean this message (I3).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> IsAnsweredEarlyAsync(SmtpTransaction transaction)
    {
        if (!HasMore())
        {
            return false;
        }

        // The rest of the reply may still be on its way; no more content leaves before it is here.
        if (!await ReadAnyReplyAsync(SessionTimeouts.DataBlock))
        {
            return true;
        }

        if (_reader.Code >= 400)
        {
            var result = ResultOfReply(DeliveryOutcome.Temporary, FaultOf.Peer);
            foreach (var recipient in transaction.Accepted)
            {
                recipient.Settle(result);
            }

            Fail(Temporary(EnhancedStatus.BadConnection, $"{Host} answered in the middle of the message"));
        }
        else
        {
            Odd("a reply before the end of the content");
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ReadFinalReplyAsync() =>
        await ReadReplyAsync(SessionTimeouts.DataEnd) && (_reader.Code / 100 != 3 || Odd("unexpected reply to the content"));

    /// <summary>What a yes to the content means for a recipient.</summary>
    private DeliveryOutcome FinalOutcome(OutboundRecipient recipient)
    {
        // RFC 3461 §5.2.2: who asked to hear of success and went to a server without DSN is told that the mail was relayed.
        var isRelayed = (recipient.NotifyOn & NotifyOn.Success) != 0 && !_offered.Offers(SmtpExtensions.Dsn);
        return isRelayed ? DeliveryOutcome.Relayed : DeliveryOutcome.Delivered;
    }
}
