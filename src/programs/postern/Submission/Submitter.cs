using Postern.CommandLine.Server;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;

namespace Postern.CommandLine.Submission;

/// <summary>Hands one message to the queue and waits until it is on stable storage.</summary>
internal sealed class Submitter(FrameConnection queue, ServerSettings settings, TimeProvider time)
{
    /// <summary>What the queue takes for one message; further ones want a message of their own.</summary>
    internal const int MaxRecipients = AddressLimits.MaxRecipients;

    private const uint Transaction = 1;

    private readonly ByteQueue _prepared = new();
    private uint _credit = FrameLimits.ContentWindow;
    private ulong _size;

    /// <summary>Sends a message.</summary>
    /// <param name="message">Its envelope.</param>
    /// <param name="source">Its content.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="CommandFailure">It was not taken.</exception>
    internal MessageId Submit(LocalMessage message, MessageSource source)
    {
        var header = source.ReadHeader();
        List<Mailbox> recipients = [.. message.Recipients];
        if (message.ReadRecipients)
        {
            recipients.AddRange(HeaderRecipients.Read(source.Content.Span, header, settings.MailDomain));
        }

        recipients = [.. recipients.Distinct()];
        if (recipients.Count is 0 or > MaxRecipients)
        {
            throw new CommandFailure(
                ExitCode.Usage, recipients.Count == 0 ? "no recipients were given" : $"more than {MaxRecipients} recipients");
        }

        var id = Open();
        var scanner = new HeaderScanner();
        scanner.Feed(source.Content.Span[..header.BodyStart]);
        SendEnvelope(message, recipients, scanner.IsTlsOptional ? Handling.TlsOptional : Handling.None);
        new HeaderWriter(message, settings, id, time.GetLocalNow())
            .Write(source.Content.Span, header, recipients.Count == 1 ? recipients[0] : null, _prepared);
        source.Content.Consume(header.BodyStart);
        do
        {
            // A program may write line by line; each frame becomes a record on the disk, so they are filled.
            _prepared.Append(source.Content.Span);
            source.Content.Consume(source.Content.Length);
            if (_prepared.Length >= FrameLimits.MaxContent)
            {
                SendContent(_prepared);
            }
        }
        while (source.Fill());
        _prepared.Append(source.Content.Span);
        SendContent(_prepared);
        Commit();
        return id;
    }

    private MessageId Open()
    {
        queue.Send(new OpenMessageFrame { Transaction = Transaction });
        while (true)
        {
            var type = queue.Receive(out var reader);
            if (type == MessageOpenedFrame.Type && MessageOpenedFrame.TryRead(ref reader, out var opened))
            {
                queue.Patience = FrameConnection.PatienceWithDisks;
                return new MessageId(opened.Message);
            }

            TakeState(type, ref reader);
        }
    }

    private void SendEnvelope(LocalMessage message, List<Mailbox> recipients, Handling handling)
    {
        queue.Send(new SenderFrame
        {
            Transaction = Transaction,
            Address = message.Sender is null ? default : message.Sender.Text,
            EnvelopeId = message.EnvelopeId,
            Return = message.Return,
            Body = message.Body,
            Handling = handling | (message.Sender is { IsAscii: false } || recipients.Exists(recipient => !recipient.IsAscii) ? Handling.SmtpUtf8 : Handling.None),
            Protocol = MailProtocol.Local,
            Release = 0,
            Client = default,
        });
        foreach (var recipient in recipients)
        {
            queue.Send(new RecipientFrame
            {
                Transaction = Transaction,
                Address = recipient.Text,
                Original = default,
                Notify = (ushort)message.Notify,
            });
        }
    }

    private void SendContent(ByteQueue content)
    {
        while (content.Length > 0)
        {
            while (_credit == 0)
            {
                TakeCredit();
            }

            var count = (int)Math.Min(Math.Min((uint)content.Length, FrameLimits.MaxContent), _credit);
            _size += (uint)count;
            if (_size > settings.MessageSize)
            {
                queue.Send(new AbortFrame { Transaction = Transaction });
                throw TooLarge();
            }

            queue.Send(new ContentFrame { Transaction = Transaction, Bytes = content.Span[..count] });
            content.Consume(count);
            _credit -= (uint)count;
        }
    }

    private void TakeCredit()
    {
        var type = queue.Receive(out var reader);
        if (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit))
        {
            _credit += credit.Bytes;
        }
        else
        {
            TakeState(type, ref reader);
        }
    }

    private void Commit()
    {
        queue.Send(new CommitFrame { Transaction = Transaction });
        while (true)
        {
            var type = queue.Receive(out var reader);
            if (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer))
            {
                Judge(answer.Outcome);
                return;
            }

            if (type != CreditFrame.Type)
            {
                TakeState(type, ref reader);
            }
        }
    }

    /// <summary>Takes what the queue says unasked; a message that it would refuse is not sent to it.</summary>
    private static void TakeState(ushort type, ref FrameReader reader)
    {
        if (type != QueueStateFrame.Type || !QueueStateFrame.TryRead(ref reader, out var state))
        {
            throw new CommandFailure(ExitCode.Software, "the queue sent something else than an answer");
        }

        Judge(state.Condition switch
        {
            QueueCondition.Full => SubmissionOutcome.Full,
            QueueCondition.Draining => SubmissionOutcome.Draining,
            _ => SubmissionOutcome.Committed,
        });
    }

    private static void Judge(SubmissionOutcome outcome)
    {
        if (outcome != SubmissionOutcome.Committed)
        {
            throw outcome switch
            {
                SubmissionOutcome.TooLarge => TooLarge(),
                SubmissionOutcome.Full => new CommandFailure(ExitCode.TemporaryFailure, "the queue's disk is full"),
                SubmissionOutcome.Draining => new CommandFailure(ExitCode.TemporaryFailure, "the queue is being drained and takes no mail"),
                _ => new CommandFailure(ExitCode.TemporaryFailure, "the queue could not store the message"),
            };
        }
    }

    private static CommandFailure TooLarge() => new(ExitCode.BadData, "the message is larger than this server takes");
}
