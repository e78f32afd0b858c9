using Microsoft.Win32.SafeHandles;
using Postern.Posix.Processes;

namespace Postern.Posix.Tests.Processes;

public sealed class StandardStreamTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Bytes_ArriveAsTheyAre()
    {
        using var file = OpenForWriting(_file);
        using var stream = new StandardStream(Number(file));
        stream.Write([1, 0, 0x1b, 0xff]);
        stream.Write([9, 8, 7], 1, 1);
        Assert.Equal(new byte[] { 1, 0, 0x1b, 0xff, 8 }, File.ReadAllBytes(_file));
    }

    // Two programs of one shell script write to one file through one open file: neither may write over the other.
    [Fact]
    public void TheFilesOwnPosition_IsMoved()
    {
        using var file = OpenForWriting(_file);
        using (var first = new StandardStream(Number(file)))
        {
            first.Write("first "u8);
        }

        using var second = new StandardStream(Number(file));
        second.Write("second"u8);
        Assert.Equal("first second", File.ReadAllText(_file));
    }

    [Fact]
    public void NobodyReadingAnyMore_IsNoError()
    {
        Assert.False(Postern.Posix.Sockets.Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        theirs!.Dispose();
        using (ours)
        {
            using var stream = new StandardStream(ours!.Number);
            stream.Write("lost"u8);
        }
    }

    [Fact]
    public void AFullDevice_IsToldWithTheSystemsWords()
    {
        using var full = OpenForWriting("/dev/full");
        using var stream = new StandardStream(Number(full));
        Assert.Equal("No space left on device", Assert.Throws<IOException>(() => stream.Write("x"u8)).Message);
    }

    private static SafeFileHandle OpenForWriting(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    private static int Number(SafeFileHandle file) => (int)file.DangerousGetHandle();
}
