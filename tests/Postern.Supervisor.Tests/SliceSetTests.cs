using Postern.Ipc;
using Postern.Ipc.Slices;
using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.Supervisor.Tests;

/// <summary>What posternd makes of what postern-config wrote, and does not believe.</summary>
public sealed class SliceSetTests : IDisposable
{
    private readonly Dictionary<ProgramName, Descriptor> _slices = ProgramTable.Slices.ToDictionary(name => name, _ => Empty());

    [Fact]
    public void AGoodSlice_IsReadAndSealed()
    {
        Write(Own());
        var code = 0;
        var own = SliceSet.SealAndRead(_slices, ref code);
        Assert.Equal(0, code);
        Assert.Equal("/srv/state", own!.State);
        // A writer that kept the descriptor changes nothing any more.
        Assert.All(_slices.Values, slice => Assert.True(MemoryFile.Append(slice.Number, [1]).Failed));
    }

    [Fact]
    public void ASliceCutAnywhere_IsRefused()
    {
        var whole = Own();
        for (var length = 0; length < whole.Length; length++)
        {
            Replace(whole[..length]);
            Assert.False(IsTaken(), $"cut at {length}");
        }

        Replace([.. whole, 0]);
        Assert.False(IsTaken(), "with a surplus byte");
        Replace(whole);
        Assert.True(IsTaken());
    }

    [Theory]
    // The type of another program's slice.
    [InlineData(4, 101)]
    // A length that lies.
    [InlineData(0, 1)]
    public void ASliceWithAnotherHeader_IsRefused(int at, byte value)
    {
        var slice = Own();
        slice[at] = value;
        Replace(slice);
        Assert.False(IsTaken());
    }

    [Fact]
    public void AnEndlessSlice_IsRefused()
    {
        Replace(new byte[65 * 1024]);
        Assert.False(IsTaken());
    }

    public void Dispose()
    {
        foreach (var slice in _slices.Values)
        {
            slice.Dispose();
        }
    }

    private bool IsTaken()
    {
        var code = 0;
        var taken = SliceSet.SealAndRead(_slices, ref code) is not null;
        Assert.Equal(taken ? 0 : 70, code);
        return taken;
    }

    private void Replace(byte[] bytes)
    {
        Dispose();
        foreach (var name in ProgramTable.Slices)
        {
            _slices[name] = Empty();
        }

        Write(bytes);
    }

    private void Write(byte[] bytes) => Assert.False(MemoryFile.Append(_slices[ProgramName.Posternd].Number, bytes).Failed);

    private static Descriptor Empty()
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        return file!;
    }

    private static byte[] Own()
    {
        var writer = new SliceWriter();
        writer.Add(new SupervisorSliceFrame(Slices.Of("/srv")));
        return writer.Bytes.ToArray();
    }
}
