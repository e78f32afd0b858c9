using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Role.Logging;

namespace Postern.Directory.Answers;

/// <summary>Answers <c>smtpd</c>: is this recipient ours, and is this sender somebody's own?</summary>
internal sealed class VerdictAnswers(CurrentBook current, EventLog log) : IChannelEvents
{
    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == AddressQuestionFrame.Type && AddressQuestionFrame.TryRead(ref reader, out var question))
        {
            channel.Send(new AddressAnswerFrame { Question = question.Question, Verdict = current.Book.Judge(question.Address) });
            return true;
        }

        if (type == SenderQuestionFrame.Type && SenderQuestionFrame.TryRead(ref reader, out var sender))
        {
            channel.Send(new AddressAnswerFrame { Question = sender.Question, Verdict = SenderRights.Judge(current.Book, sender.Login, sender.Address) });
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile) => AnswerLimits.LogEnd(log, "smtpd", hostile);
}
