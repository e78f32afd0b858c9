using System.Text;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;

namespace Postern.Auth.Tests.Harness;

/// <summary>The queue's end of its line, which keeps every message as it was handed in.</summary>
internal sealed class QueueEnd : IChannelEvents, IDisposable
{
    private readonly Channel _channel;
    private uint? _open;
    private string _envelope = "";
    private string _text = "";

    public QueueEnd(EventLoop loop, Descriptor ours) => _channel = new Channel(loop, ours, this);

    /// <summary>What is answered to a commit; null for nothing.</summary>
    public SubmissionOutcome? Outcome { get; set; } = SubmissionOutcome.Committed;

    /// <summary>Messages whose end came: envelope and content.</summary>
    public List<(string Envelope, string Text)> Messages { get; } = [];

    /// <summary>The id of the message that was begun last.</summary>
    public ulong LastId { get; private set; } = 0x1000;

    public void Tell(QueueCondition condition) => _channel.Send(new QueueStateFrame { Condition = condition });

    public void Send<T>(T frame)
        where T : IFrame<T> => _channel.Send(frame);

    public bool IsClosed => _channel.IsClosed;

    /// <summary>Dies with all that is under way.</summary>
    public void Dispose() => _channel.Dispose();

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open))
        {
            Assert.Null(_open);
            (_open, _envelope, _text) = (open.Transaction, "", "");
            _channel.Send(new MessageOpenedFrame { Transaction = open.Transaction, Message = ++LastId });
        }
        else if (type == SenderFrame.Type && SenderFrame.TryRead(ref reader, out var sender))
        {
            Assert.Equal(_open, sender.Transaction);
            Assert.True(sender.Client.IsEmpty && sender.EnvelopeId.IsEmpty);
            _envelope = $"<{Encoding.UTF8.GetString(sender.Address)}> {sender.Protocol} {sender.Body}{(sender.Handling == Handling.SmtpUtf8 ? " SMTPUTF8" : "")}";
        }
        else if (type == RecipientFrame.Type && RecipientFrame.TryRead(ref reader, out var recipient))
        {
            Assert.Equal(_open, recipient.Transaction);
            _envelope += $" <{Encoding.UTF8.GetString(recipient.Address)}> {(NotifyOn)recipient.Notify}";
        }
        else if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            Assert.Equal(_open, content.Transaction);
            _text += Encoding.UTF8.GetString(content.Bytes);
            _channel.Send(new CreditFrame { Transaction = content.Transaction, Bytes = (uint)content.Bytes.Length });
        }
        else
        {
            Assert.True(type == CommitFrame.Type && CommitFrame.TryRead(ref reader, out var commit) && commit.Transaction == _open, $"a frame of type {type}");
            Messages.Add((_envelope, _text));
            if (Outcome is { } outcome)
            {
                _channel.Send(new SubmissionAnswerFrame { Transaction = _open!.Value, Outcome = outcome });
            }

            _open = null;
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);
}
