using System.Text;
using Postern.Posix.Files;

namespace Postern.Spool.Tests.Disk;

public sealed class PosixDiskTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("postern-spool-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void ALogOnARealDisk_ComesBack()
    {
        RecordPosition position;
        using (var log = Start(out var seen))
        {
            Assert.Empty(seen.Records);
            Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, "hello"u8, out position));
            Assert.Equal(LogResult.Success, log.Commit());
        }
        using (var log = Start(out var seen))
        {
            Assert.Equal(["hello"], seen.Payloads);
            byte[] read = new byte[5];
            Assert.Equal(ReadResult.Success, log.Read(position, read, out _, out _));
            Assert.Equal("hello"u8.ToArray(), read);
        }
        Assert.True(DirectoryHandle.Open(_path, out var directory).Ok);
        using (directory)
        {
            foreach (string file in Directory.GetFiles(_path))
            {
                Assert.True(directory!.GetStatus(Encoding.ASCII.GetBytes(Path.GetFileName(file)), out var status).Ok);
                Assert.Equal(0x180u, status.Mode); // 0600
            }
        }
    }

    [Fact]
    public void SegmentsAreReusedOnARealDisk()
    {
        using (var log = Start(out _))
        {
            for (int number = 0; number < 400; number++)
            {
                Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, new byte[3000], out _));
                Assert.Equal(LogResult.Success, log.Commit());
                if (!log.CanFree(log.OldestSection)) continue;
                Assert.Equal(LogResult.Success, log.Free(log.OldestSection));
                Assert.Equal(LogResult.Success, log.Commit());
            }
        }
        Assert.True(Directory.GetFiles(_path).Length <= 8);
        using var next = Start(out var seen);
        Assert.Empty(seen.Damages);
        Assert.True(seen.Records.Count is > 0 and < 20);
    }

    [Fact]
    public void TwoLogsInOneDirectory_AreRefused()
    {
        using (Start(out _))
        {
            using var second = Open();
            Assert.Equal(LogResult.Failed, second.Recover(new Recorded(), out _));
            Assert.Contains("another program has the folder", second.LastFailure, StringComparison.Ordinal);
        }
        Start(out _).Dispose();
    }

    [Fact]
    public void OnlyOrdinaryFiles_AreOpened()
    {
        Assert.True(PosixDisk.Open(_path, writable: false, out var disk).Ok);
        using (disk)
        {
            Directory.CreateDirectory(Path.Join(_path, "segment-00000001"));
            File.CreateSymbolicLink(Path.Join(_path, "segment-00000002"), "/etc/hostname");
            Assert.False(disk!.Open("segment-00000001", out var file).Ok);
            Assert.Null(file);
            Assert.Equal(FileFault.NotBeneath, disk.Open("segment-00000002", out _).Fault);
            // Waiting for who writes into it would be for ever.
            using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Join(_path, "segment-00000004")])) made.WaitForExit();
            Assert.Equal(22, disk.Open("segment-00000004", out file).Error); // EINVAL
            Assert.Null(file);
            File.WriteAllText(Path.Join(_path, "segment-00000003"), "abc");
            Assert.True(disk.Open("segment-00000003", out file).Ok);
            // Read-only means that.
            Assert.False(file!.Write(0, "x"u8).Ok);
            file.Dispose();
        }
    }

    [Fact]
    public void AFileThatCannotHaveItsSpace_IsNotLeftBehind()
    {
        Assert.True(PosixDisk.Open(_path, writable: true, out var disk).Ok);
        using (disk)
        {
            Assert.False(disk!.Create("spare-00000001", long.MaxValue, out var file).Ok);
            Assert.Null(file);
            Assert.Empty(Directory.GetFiles(_path));
            Assert.True(disk.Create("spare-00000001", 8192, out file).Ok);
            file!.Dispose();
            Assert.Equal(FileFault.Exists, disk.Create("spare-00000001", 8192, out _).Fault);
        }
    }

    // Where a file system can't reserve room, the room is written to.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(150_001)]
    public void Zeros_AreWrittenToTheEnd_AndNoFurther(int size)
    {
        File.WriteAllBytes(Path.Join(_path, "full"), [.. Enumerable.Repeat((byte)0xFF, 200_000)]);
        Assert.True(DirectoryHandle.Open(_path, out var directory).Ok);
        using (directory)
        {
            Assert.True(directory!.OpenFile("full"u8, OpenFlags.ReadWrite, 0, out var file).Ok);
            using (file) Assert.True(PosixDisk.WriteZeros(file!, size).Ok);
            byte[] left = File.ReadAllBytes(Path.Join(_path, "full"));
            Assert.Equal(200_000, left.Length);
            Assert.Equal(size, Array.IndexOf(left, (byte)0xFF));
            Assert.DoesNotContain((byte)0, left[size..]);
            Assert.True(directory.OpenFile("full"u8, OpenFlags.Read, 0, out var closed).Ok);
            using (closed) Assert.Equal(size == 0, PosixDisk.WriteZeros(closed!, size).Ok);
        }
    }

    [Fact]
    public void AMissingDirectory_IsAFailureWithAName()
    {
        Assert.Equal(FileFault.NotFound, PosixDisk.Open(Path.Join(_path, "none"), writable: true, out var disk).Fault);
        Assert.Null(disk);
    }

    private SegmentLog Open()
    {
        Assert.True(PosixDisk.Open(_path, writable: true, out var disk).Ok);
        return new SegmentLog(disk!, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0, ZeroedPerCall = 16 * 1024 });
    }

    private SegmentLog Start(out Recorded seen)
    {
        var log = Open();
        seen = Recorded.Of(log);
        return log;
    }
}
