using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>The far ends of both channels, which take everything and allocate nothing: for tests of what smtpd allocates.</summary>
internal sealed class FrugalPeers(EventLoop loop) : IChannelEvents
{
    private ulong _lastId;

    /// <summary>Messages taken.</summary>
    public int Committed { get; private set; }

    public Descriptor Start()
    {
        Socket.OpenPair(packets: false, out var ours, out var theirs);
        _ = new Channel(loop, ours!, this);
        return theirs!;
    }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == AddressQuestionFrame.Type && AddressQuestionFrame.TryRead(ref reader, out var question))
        {
            channel.Send(new AddressAnswerFrame { Question = question.Question, Verdict = AddressVerdict.Local });
        }
        else if (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open))
        {
            channel.Send(new MessageOpenedFrame { Transaction = open.Transaction, Message = ++_lastId });
        }
        else if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            channel.Send(new CreditFrame { Transaction = content.Transaction, Bytes = (uint)content.Bytes.Length });
        }
        else if (type == CommitFrame.Type && CommitFrame.TryRead(ref reader, out var commit))
        {
            Committed++;
            channel.Send(new SubmissionAnswerFrame { Transaction = commit.Transaction, Outcome = SubmissionOutcome.Committed });
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile)
    {
    }
}
