using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Bounce;

/// <summary>Composes each notification that queue asks for from what queue tells of it.</summary>
/// <param name="log">The log.</param>
/// <param name="names">Who notifications come from, by the configuration in force.</param>
internal sealed class NoticeDesk(EventLog log, Func<BounceNames> names) : IChannelEvents
{
    /// <summary>Notifications that may be told at one time; queue has fewer under way.</summary>
    internal const int MaxOpen = 64;

    /// <summary>What is being told; null for a notification that can't be composed, which is answered when all was told.</summary>
    /// <remarks>
    /// It holds what strangers wrote: an address that the queue took and that is none here, say. That is no reason to take
    /// the queue for hostile, which would end all notifications.
    /// </remarks>
    private readonly Dictionary<uint, Composition?> _open = [];

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == NoticeStartFrame.Type)
        {
            return NoticeStartFrame.TryRead(ref reader, out var start) && Begin(start);
        }

        if (type == NoticeRecipientFrame.Type)
        {
            return NoticeRecipientFrame.TryRead(ref reader, out var recipient)
                && _open.TryGetValue(recipient.Notice, out var told) && Keep(recipient.Notice, told?.TryAdd(recipient));
        }

        if (type == ContentFrame.Type)
        {
            return ContentFrame.TryRead(ref reader, out var content)
                && _open.TryGetValue(content.Transaction, out var told) && Keep(content.Transaction, told?.TryAdd(content.Bytes));
        }

        return type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && End(channel, end.Transaction);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        // What was half told is told again on the next channel, which has a desk of its own.
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "queue").Write();
        }
    }

    private bool Begin(scoped in NoticeStartFrame start)
    {
        _ = Composition.TryBegin(start, out var composition);
        return _open.Count < MaxOpen && _open.TryAdd(start.Notice, composition);
    }

    /// <summary>Drops a composition that did not take what was told of it.</summary>
    private bool Keep(uint notice, bool? taken)
    {
        if (taken == false)
        {
            _open[notice] = null;
        }

        return true;
    }

    private bool End(Channel queue, uint notice)
    {
        if (!_open.Remove(notice, out var composition))
        {
            return false;
        }

        var (host, postmaster) = names();
        var text = composition is null ? default : composition.Write(host, postmaster, RandomBytes.Take(Notification.BoundarySeed));
        if (text.IsEmpty)
        {
            log.Warning("notice-refused").Number("notice", notice).Write();
            queue.Send(new NoticeRefusedFrame { Notice = notice });
            return true;
        }

        while (!text.IsEmpty)
        {
            var piece = text[..Math.Min(text.Length, FrameLimits.MaxContent)];
            queue.Send(new ContentFrame { Transaction = notice, Bytes = piece });
            text = text[piece.Length..];
        }

        queue.Send(new ContentEndFrame { Transaction = notice });
        return true;
    }
}
