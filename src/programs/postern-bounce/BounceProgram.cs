using System.Security.Cryptography;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Posix;
using Postern.Role;

namespace Postern.Bounce;

/// <summary>Composes each notification that queue asks for from what queue tells of it.</summary>
internal sealed class BounceProgram(ProgramContext context) : IProgram, IChannelEvents
{
    /// <summary>Notifications that may be told at one time; queue has fewer under way.</summary>
    private const int MaxOpen = 64;

    private readonly Dictionary<uint, Composition> _open = [];
    private DomainName? _host;
    private Mailbox? _postmaster;
    private IFrameSink? _queue;

    /// <inheritdoc/>
    public bool Configure(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == BounceSlice.Type
            && BounceSlice.TryRead(ref reader, out var own) && frames.AtEnd
            && DomainName.TryParse(own.HostName, out _host)
            && Mailbox.TryParse(own.Postmaster, allowUtf8: true, out _postmaster);
    }

    /// <inheritdoc/>
    public void Connect(ProgramName peer, Descriptor channel)
    {
        _open.Clear();
        _queue = new Channel(context.Loop, channel, this);
    }

    /// <inheritdoc/>
    public void Listen(int index, Descriptor listener) => listener.Dispose();

    /// <inheritdoc/>
    public void Retire(int index)
    {
    }

    /// <inheritdoc/>
    public string? Start() => _host is null ? "no configuration came" : null;

    /// <inheritdoc/>
    public void Stop() => context.Finish();

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
                && _open.TryGetValue(recipient.Notice, out var told) && told.TryAdd(recipient);
        }

        if (type == ContentFrame.Type)
        {
            return ContentFrame.TryRead(ref reader, out var content)
                && _open.TryGetValue(content.Transaction, out var told) && told.TryAdd(content.Bytes);
        }

        return type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && End(end.Transaction);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            context.Log.Error("queue-refused").Write();
        }

        if (ReferenceEquals(channel, _queue))
        {
            _open.Clear();
        }
    }

    private bool Begin(scoped in NoticeStartFrame start) =>
        _open.Count < MaxOpen && Composition.TryBegin(start, out var composition) && _open.TryAdd(start.Notice, composition);

    private bool End(uint notice)
    {
        if (!_open.Remove(notice, out var composition) || _host is null || _postmaster is null)
        {
            return false;
        }

        var text = composition.Write(_host, _postmaster, RandomNumberGenerator.GetBytes(Notification.BoundarySeed));
        if (text.IsEmpty)
        {
            _queue!.Send(new NoticeRefusedFrame { Notice = notice });
            return true;
        }

        while (!text.IsEmpty)
        {
            var piece = text[..Math.Min(text.Length, FrameLimits.MaxContent)];
            _queue!.Send(new ContentFrame { Transaction = notice, Bytes = piece });
            text = text[piece.Length..];
        }

        _queue!.Send(new ContentEndFrame { Transaction = notice });
        return true;
    }
}
