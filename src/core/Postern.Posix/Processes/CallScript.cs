namespace Postern.Posix.Processes;

/// <summary>What is expected of a call of a script.</summary>
public enum CallMeaning
{
    /// <summary>It succeeds, or the child ends there and says so.</summary>
    Must,

    /// <summary>Whatever it returns, the script goes on.</summary>
    Try,

    /// <summary>It fails as calls fail at a wall (EPERM, EACCES, ENOSYS), or the child ends there and says so.</summary>
    Refused,

    /// <summary>It makes the process that goes on with the script; the one before waits for that one's end and reports it.</summary>
    Split,
}

/// <summary>System calls that a child is to make one after another, written down before the child exists.</summary>
/// <remarks>
/// A fork of this runtime has one thread and locks that nobody will ever release: it can't allocate, and hardly run any of our
/// code. What is to happen between the fork and the execution of a program is therefore data: numbers, arguments, and what
/// they point to, all of it in memory that does not move. <see cref="ScriptedChild"/> goes through it.
/// </remarks>
public sealed unsafe class CallScript
{
    private const int Arguments = 6;

    private readonly List<Entry> _entries = [];
    private readonly List<Array> _pinned = [];

    /// <summary>How many calls it has so far: the number of the next one.</summary>
    public int Count => _entries.Count;

    /// <summary>How long the process that a <see cref="CallMeaning.Split"/> makes may live, with all that come from it.</summary>
    public long Seconds { get; set; } = int.MaxValue;

    /// <summary>Copies bytes to where they stay.</summary>
    /// <returns>Their address, good as long as this script is.</returns>
    public nint Pin(ReadOnlySpan<byte> bytes)
    {
        var copy = GC.AllocateArray<byte>(Math.Max(bytes.Length, 1), pinned: true);
        bytes.CopyTo(copy);
        _pinned.Add(copy);
        fixed (byte* start = copy)
        {
            return (nint)start;
        }
    }

    /// <summary>The address of a text and the NUL behind it.</summary>
    public nint Pin(string text) => Pin(Files.PathBytes.Terminated(text));

    /// <summary>The address of numbers of 64 bits.</summary>
    public nint Pin(ReadOnlySpan<ulong> numbers) => Pin(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers));

    /// <summary>The address of texts as execve(2) wants them: a NULL-ended array of pointers.</summary>
    public nint PinVector(IReadOnlyList<string> texts) =>
        Pin([.. texts.Select(text => (ulong)Pin(text)), 0UL]);

    /// <summary>The address of a filter as seccomp(2) wants it.</summary>
    /// <param name="instructions">The filter.</param>
    /// <param name="first">The address of its first instruction.</param>
    public nint PinFilter(ReadOnlySpan<Confining.FilterInstruction> instructions, out nint first)
    {
        first = Pin(System.Runtime.InteropServices.MemoryMarshal.AsBytes(instructions));
        return Pin([(ulong)instructions.Length, (ulong)first]);
    }

    /// <summary>Appends a call.</summary>
    /// <param name="meaning">What is expected of it.</param>
    /// <param name="number">Its number on this machine.</param>
    /// <param name="arguments">Its arguments, six at most; the others are 0.</param>
    /// <returns>Its place in the script.</returns>
    public int Add(CallMeaning meaning, int number, params ReadOnlySpan<nint> arguments)
    {
        var entry = new Entry(meaning, number);
        arguments.CopyTo(entry.Values);
        _entries.Add(entry);
        return _entries.Count - 1;
    }

    /// <summary>Writes what a call returns, 32 bits, to an address.</summary>
    public void Keep(int call, nint address) => _entries[call].KeepAt = address;

    /// <summary>Makes what a call returns the first argument of a later one.</summary>
    public void PassOn(int call, int later) => _entries[call].PassTo = later;

    /// <summary>The calls as the child goes through them.</summary>
    internal ScriptedCall[] Freeze()
    {
        var calls = GC.AllocateArray<ScriptedCall>(_entries.Count, pinned: true);
        fixed (ScriptedCall* first = calls)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                var entry = _entries[i];
                calls[i] = new ScriptedCall { Meaning = entry.Meaning, Number = entry.Number, Keep = (int*)entry.KeepAt };
                entry.Values.CopyTo(calls[i].Values);
                if (entry.PassTo >= 0)
                {
                    // The lower half of it: both machines put that first, and the upper one is 0.
                    calls[i].Keep = (int*)&first[entry.PassTo].Values;
                }
            }
        }

        return calls;
    }

    private sealed class Entry(CallMeaning meaning, int number)
    {
        internal CallMeaning Meaning { get; } = meaning;

        internal int Number { get; } = number;

        internal nint[] Values { get; } = new nint[Arguments];

        internal nint KeepAt { get; set; }

        internal int PassTo { get; set; } = -1;
    }

    /// <summary>A call in memory.</summary>
    internal struct ScriptedCall
    {
        internal CallMeaning Meaning;
        internal int Number;
        internal int* Keep;
        internal CallValues Values;
    }

    /// <summary>The arguments of a call.</summary>
    [System.Runtime.CompilerServices.InlineArray(Arguments)]
    internal struct CallValues
    {
        private nint _first;
    }
}
