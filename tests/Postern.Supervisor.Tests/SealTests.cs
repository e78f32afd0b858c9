using Postern.Ipc;
using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.Supervisor.Tests;

/// <summary>Slices that can't be sealed: whoever still holds one could change it after it was read.</summary>
public sealed class SealTests
{
    [Fact]
    public void WhatIsNoSliceInMemory_IsRefused()
    {
        Assert.False(ReadOnlyFile.Open("/etc/passwd", out var file).Failed);
        using (file)
        {
            var slices = ProgramTable.Slices.ToDictionary(name => name, _ => file!);
            var code = 0;
            Assert.Null(SliceSet.SealAndRead(slices, ref code));
            Assert.Equal(70, code);
        }
    }

    [Fact]
    public void ASliceThatIsSealedAlready_IsRefused()
    {
        var slices = ProgramTable.Slices.ToDictionary(name => name, _ => Empty());
        Assert.False(MemoryFile.Seal(slices[ProgramName.Bounce].Number).Failed);
        var code = 0;
        Assert.Null(SliceSet.SealAndRead(slices, ref code));
        Assert.Equal(70, code);
        foreach (var slice in slices.Values)
        {
            slice.Dispose();
        }
    }

    private static Descriptor Empty()
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        return file!;
    }
}
