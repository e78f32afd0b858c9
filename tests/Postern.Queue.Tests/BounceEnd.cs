using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;

namespace Postern.Queue.Tests;

/// <summary>A notification as <c>bounce</c> is asked for it.</summary>
internal sealed class AskedNotice
{
    internal required uint Number { get; init; }

    internal required string To { get; init; }

    internal required string EnvelopeId { get; init; }

    internal required bool Full { get; init; }

    internal List<(NoticeAction Action, string Address)> Recipients { get; } = [];

    internal List<string> OriginalRecipients { get; } = [];

    internal string Original { get; set; } = string.Empty;
}

/// <summary>Plays bounce: composes a text that names what it was told, one line each.</summary>
internal sealed class BounceEnd : PeerEnd
{
    /// <summary>What was asked for, one entry per notification.</summary>
    internal List<AskedNotice> Notices { get; } = [];

    /// <summary>False keeps the texts back until <see cref="Compose"/>.</summary>
    internal bool Answers { get; set; } = true;

    /// <summary>What stands above the lines of the text.</summary>
    internal string Subject { get; set; } = "Subject: notice\r\n\r\n";

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == NoticeStartFrame.Type && NoticeStartFrame.TryRead(ref reader, out var start))
        {
            Notices.Add(new AskedNotice
            {
                Number = start.Notice,
                To = Encoding.ASCII.GetString(start.To),
                EnvelopeId = Encoding.ASCII.GetString(start.EnvelopeId),
                Full = start.Full,
            });
            return true;
        }

        if (type == NoticeRecipientFrame.Type && NoticeRecipientFrame.TryRead(ref reader, out var recipient))
        {
            var notice = Find(recipient.Notice);
            notice.Recipients.Add((recipient.Action, Encoding.ASCII.GetString(recipient.Address)));
            notice.OriginalRecipients.Add(Encoding.ASCII.GetString(recipient.Original));
            return true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            Find(content.Transaction).Original += Encoding.Latin1.GetString(content.Bytes);
            return true;
        }

        if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end))
        {
            if (Answers)
            {
                Compose(Find(end.Transaction));
            }

            return true;
        }

        return false;
    }

    internal void Compose(AskedNotice notice)
    {
        var text = Subject + string.Concat(notice.Recipients.Select(one => $"{one.Action} {one.Address}\r\n"));
        foreach (var piece in Encoding.Latin1.GetBytes(text).Chunk(FrameLimits.MaxContent))
        {
            Channel.Send(new ContentFrame { Transaction = notice.Number, Bytes = piece });
        }

        Channel.Send(new ContentEndFrame { Transaction = notice.Number });
    }

    private AskedNotice Find(uint number) => Notices.Last(notice => notice.Number == number);
}
