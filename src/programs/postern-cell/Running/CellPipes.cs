using Postern.Cell.Walls;
using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.Cell.Running;

/// <summary>The pipes between a cell and its child: standard input, output and error, and one for notes.</summary>
internal sealed class CellPipes
{
    private const int OfNotes = 3;

    private readonly Descriptor?[] _readers = new Descriptor?[4];
    private readonly Descriptor?[] _writers = new Descriptor?[4];

    /// <summary>Where the child's notes come out.</summary>
    internal Descriptor Notes => _readers[OfNotes]!;

    /// <summary>The child's ends.</summary>
    internal CellDescriptors Child => new(_readers[0]!.Number, _writers[1]!.Number, _writers[2]!.Number, _writers[OfNotes]!.Number);

    /// <summary>Opens those of the program.</summary>
    internal CallResult Open() => Open(0, OfNotes);

    /// <summary>Opens one for the notes of a new child; that of an earlier one is closed.</summary>
    internal CallResult OpenNotes()
    {
        _readers[OfNotes]?.Dispose();
        return Open(OfNotes, OfNotes + 1);
    }

    /// <summary>Closes the child's end once the child has it: when the child is gone, its notes are at their end.</summary>
    internal void LeaveNotes() => _writers[OfNotes]!.Dispose();

    private CallResult Open(int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            var opened = DescriptorBytes.OpenPipe(out _readers[i], out _writers[i]);
            if (opened.Failed)
            {
                return opened;
            }
        }

        return CallResult.Of(0);
    }

    /// <summary>Joins our ends to what the caller gave, and closes the child's: nobody else may hold those, or their end would not be seen.</summary>
    /// <param name="given">Which of the descriptors 0, 1 and 2 the caller gave us.</param>
    /// <param name="limit">How much is passed on of output, and of errors.</param>
    /// <param name="closesOutput">True to close standard output when the program has.</param>
    internal Relay[] Join(ReadOnlySpan<bool> given, long limit, bool closesOutput)
    {
        _readers[0]!.Dispose();
        _writers[1]!.Dispose();
        _writers[2]!.Dispose();
        // The line about the end goes to standard error: that stays open.
        Relay[] relays =
        [
            Relay.Into(0, _writers[0]!), Relay.OutOf(_readers[1]!, given[1] ? 1 : -1, limit, closesOutput),
            Relay.OutOf(_readers[2]!, given[2] ? 2 : -1, limit, closes: false),
        ];
        if (!given[0])
        {
            relays[0].EndSink();
        }

        return relays;
    }
}
