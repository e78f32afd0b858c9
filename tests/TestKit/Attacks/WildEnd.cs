using Postern.Posix;
using Postern.Posix.Sockets;

namespace Postern.TestKit;

/// <summary>A program that was taken over, at its end of a real channel: it writes bytes as it likes, and keeps all that it is sent.</summary>
public sealed class WildEnd : IDisposable
{
    private readonly Descriptor _ours;
    private readonly Action _turn;

    /// <param name="turn">Lets the program under test do what it has to do.</param>
    /// <param name="connect">Gives that program the other end.</param>
    public WildEnd(Action turn, Action<Descriptor> connect)
    {
        if (Socket.OpenPair(packets: false, out Descriptor? ours, out Descriptor? theirs) is { Failed: true } result)
        {
            throw new InvalidOperationException($"No pair of sockets: {result}.");
        }

        (_ours, _turn) = (ours!, turn);
        connect(theirs!);
        turn();
    }

    /// <summary>Everything that it was sent, unless it is left unread.</summary>
    public List<byte> Received { get; } = [];

    /// <summary>True once the program has closed the channel.</summary>
    public bool IsClosed { get; private set; }

    public void Dispose() => _ours.Dispose();

    /// <summary>Writes bytes and lets the program take them; false when it does not.</summary>
    public bool Send(ReadOnlySpan<byte> bytes, bool read = true)
    {
        while (!bytes.IsEmpty && !IsClosed)
        {
            CallResult result = Socket.Send(_ours.Number, bytes);
            IsClosed |= result.Failed && !result.WouldBlock;
            bytes = bytes[(result.Failed ? 0 : result.Value)..];
            _turn();
            if (read)
            {
                Read();
            }
            else if (result.Failed)
            {
                return false;
            }
        }

        return !IsClosed;
    }

    /// <summary>Reads what there is.</summary>
    public void Read()
    {
        byte[] buffer = new byte[64 * 1024];
        CallResult result;
        while ((result = Socket.Receive(_ours.Number, buffer)) is { Failed: false, Value: > 0 })
        {
            Received.AddRange(buffer.AsSpan(0, result.Value));
            _turn();
        }

        IsClosed |= !result.WouldBlock;
    }
}
