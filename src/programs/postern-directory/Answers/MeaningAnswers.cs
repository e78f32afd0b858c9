using Postern.Directory.Tables;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Role.Logging;

namespace Postern.Directory.Answers;

/// <summary>Answers <c>local</c>: where does mail for this address go?</summary>
internal sealed class MeaningAnswers(CurrentBook current, EventLog log) : IChannelEvents
{
    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != MeaningQuestionFrame.Type || !MeaningQuestionFrame.TryRead(ref reader, out var question))
        {
            return false;
        }

        Answer(channel, question.Question, Expansion.Of(current.Book, question.Address, question.Final));
        return true;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile) => AnswerLimits.LogEnd(log, "local", hostile);

    private static void Answer(Channel channel, uint question, Meaning meaning)
    {
        if (meaning.Mailbox is { } mailbox)
        {
            channel.Send(new MeaningMailboxFrame
            {
                Question = question,
                Kind = mailbox.Kind,
                User = mailbox.User,
                Folder = mailbox.Folder,
            });
        }

        foreach (var target in meaning.Targets)
        {
            channel.Send(new MeaningTargetFrame { Question = question, Address = target.Text });
        }

        channel.Send(new MeaningEndFrame { Question = question, Outcome = meaning.Outcome, List = meaning.List });
    }
}
