namespace Postern.Queue.Table;

/// <summary>What the last attempts of recipients that wait were answered, as many as an administrator may want to read.</summary>
/// <remarks>Not in the entries, of which there may be a million: for a recipient that is not here any more its destination's last answer has to do.</remarks>
internal sealed class RecentAnswers
{
    /// <summary>Answers kept; ten times what a list shows. At a hundred bytes each they are a megabyte.</summary>
    private const int MaxKept = 10_000;

    private readonly Dictionary<int, (ushort Attempts, byte[] Text)> _texts = [];
    private readonly Queue<int> _order = new();

    /// <summary>Keeps what a recipient was answered.</summary>
    /// <param name="recipient">Its place in the table.</param>
    /// <param name="attempts">Attempts with this one.</param>
    /// <param name="text">The answer.</param>
    internal void Keep(int recipient, ushort attempts, byte[] text)
    {
        if (!_texts.ContainsKey(recipient))
        {
            _order.Enqueue(recipient);
        }

        _texts[recipient] = (attempts, text);
        if (_order.Count > MaxKept)
        {
            _texts.Remove(_order.Dequeue());
        }
    }

    /// <summary>Finds a recipient's answer; null when it is not that of the attempt with this number: places are used again.</summary>
    internal byte[]? Find(int recipient, ushort attempts) =>
        _texts.TryGetValue(recipient, out var kept) && kept.Attempts == attempts ? kept.Text : null;
}
