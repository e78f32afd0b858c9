using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.CommandLine.Server;

/// <summary>Asks the queue one thing after the other over its control socket.</summary>
internal sealed class QueueAdministration(FrameConnection connection)
{
    private uint _request;

    /// <summary>The queue in numbers.</summary>
    internal StatusFrame Status()
    {
        connection.Send(new StatusRequestFrame { Request = ++_request });
        var type = connection.Receive(out var reader);
        return type == StatusFrame.Type && StatusFrame.TryRead(ref reader, out var status) && status.Request == _request
            ? status : throw Unexpected();
    }

    /// <summary>Lists recipients.</summary>
    /// <param name="filter">Part of an address, or empty.</param>
    /// <param name="of">Which.</param>
    /// <param name="limit">Of how many messages at most.</param>
    internal List<QueueItem> List(string filter, Selection of, uint limit)
    {
        connection.Send(new ListRequestFrame { Request = ++_request, Filter = filter, Of = of, Limit = limit });
        var items = new List<QueueItem>();
        _ = Collect(items, null);
        return items;
    }

    /// <summary>Shows a message.</summary>
    /// <param name="id">Which.</param>
    /// <param name="items">Gets its recipients.</param>
    /// <param name="content">Gets its content piece by piece; null when it is not wanted.</param>
    /// <returns>False when there is no such message.</returns>
    internal bool Show(MessageId id, List<QueueItem> items, Stream? content)
    {
        connection.Send(new ShowRequestFrame { Request = ++_request, Message = id.Value, Content = content is not null });
        return Collect(items, content);
    }

    /// <summary>Does something to queued messages.</summary>
    /// <param name="act">What.</param>
    /// <param name="id">Which message; 0 for all of them.</param>
    /// <param name="of">Which recipients.</param>
    /// <returns>What it touched.</returns>
    internal ActTally Act(QueueAct act, MessageId id, Selection of)
    {
        connection.Send(new ActFrame { Request = ++_request, Act = act, Message = id.Value, Of = of });
        var type = connection.Receive(out var reader);
        return type == ActDoneFrame.Type && ActDoneFrame.TryRead(ref reader, out var done) && done.Request == _request
            ? new ActTally(done.Recipients, done.Messages, done.Tried) : throw Unexpected();
    }

    /// <summary>Stops or resumes taking messages.</summary>
    internal void Drain(bool on)
    {
        connection.Send(new DrainFrame { Request = ++_request, On = on });
        _ = Collect([], null);
    }

    /// <summary>Waits a while; for a pause between two questions.</summary>
    internal void Pause(int milliseconds) => _ = connection.Pause(milliseconds);

    private bool Collect(List<QueueItem> items, Stream? content)
    {
        while (true)
        {
            var type = connection.Receive(out var reader);
            if (type == ItemFrame.Type && ItemFrame.TryRead(ref reader, out var item) && item.Request == _request)
            {
                items.Add(QueueItem.Of(item));
            }
            else if (type == ContentFrame.Type && content is not null
                && ContentFrame.TryRead(ref reader, out var piece) && piece.Transaction == _request)
            {
                content.Write(piece.Bytes);
            }
            else if (type == RequestEndFrame.Type && RequestEndFrame.TryRead(ref reader, out var end) && end.Request == _request)
            {
                return end.Found;
            }
            else
            {
                throw Unexpected();
            }
        }
    }

    private static CommandFailure Unexpected() => new(ExitCode.Software, "the queue sent something else than an answer");
}
