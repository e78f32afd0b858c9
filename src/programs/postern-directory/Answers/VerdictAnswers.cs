using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Role.Logging;

namespace Postern.Directory.Answers;

/// <summary>Answers <c>smtpd</c>: is this recipient ours?</summary>
internal sealed class VerdictAnswers(CurrentBook current, EventLog log) : IChannelEvents
{
    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != AddressQuestionFrame.Type || !AddressQuestionFrame.TryRead(ref reader, out var question))
        {
            return false;
        }

        channel.Send(new AddressAnswerFrame { Question = question.Question, Verdict = current.Book.Judge(question.Address) });
        return true;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile) => AnswerLimits.LogEnd(log, "smtpd", hostile);
}
