using Postern.Posix.Files;
using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Posix.Tests;

/// <summary>Calls on descriptors that are closed or of another kind: the error is the value, and nothing is made of what was not read.</summary>
public sealed class BadDescriptorTests
{
    private const int Closed = -1;

    [Fact]
    public void ASocketThatIsClosed_SaysSo()
    {
        Assert.Equal(Errno.BadDescriptor, Socket.Receive(Closed, new byte[1]).Error);
        Assert.Equal(Errno.BadDescriptor, Socket.Send(Closed, "x"u8).Error);
        Assert.Equal(Errno.BadDescriptor, Socket.FinishConnect(Closed).Error);
        Assert.Equal(Errno.BadDescriptor, Socket.EndSending(Closed).Error);
        Assert.Equal(Errno.BadDescriptor, Socket.Accept(Closed, out var connection, out var peer).Error);
        Assert.Null(connection);
        Assert.Null(peer);
        Assert.Equal(Errno.BadDescriptor, PacketSocket.Send(Closed, "x"u8, null).Error);
        Assert.Equal(Errno.BadDescriptor, PacketSocket.Receive(Closed, new byte[1], out var passed).Error);
        Assert.Null(passed);
    }

    // Nobody is user 0 because the kernel did not answer.
    [Fact]
    public void ThePeerOfNoSocket_IsNobody()
    {
        Assert.Equal(Errno.BadDescriptor, Socket.PeerUser(Closed, out var uid).Error);
        Assert.Equal(uint.MaxValue, uid);
        Assert.True(Socket.LocalAddress(Closed).IsUnix);
    }

    [Fact]
    public void AFileThatIsClosed_SaysSo()
    {
        using var file = FileHandle.Own(Closed);
        Assert.Equal(Errno.BadDescriptor, file.Read(0, new byte[1]).Error);
        Assert.Equal(Errno.BadDescriptor, file.Write(0, "x"u8).Error);
        Assert.Equal(Errno.BadDescriptor, file.Sync().Error);
        Assert.Equal(Errno.BadDescriptor, file.SyncContent().Error);
        Assert.Equal(Errno.BadDescriptor, file.Allocate(0, 1).Error);
        Assert.Equal(Errno.BadDescriptor, file.Truncate(1).Error);
        Assert.Equal(Errno.BadDescriptor, file.TryLock().Error);
        Assert.Equal(Errno.BadDescriptor, file.DropCache().Error);
        Assert.Equal(Errno.BadDescriptor, file.GetStatus(out var status).Error);
        Assert.Equal(default, status);
        Assert.True(file.Close().Ok);
    }

    [Fact]
    public void ADirectoryThatIsNone_SaysSo()
    {
        Assert.False(ReadOnlyFile.Open("/etc/passwd", out var opened).Failed);
        using var file = DirectoryHandle.Own(opened!.Release());
        Assert.False(file.List((_, _) => Assert.Fail("an entry")).Ok);
        Assert.Equal(FileFault.NotBeneath, file.OpenFile("x"u8, OpenFlags.Read, 0, out _).Fault);
        Assert.Equal(FileFault.NotBeneath, file.GetStatus("x"u8, out _).Fault);
        using var closed = DirectoryHandle.Own(Closed);
        Assert.Equal(Errno.BadDescriptor, closed.List((_, _) => Assert.Fail("an entry")).Error);
        Assert.Equal(Errno.BadDescriptor, closed.GetFreeBytes().Error);
        Assert.Equal(Errno.BadDescriptor, closed.Sync().Error);
    }

    [Fact]
    public void BytesOfAClosedDescriptor_AreNotToBeHad()
    {
        Assert.Equal(Errno.BadDescriptor, DescriptorBytes.Read(Closed, new byte[1]).Error);
        Assert.Equal(Errno.BadDescriptor, DescriptorBytes.Write(Closed, "x"u8).Error);
        Assert.Equal(Errno.BadDescriptor, DescriptorBytes.DoNotWait(Closed).Error);
        Assert.Equal(Errno.BadDescriptor, MemoryFile.Append(Closed, "x"u8).Error);
        Assert.Equal(Errno.BadDescriptor, MemoryFile.Read(Closed, new byte[1]).Error);
        Assert.Equal(Errno.BadDescriptor, MemoryFile.ReadAll(Closed, 10, out var content).Error);
        Assert.Empty(content);
        Assert.Equal(Errno.BadDescriptor, MemoryFile.Seal(Closed).Error);
    }

    [Fact]
    public void AFileLongerThanItMayBe_IsNotReadAtAll()
    {
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            var bytes = new byte[70 * 1024];
            Random.Shared.NextBytes(bytes);
            Assert.False(MemoryFile.Append(file!.Number, bytes).Failed);
            Assert.Equal(Errno.InvalidArgument, MemoryFile.ReadAll(file.Number, bytes.Length - 1, out var content).Error);
            Assert.Empty(content);
            Assert.False(MemoryFile.ReadAll(file.Number, bytes.Length, out content).Failed);
            Assert.Equal(bytes, content);
        }
    }
}
