using Postern.Posix.Processes;
using Postern.Posix.Sockets;

namespace Postern.Posix.Tests.Processes;

public sealed class ProcessStartTests
{
    [Fact]
    public void Descriptors_BecomeTheFirstOnes()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using (ours)
        {
            using (theirs)
            {
                // One source stands for several numbers; the number in between stays what it is.
                var started = ProcessStart.Spawn("/bin/sh", ["sh", "-c", "echo out; echo third >&3"], [], [theirs!.Number, theirs.Number, -1, theirs.Number]);
                Assert.False(started.Failed, started.ToString());
                Assert.False(ChildProcess.Reap(started.Value, wait: true, out var end).Failed);
                Assert.Equal((true, 0), (end.Exited, end.ExitCode));
            }

            var buffer = new byte[64];
            Assert.Equal("out\nthird\n"u8.ToArray(), buffer[..Socket.Receive(ours!.Number, buffer).Value]);
        }
    }

    [Fact]
    public void NumberBeyondTheLimitOfOpenFiles_IsTheReasonThatIsGiven()
    {
        // Not that there is no memory: whoever reads it has to raise the limit.
        var started = ProcessStart.Spawn("/bin/true", ["true"], [], [2_000_000_000]);
        Assert.Equal(Errno.TooManyOpen, started.Error);
    }

    [Fact]
    public void ProgramThatIsMissing_IsTheReasonThatIsGiven() =>
        Assert.Equal(Errno.NoEntry, ProcessStart.Spawn("/nowhere/at/all", ["all"], [], []).Error);

    [Fact]
    public void DescriptorOfOurOwn_IsNotInherited()
    {
        // Standard output of a test is its runner's; what this process opened is closed when it becomes another.
        Assert.True(OwnProcess.HasInherited(1));
        Assert.False(MemoryFile.Create(out var file).Failed);
        using (file)
        {
            Assert.False(OwnProcess.HasInherited(file!.Number));
        }

        Assert.False(OwnProcess.HasInherited(-1));
    }
}
