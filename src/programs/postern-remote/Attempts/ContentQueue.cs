using System.Runtime.CompilerServices;
using Postern.Ipc.Wire;
using Postern.Loop;

namespace Postern.Remote.Attempts;

/// <summary>The content of one message on its way through: what came from the queue and is not sent yet.</summary>
/// <remarks>
/// A message that fits the window is kept until the attempt is over, so that a second transaction can send it again. A
/// larger one is let go piece by piece: memory stays within the window, whatever the message's size.
/// </remarks>
/// <param name="size">Bytes of the whole message.</param>
/// <param name="bytes">Where they wait: empty, and the caller's to use again when the attempt is over.</param>
internal sealed class ContentQueue(ulong size, ByteQueue bytes)
{
    /// <summary>Bytes unread that the queue may have sent: the window, and one piece that began inside it.</summary>
    private const int MaxUnread = FrameLimits.ContentWindow + FrameLimits.MaxContent;

    private readonly Signal _arrived = new();
    private readonly bool _keeps = size <= FrameLimits.ContentWindow;
    private int _read;
    private uint _passedOn;
    private bool _lost;

    /// <summary>Bytes that wait to be sent; valid until the next change.</summary>
    internal ReadOnlySpan<byte> Unread => bytes.Span[_read..];

    /// <summary>True when the queue has sent all.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>True when all was read.</summary>
    internal bool IsAtEnd => HasEnded && bytes.Length == _read;

    /// <summary>True while all of the content can still be sent from its start.</summary>
    internal bool CanRepeat { get; private set; } = true;

    /// <summary>Takes a piece; false when the queue sends more than was granted.</summary>
    internal bool TryAppend(ReadOnlySpan<byte> piece)
    {
        if (HasEnded || bytes.Length - _read + piece.Length > MaxUnread)
        {
            return false;
        }

        bytes.Append(piece);
        Wake();
        return true;
    }

    /// <summary>That was all.</summary>
    internal void End()
    {
        HasEnded = true;
        Wake();
    }

    /// <summary>No more will come: the attempt was given up.</summary>
    internal void Lose()
    {
        _lost = true;
        _arrived.Cancel();
    }

    /// <summary>Waits for more, or for the end; false when neither will come.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> WaitAsync()
    {
        _arrived.Clear();
        return !_lost && await _arrived.WaitAsync();
    }

    /// <summary>Says that bytes were read.</summary>
    internal void Advance(int count)
    {
        _passedOn += (uint)count;
        if (_keeps)
        {
            _read += count;
        }
        else
        {
            CanRepeat &= count == 0;
            bytes.Consume(count);
        }
    }

    /// <summary>Nobody will read it any more: gives back what the bytes waited in.</summary>
    internal ByteQueue Empty()
    {
        bytes.Consume(bytes.Length);
        return bytes;
    }

    /// <summary>Goes back to the start, while <see cref="CanRepeat"/>.</summary>
    internal void Rewind() => _read = 0;

    /// <summary>Bytes read since the last call, to be granted anew; 0 once nothing more comes.</summary>
    internal uint TakeCredit()
    {
        var credit = HasEnded ? 0 : _passedOn;
        _passedOn = 0;
        return credit;
    }

    private void Wake()
    {
        if (_arrived.HasWaiter)
        {
            _arrived.Set();
        }
    }
}
