using System.Buffers.Binary;
using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.Supervisor;

/// <summary>One configuration: a sealed slice per program, as postern-config wrote them.</summary>
internal sealed class SliceSet : IDisposable
{
    private const int MaxOwnSlice = 64 * 1024;

    private readonly Dictionary<ProgramName, Descriptor> _slices;

    private SliceSet(Dictionary<ProgramName, Descriptor> slices, SupervisorSlice own)
    {
        _slices = slices;
        Own = own;
    }

    /// <summary>posternd's own part.</summary>
    internal SupervisorSlice Own { get; }

    /// <summary>The slice of a program, to be handed over with a descriptor of its own.</summary>
    internal Descriptor this[ProgramName program] => _slices[program];

    /// <summary>Has postern-config read the file; it says on standard error what is wrong with it.</summary>
    /// <param name="file">The configuration file; only opened here, never read.</param>
    /// <param name="code">postern-config's exit code, 78 for a wrong configuration.</param>
    /// <returns>The slices, or null.</returns>
    internal static SliceSet? Load(string file, out int code)
    {
        code = 66;
        var read = ReadOnlyFile.Open(file, out var opened);
        if (read.Failed)
        {
            Announce.Error("config-unreadable", $"file=\"{file}\" error=\"{read}\"");
            return null;
        }

        using var input = opened!;
        var slices = new Dictionary<ProgramName, Descriptor>();
        foreach (var name in ProgramTable.Slices)
        {
            if (MemoryFile.Create(out var slice) is { Failed: true } failed)
            {
                Announce.Error("config-not-started", $"error=\"{failed}\"");
                Close(slices);
                code = 71;
                return null;
            }

            slices[name] = slice!;
        }

        code = RunConfig(file, input, slices);
        var own = code == 0 ? SealAndRead(slices, ref code) : null;
        if (own is null)
        {
            if (code == 70)
            {
                // It was killed, or wrote nonsense, and said nothing itself.
                Announce.Error("slice-refused", "hint=\"postern-config ended before its work was done\"");
            }

            Close(slices);
            return null;
        }

        return new SliceSet(slices, own);
    }

    /// <inheritdoc/>
    public void Dispose() => Close(_slices);

    private static int RunConfig(string file, Descriptor input, Dictionary<ProgramName, Descriptor> slices)
    {
        int[] descriptors = [input.Number, -1, -1, .. ProgramTable.Slices.Select(name => slices[name].Number)];
        var started = Programs.Start(ProgramTable.Config, Programs.UserOf(ProgramTable.Config), descriptors, [file]);
        if (started.Failed)
        {
            Announce.Error("config-not-started", $"error=\"{started}\"");
            return 71;
        }

        _ = ChildProcess.Reap(started.Value, wait: true, out var end);
        return end.Exited ? end.ExitCode : 70;
    }

    /// <summary>Seals every slice before anyone trusts it: its writer has exited, but a hostile one might have kept a helper.</summary>
    internal static SupervisorSlice? SealAndRead(Dictionary<ProgramName, Descriptor> slices, ref int code)
    {
        code = 70;
        foreach (var slice in slices.Values)
        {
            if (MemoryFile.Seal(slice.Number).Failed)
            {
                return null;
            }
        }

        var bytes = new byte[MaxOwnSlice];
        var length = MemoryFile.Read(slices[ProgramName.Posternd].Number, bytes).Value - FrameLimits.HeaderSize;
        if (length < 0
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != (uint)length
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(4)) != SupervisorSlice.Type)
        {
            return null;
        }

        var reader = new FrameReader(bytes.AsSpan(FrameLimits.HeaderSize, length));
        if (!SupervisorSlice.TryRead(ref reader, out var own))
        {
            return null;
        }

        code = 0;
        return own;
    }

    private static void Close(Dictionary<ProgramName, Descriptor> slices)
    {
        foreach (var slice in slices.Values)
        {
            slice.Dispose();
        }
    }
}
