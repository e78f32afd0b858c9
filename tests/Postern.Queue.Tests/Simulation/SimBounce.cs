using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Plays bounce: composes what it was asked for, at its leisure.</summary>
internal sealed class SimBounce(Ledger ledger, Random random) : PeerEnd
{
    private readonly Dictionary<uint, Asked> _open = [];
    private readonly Queue<Asked> _whole = new();

    internal bool IsKind { get; set; }

    internal void Step()
    {
        if (!_whole.TryDequeue(out var asked))
        {
            return;
        }

        if (!IsKind && random.Next(6) == 0)
        {
            Channel.Send(new NoticeRefusedFrame { Notice = asked.Number });
            return;
        }

        var about = ledger.Stories[Story.TokenOf(asked.Original.ToString())];
        Assert.NotEqual(Standing.Refused, about.Standing);
        about.WasSeen = true;
        var lastResort = about.Sender.Length == 0;
        Assert.Equal(about.Sender, asked.To);
        Assert.False(about.IsLastResort, $"{about}: a notification of what went to postmaster already");
        Assert.All(asked.Lines, line => Assert.Contains(
            about.Recipients, recipient => recipient.Address == line.Address || Addresses.Finals(recipient.Address).Contains(line.Address)));

        // Its story begins here; whether it comes into being is the queue's matter, and shows when it is tried.
        var story = ledger.Begin(string.Empty, random.Next(300), lastResort);
        story.Handling = about.Handling & Handling.RequireTls;
        story.Recipients.Add((lastResort ? "postmaster@mx.a.test" : asked.To, NotifyOn.Unspecified));
        ledger.Issued(story, asked.Own);
        about.Reports.Add(new Report(story, asked.About, asked.Lines));
        Channel.Send(new ContentFrame { Transaction = asked.Number, Bytes = Encoding.ASCII.GetBytes(story.Content) });
        Channel.Send(new ContentEndFrame { Transaction = asked.Number });
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == NoticeStartFrame.Type && NoticeStartFrame.TryRead(ref reader, out var start))
        {
            _open.Add(start.Notice, new Asked(start.Notice, start.Own, start.Message, Encoding.ASCII.GetString(start.To)));
            return true;
        }

        if (type == NoticeRecipientFrame.Type && NoticeRecipientFrame.TryRead(ref reader, out var recipient))
        {
            _open[recipient.Notice].Lines.Add((recipient.Action, Encoding.ASCII.GetString(recipient.Address)));
            return true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            _open[content.Transaction].Original.Append(Encoding.ASCII.GetString(content.Bytes));
            return true;
        }

        if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && _open.Remove(end.Transaction, out var asked))
        {
            _whole.Enqueue(asked);
            return true;
        }

        return false;
    }

    private sealed record Asked(uint Number, ulong Own, ulong About, string To)
    {
        internal List<(NoticeAction Action, string Address)> Lines { get; } = [];

        internal StringBuilder Original { get; } = new();
    }
}
