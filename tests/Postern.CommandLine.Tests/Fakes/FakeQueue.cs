using System.Text;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.CommandLine.Tests.Fakes;

/// <summary>A queue on real Unix sockets that notes what it gets and answers as a test wants.</summary>
internal sealed class FakeQueue : IDisposable
{
    private readonly Descriptor _listener;
    private readonly Thread _thread;
    private readonly MemoryStream _content = new();
    private volatile bool _stopping;

    internal FakeQueue(string path)
    {
        var result = Socket.OpenListener(SocketAddress.Unix(path), out var listener);
        Assert.False(result.Failed, result.ToString());
        _listener = listener!;
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The id that it issues.</summary>
    internal static MessageId Id { get; } = new(77);

    /// <summary>What it says first, as the real one does on queue.sock; null for control.sock.</summary>
    internal QueueCondition? Condition { get; init; }

    /// <summary>What becomes of a message.</summary>
    internal SubmissionOutcome Outcome { get; init; }

    /// <summary>Ends the connection at a frame of this type.</summary>
    internal ushort HangUpAt { get; init; }

    /// <summary>Whether a message that is asked for exists.</summary>
    internal bool Found { get; init; } = true;

    /// <summary>How many recipients an act touches.</summary>
    internal uint Touched { get; init; } = 3;

    /// <summary>How many of them are tried at once.</summary>
    internal uint Tried { get; init; }

    /// <summary>Messages that an act finds nothing of.</summary>
    internal IReadOnlyList<ulong> Gone { get; init; } = [];

    /// <summary>The items that it lists.</summary>
    internal IReadOnlyList<QueueItem> Items { get; init; } = [];

    /// <summary>The content that it shows.</summary>
    internal byte[] Stored { get; init; } = [];

    /// <summary>What it says to status, one answer after the other, the last for ever.</summary>
    internal Queue<StatusFrame> Statuses { get; } = new();

    /// <summary>The frames as words, in their order.</summary>
    internal List<string> Log { get; } = [];

    /// <summary>The largest content that was under way without credit.</summary>
    internal long MostUnderWay { get; private set; }

    /// <summary>How many content frames came.</summary>
    internal int Pieces { get; private set; }

    /// <summary>The content that it got.</summary>
    internal byte[] Content => _content.ToArray();

    /// <summary>The content that it got, as text.</summary>
    internal string Text => Encoding.Latin1.GetString(Content);

    /// <summary>Waits for the end of the conversation.</summary>
    internal void Join() => _thread.Join();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _listener.Dispose();
        _content.Dispose();
    }

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private void Serve()
    {
        Span<bool> ready = stackalloc bool[1];
        while (!_stopping)
        {
            if (DescriptorPoll.WaitReadable([_listener.Number], ready, 20) == 0)
            {
                continue;
            }

            Assert.False(Socket.Accept(_listener.Number, out var socket, out _).Failed);
            using var connection = new FrameConnection(socket!, "the client");
            try
            {
                if (Condition is { } condition)
                {
                    connection.Send(new QueueStateFrame { Condition = condition });
                }

                while (Answer(connection))
                {
                }
            }
            catch (CommandFailure)
            {
                // The client has gone.
            }

            return;
        }
    }

    private bool Answer(FrameConnection connection)
    {
        var type = connection.Receive(out var reader);
        if (type == HangUpAt)
        {
            return false;
        }

        return type < StatusRequestFrame.Type ? Take(connection, type, ref reader) : Administer(connection, type, ref reader);
    }

    private bool Take(FrameConnection connection, ushort type, ref FrameReader reader)
    {
        if (type == OpenMessageFrame.Type && OpenMessageFrame.TryRead(ref reader, out var open))
        {
            connection.Send(new MessageOpenedFrame { Transaction = open.Transaction, Message = Id.Value });
        }
        else if (type == SenderFrame.Type && SenderFrame.TryRead(ref reader, out var sender))
        {
            Log.Add($"from {Latin(sender.Address)} {sender.Protocol} {sender.Return} {sender.Body} {Latin(sender.EnvelopeId)} {sender.Handling}");
        }
        else if (type == RecipientFrame.Type && RecipientFrame.TryRead(ref reader, out var recipient))
        {
            Log.Add($"to {Latin(recipient.Address)} {(NotifyOn)recipient.Notify}");
        }
        else if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            _content.Write(content.Bytes);
            Pieces++;
            // Credit is given late, so that a sender that ignores it is seen.
            _owed += (uint)content.Bytes.Length;
            MostUnderWay = Math.Max(MostUnderWay, _owed);
            if (_owed == FrameLimits.ContentWindow)
            {
                connection.Send(new CreditFrame { Transaction = content.Transaction, Bytes = _owed });
                _owed = 0;
            }
        }
        else if (type == CommitFrame.Type && CommitFrame.TryRead(ref reader, out var commit))
        {
            Log.Add("commit");
            connection.Send(new SubmissionAnswerFrame { Transaction = commit.Transaction, Outcome = Outcome });
        }
        else
        {
            Log.Add(type == AbortFrame.Type ? "abort" : $"frame {type}");
            return false;
        }

        return true;
    }

    private uint _owed;

    private bool Administer(FrameConnection connection, ushort type, ref FrameReader reader)
    {
        if (type == StatusRequestFrame.Type && StatusRequestFrame.TryRead(ref reader, out var status))
        {
            var answer = Statuses.Count > 1 ? Statuses.Dequeue() : Statuses.Peek();
            connection.Send(answer with { Request = status.Request });
        }
        else if (type == ListRequestFrame.Type && ListRequestFrame.TryRead(ref reader, out var list))
        {
            Log.Add($"list '{list.Filter}' {list.Limit}{Words(list.Of)}");
            SendItems(connection, list.Request);
        }
        else if (type == ShowRequestFrame.Type && ShowRequestFrame.TryRead(ref reader, out var show))
        {
            Log.Add($"show {show.Message} {show.Content}");
            if (show.Content)
            {
                connection.Send(new ContentFrame { Transaction = show.Request, Bytes = Stored });
            }

            SendItems(connection, show.Request);
        }
        else if (type == ActFrame.Type && ActFrame.TryRead(ref reader, out var act))
        {
            Log.Add($"{act.Act} {act.Message}{Words(act.Of)}");
            var touched = Found && !Gone.Contains(act.Message) ? Touched : 0;
            connection.Send(new ActDoneFrame { Request = act.Request, Recipients = touched, Messages = Math.Min(touched, 2), Tried = Math.Min(touched, Tried) });
        }
        else if (type == DrainFrame.Type && DrainFrame.TryRead(ref reader, out var drain))
        {
            Log.Add($"drain {drain.On}");
            connection.Send(new RequestEndFrame { Request = drain.Request, Found = true });
        }
        else
        {
            Log.Add($"frame {type}");
            return false;
        }

        return true;
    }

    private static string Words(Selection of) => of == Selection.All ? string.Empty : $" '{of.Destination}' '{of.Domain}' '{of.Sender}'";

    private void SendItems(FrameConnection connection, uint request)
    {
        foreach (var item in Items)
        {
            connection.Send(new ItemFrame
            {
                Request = request,
                Message = item.Message.Value,
                Sender = item.Sender,
                Recipient = item.Recipient,
                Condition = item.Condition,
                Attempts = (ushort)item.Attempts,
                Size = item.Size,
                Arrived = item.Arrived,
                NextAttempt = item.NextAttempt,
                Destination = item.Destination,
                LastText = item.LastText,
            });
        }

        connection.Send(new RequestEndFrame { Request = request, Found = Found });
    }
}
