using System.Buffers.Binary;
using System.Text;

namespace Postern.Cell.Programs;

/// <summary>What a file begins like.</summary>
internal enum HeadKind
{
    /// <summary>Nothing that this machine executes.</summary>
    None,

    /// <summary>A program of this machine (ELF, 64 bits).</summary>
    Native,

    /// <summary>A script that names its interpreter.</summary>
    Script,
}

/// <summary>What the beginning of a file says of how to execute it (elf(5), execve(2)). Pure: any bytes give an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Interpreter">The loader of a native program, or a script's interpreter; empty for none.</param>
/// <param name="Argument">What a script gives its interpreter first; empty for nothing.</param>
/// <param name="Problem">Why it is nothing, for a person.</param>
/// <remarks>
/// Believed for one purpose: which files the program has to be able to read. Who writes another name into his own program gets
/// what everybody may read of that file executed, or shown to his interpreter; that he could have copied, too.
/// </remarks>
internal readonly record struct ProgramHead(HeadKind Kind, string Interpreter, string Argument, string Problem)
{
    /// <summary>How much of a file is looked at: linkers put everything that is needed into the first page.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <summary>The longest first line of a script that the kernel reads (BINPRM_BUF_SIZE).</summary>
    private const int MaxLine = 256;

    private const int MaxPath = 4096; // PATH_MAX
    private const int HeaderSize = 64;
    private const int EntrySize = 56;
    private const uint NamesInterpreter = 3; // PT_INTERP
    private const int MachineOfIntel = 62;
    private const int MachineOfArm = 183;

    /// <summary>Judges the first bytes of a file.</summary>
    /// <param name="head">As many as there are, up to <see cref="MaxBytes"/>.</param>
    /// <param name="isArm">The machine that it is to run on: 64-bit Arm, else x86-64.</param>
    internal static ProgramHead Judge(ReadOnlySpan<byte> head, bool isArm) =>
        head.StartsWith("#!"u8) ? OfScript(head[2..Math.Min(head.Length, MaxLine)])
        : head.StartsWith("\u007fELF"u8) ? OfNative(head, isArm ? MachineOfArm : MachineOfIntel)
        : Nothing("it is neither a program of this machine nor a script that begins with #!");

    private static ProgramHead OfScript(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)'\n');
        if (end < 0 && line.Length == MaxLine - 2)
        {
            return Nothing("its first line is too long");
        }

        var text = (end < 0 ? line : line[..end]).Trim(" \t"u8);
        var gap = text.IndexOfAny((byte)' ', (byte)'\t');
        var interpreter = gap < 0 ? text : text[..gap];
        var argument = gap < 0 ? [] : text[gap..].Trim(" \t"u8);
        return !IsPath(interpreter) || argument.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Nothing("its first line names no interpreter")
            : new ProgramHead(HeadKind.Script, Encoding.ASCII.GetString(interpreter), Encoding.ASCII.GetString(argument), string.Empty);
    }

    private static ProgramHead OfNative(ReadOnlySpan<byte> head, int machine)
    {
        // Byte 4: 64 bits; byte 5: least significant byte first. Then what kind of file (executable, or position-independent).
        if (head.Length < HeaderSize || head[4] != 2 || head[5] != 1 || BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) != machine
            || BinaryPrimitives.ReadUInt16LittleEndian(head[16..]) is not (2 or 3))
        {
            return Nothing("it is no program of this machine");
        }

        var at = BinaryPrimitives.ReadUInt64LittleEndian(head[32..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(head[56..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(head[54..]) != EntrySize || at > (ulong)head.Length
            || (ulong)count * EntrySize > (ulong)head.Length - at)
        {
            return Nothing("its table of segments is out of reach");
        }

        for (var table = head.Slice((int)at, count * EntrySize); !table.IsEmpty; table = table[EntrySize..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(table) != NamesInterpreter)
            {
                continue;
            }

            var offset = BinaryPrimitives.ReadUInt64LittleEndian(table[8..]);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(table[32..]);
            if (length is < 2 or > MaxPath || offset > (ulong)head.Length || length > (ulong)head.Length - offset
                || head[(int)(offset + length - 1)] != 0 || !IsPath(head.Slice((int)offset, (int)length - 1)))
            {
                return Nothing("the name of its loader is not understood");
            }

            return new ProgramHead(HeadKind.Native, Encoding.ASCII.GetString(head.Slice((int)offset, (int)length - 1)), string.Empty, string.Empty);
        }

        return new ProgramHead(HeadKind.Native, string.Empty, string.Empty, string.Empty);
    }

    // A straight one: "..", after a link, leads elsewhere in a cell, where folders stand in the places of links.
    private static bool IsPath(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '/' || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        foreach (var name in text[1..].Split((byte)'/'))
        {
            if (text[1..][name] is [] or [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                return false;
            }
        }

        return true;
    }

    private static ProgramHead Nothing(string problem) => new(HeadKind.None, string.Empty, string.Empty, problem);
}
