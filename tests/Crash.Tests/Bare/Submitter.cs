using System.Text;
using Postern.Crash.Load;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Crash.Bare;

/// <summary>Plays smtpd: hands in numbered messages and keeps what became of each.</summary>
internal sealed class Submitter : IChannelEvents
{
    private const int Piece = 48 << 10;

    private readonly Dictionary<uint, Queue<byte[]>> _unsent = [];

    internal Channel Channel { get; set; } = null!;

    /// <summary>What became of the messages that were answered.</summary>
    internal Dictionary<int, SubmissionOutcome> Answers { get; } = [];

    /// <summary>The messages that were handed in, answered or not, and the least bytes of each.</summary>
    internal Dictionary<int, int> Sent { get; } = [];

    /// <summary>The ids that were issued.</summary>
    internal List<ulong> Ids { get; } = [];

    /// <summary>Whether new messages are taken.</summary>
    internal QueueCondition Condition { get; private set; }

    /// <summary>Who sends a message: it can be told from all others by it.</summary>
    internal static string SenderOf(int number) => $"sender-{number}-x@s.test";

    /// <summary>The answer that lets smtpd say 250, as it goes through the socket.</summary>
    internal static byte[] AcknowledgementOf(int number)
    {
        var bytes = new Postern.Loop.ByteQueue();
        var writer = new FrameWriter(bytes, SubmissionAnswerFrame.Type);
        new SubmissionAnswerFrame { Transaction = (uint)number, Outcome = SubmissionOutcome.Committed }.Write(writer);
        writer.End();
        return bytes.Span.ToArray();
    }

    /// <summary>Hands in a message; its number is the transaction's.</summary>
    internal void Submit(int number, int least, params string[] recipients)
    {
        var transaction = (uint)number;
        Sent.Add(number, least);
        Channel.Send(new OpenMessageFrame { Transaction = transaction });
        Channel.Send(new SenderFrame
        {
            Transaction = transaction,
            Address = Encoding.ASCII.GetBytes(SenderOf(number)),
            EnvelopeId = default,
            Return = default,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Release = 0,
            Protocol = MailProtocol.Esmtp,
            Client = new byte[16],
        });
        foreach (var recipient in recipients)
        {
            Channel.Send(new RecipientFrame { Transaction = transaction, Address = Encoding.ASCII.GetBytes(recipient), Original = default, Notify = (ushort)NotifyOn.Never });
        }

        _unsent[transaction] = new Queue<byte[]>(NumberedMessage.Content(number, least).Chunk(Piece));
        // The credit that every message has from the beginning covers four pieces.
        for (var piece = 0; piece < 4; piece++)
        {
            GoOn(transaction);
        }
    }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == MessageOpenedFrame.Type && MessageOpenedFrame.TryRead(ref reader, out var opened))
        {
            Ids.Add(opened.Message);
            return true;
        }

        if (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer))
        {
            Answers.Add((int)answer.Transaction, answer.Outcome);
            return true;
        }

        if (type == QueueStateFrame.Type && QueueStateFrame.TryRead(ref reader, out var state))
        {
            Condition = state.Condition;
            return true;
        }

        if (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit))
        {
            GoOn(credit.Transaction);
            return true;
        }

        return false;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile, "the queue sent a frame that smtpd does not know");

    private void GoOn(uint transaction)
    {
        if (!_unsent.TryGetValue(transaction, out var pieces))
        {
            return;
        }

        if (pieces.TryDequeue(out var piece))
        {
            Channel.Send(new ContentFrame { Transaction = transaction, Bytes = piece });
        }

        if (pieces.Count == 0)
        {
            _unsent.Remove(transaction);
            Channel.Send(new CommitFrame { Transaction = transaction });
        }
    }
}
