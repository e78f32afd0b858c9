using System.Buffers;
using Postern.Deliver.Content;
using Postern.Deliver.Disk;
using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Deliver.Incoming;

/// <summary>A message on its way from <c>local</c> into one mailbox or several of the same user.</summary>
/// <remarks>
/// A small message gathers in memory and is then written by one work per copy. A large one streams into the first copy's
/// file, a piece at a time, each piece granted back to the sender when it is written; the other copies are made from that
/// file. Either way a message takes no more memory than the window.
/// </remarks>
internal sealed partial class IncomingMessage
{
    /// <summary>The largest message that gathers in memory: what the sender may send before it is granted more.</summary>
    internal const int MaxGathered = FrameLimits.ContentWindow;

    /// <summary>What the sender may have under way: the window, and the piece with which it overstepped it.</summary>
    private const int MaxUnderWay = FrameLimits.ContentWindow + FrameLimits.MaxContent;

    private readonly MessageDesk _desk;
    private readonly List<CopyState> _copies = [];
    private readonly LineEnds _lineEnds = new();
    private readonly byte[] _sender;

    /// <summary>Bytes of content as announced.</summary>
    private readonly ulong _size;

    /// <summary>A lent buffer with content that waits to be written, line ends converted.</summary>
    private byte[] _buffer = [];

    /// <summary>How much of the buffer is filled, and how many bytes as received that stands for.</summary>
    private int _filled;
    private int _filledRaw;

    /// <summary>Bytes that were received and not granted back.</summary>
    private int _underWay;

    /// <summary>Bytes received in all.</summary>
    private ulong _received;

    /// <summary>Works that were started and are not complete.</summary>
    private int _worksPending;
    private Stage _stage = Stage.Recipients;

    private IncomingMessage(MessageDesk desk, uint number, byte[] sender, ulong size)
    {
        (_desk, Number, _sender, _size) = (desk, number, sender, size);
    }

    /// <summary>How far the sender has come.</summary>
    private enum Stage
    {
        /// <summary>Recipients are named.</summary>
        Recipients,

        /// <summary>Content comes.</summary>
        Content,

        /// <summary>All of it is here.</summary>
        Complete,

        /// <summary>Nobody waits for it any more.</summary>
        Cancelled,
    }

    /// <summary>The sender's number for it.</summary>
    internal uint Number { get; }

    private bool IsLarge => _size > MaxGathered;

    private bool AllTold => _copies.TrueForAll(copy => copy.Told);

    /// <summary>Begins a message.</summary>
    internal static IncomingMessage? Begin(MessageDesk desk, scoped in DeliveryStartFrame frame) =>
        TopFields.IsHarmless(frame.Sender) ? new IncomingMessage(desk, frame.Delivery, frame.Sender.ToArray(), frame.Size) : null;

    /// <summary>Takes a recipient; false when it is none, or one too many.</summary>
    internal bool Take(scoped in MailboxRecipientFrame frame)
    {
        if (_stage != Stage.Recipients || _copies.Count == DeliveryLimits.MaxRecipients || !CopyState.TryRead(frame, _sender, out var copy)
            || _copies.Exists(other => other.Number == copy!.Number))
        {
            return false;
        }

        _copies.Add(copy!);
        return true;
    }

    /// <summary>All recipients were named.</summary>
    internal bool Ready()
    {
        if (_stage != Stage.Recipients || _copies.Count == 0)
        {
            return false;
        }

        _stage = Stage.Content;
        if (IsLarge)
        {
            OpenStream();
        }

        return true;
    }

    /// <summary>Takes a piece of content; false when it is more than was announced or granted.</summary>
    internal bool Take(ReadOnlySpan<byte> piece)
    {
        var parts = _received == 0 && LeadingFold.IsAt(piece);
        _received += (ulong)piece.Length;
        if (_stage != Stage.Content || _received > _size || _underWay + piece.Length > MaxUnderWay)
        {
            return false;
        }

        foreach (var copy in _copies)
        {
            copy.Scan(piece);
        }

        _underWay += piece.Length;
        _filledRaw += piece.Length;
        var room = Room(piece.Length + 2);
        if (parts)
        {
            room[0] = (byte)'\n';
            room = room[1..];
            _filled++;
        }

        _filled += _lineEnds.Convert(piece, room);
        if (IsLarge)
        {
            WriteNext();
        }

        return true;
    }

    /// <summary>That was the last piece; false when some are missing.</summary>
    internal bool End()
    {
        if (_stage != Stage.Content || _received != _size)
        {
            return false;
        }

        _stage = Stage.Complete;
        _filled += _lineEnds.Finish(Room(1));
        foreach (var copy in _copies)
        {
            copy.EndScan();
            if (copy.IsLoop)
            {
                Tell(copy, DeliveryResult.Permanent(
                    EnhancedStatus.RoutingLoop, FaultOf.Peer, "the message has been delivered to this address before"u8));
            }
        }

        if (IsLarge)
        {
            WriteNext();
        }
        else
        {
            DeliverGathered();
        }

        return true;
    }

    /// <summary>Nobody waits for it any more: what was begun is removed, what is finished stays.</summary>
    internal void Cancel()
    {
        if (_stage is Stage.Recipients or Stage.Content)
        {
            _stage = Stage.Cancelled;
            if (IsLarge)
            {
                WriteNext();
            }
        }

        FinishIfDone();
    }

    private void DeliverGathered()
    {
        var content = new GatheredContent(_buffer.AsMemory(0, _filled));
        StartCopies(content, 0);
        FinishIfDone();
    }

    /// <summary>Starts one work for each copy from <paramref name="first"/> on that still wants the message.</summary>
    private void StartCopies(MessageContent content, int first)
    {
        for (var i = first; i < _copies.Count; i++)
        {
            if (!_copies[i].Told)
            {
                Start(new DeliverWork(_copies[i].Place, _copies[i].Fields, content) { Recipient = i, Completed = OnDelivered });
            }
        }
    }

    private void OnDelivered(DiskWork work)
    {
        var done = (DeliverWork)work;
        var copy = _copies[done.Recipient];
        Tell(copy, done.Result!);
        _desk.Visited(copy.Place);
        OnWorkDone();
    }

    private void Start(DiskWork work)
    {
        _worksPending++;
        _desk.Workers.Add(work);
    }

    private void OnWorkDone()
    {
        _worksPending--;
        if (IsLarge)
        {
            WriteNext();
        }

        FinishIfDone();
    }

    private void Tell(CopyState copy, DeliveryResult result)
    {
        if (!copy.Told)
        {
            copy.Told = true;
            _desk.Tell(this, copy, result);
        }
    }

    private void FinishIfDone()
    {
        if (_worksPending > 0 || _stream is not null || (_stage != Stage.Cancelled && !AllTold))
        {
            return;
        }

        GiveBack(_buffer);
        _buffer = [];
        _desk.Finish(this, tell: _stage != Stage.Cancelled);
    }

    private Span<byte> Room(int least)
    {
        if (_buffer.Length - _filled < least)
        {
            var wanted = Math.Max(_filled + least, IsLarge ? FrameLimits.MaxContent : (int)_size + 1);
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            GiveBack(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_filled);
    }

    private static void GiveBack(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
