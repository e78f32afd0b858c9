using Postern.CommandLine.Output;
using Postern.Spool;

namespace Postern.CommandLine.Offline;

/// <summary>What a scan of a log finds: messages with their recipients' standing, and damages.</summary>
internal sealed class LogContents(Progress progress) : ILogVisitor
{
    private readonly Dictionary<ulong, StoredMessage> _messages = [];
    private readonly List<Damage> _damages = [];
    private readonly List<Damage> _torn = [];

    /// <summary>The messages, in the order of their ids.</summary>
    internal IEnumerable<StoredMessage> Messages => _messages.Values.OrderBy(message => message.Id.Value);

    /// <summary>What the log set aside.</summary>
    internal IReadOnlyList<Damage> Damages => _damages;

    /// <summary>What was being written when the queue ended, and was never acknowledged: no damage.</summary>
    internal IReadOnlyList<Damage> Torn => _torn;

    /// <summary>Records that are whole and mean nothing to this version.</summary>
    internal int Strange { get; private set; }

    /// <inheritdoc/>
    public void Checkpoint(ReadOnlySpan<byte> piece)
    {
        // A scan of everything shows none.
    }

    /// <inheritdoc/>
    public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
    {
        progress.Tell(() => $"segment {position.Section} is being read, {_messages.Count} messages so far");
        var good = kind switch
        {
            RecordKind.Envelope => TakeEnvelope(payload),
            RecordKind.Result => TakeResult(payload),
            _ => true,
        };
        Strange += good ? 0 : 1;
    }

    /// <inheritdoc/>
    public void Damaged(Damage damage) => (damage.Reason == DamageReason.TornTail ? _torn : _damages).Add(damage);

    private bool TakeEnvelope(ReadOnlySpan<byte> payload)
    {
        if (!StoredMessage.TryRead(payload, out var message))
        {
            return false;
        }

        if (message.Cause == StoredCause.Moved)
        {
            _messages[message.Id.Value] = message;
        }
        else
        {
            _ = _messages.TryAdd(message.Id.Value, message);
        }

        if (message.Cause == StoredCause.Expansion)
        {
            Set(message.CausedBy.Message, message.CausedBy.Recipient, open: false);
        }

        return true;
    }

    private bool TakeResult(ReadOnlySpan<byte> payload)
    {
        var good = StoredMessage.TryReadResult(payload, out var message, out var recipient, out var open);
        if (good)
        {
            Set(message, recipient, open);
        }

        return good;
    }

    private void Set(ulong id, uint recipient, bool open)
    {
        if (_messages.TryGetValue(id, out var message) && recipient < message.Open.Length)
        {
            message.Open[recipient] = open;
        }
    }
}
