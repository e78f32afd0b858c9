using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>The queue's own system calls fail, each at its first, second, third … time: nothing that got its 250 is lost or altered.</summary>
public sealed class QueueFaultTests
{
    private static readonly int _depth = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 40 : 4;

    /// <summary>Errors of a sync: the disk, space that was promised and is not there, a file system that the kernel has given up.</summary>
    public static TheoryData<string, int> Syncs() => Sweep("EIO", "ENOSPC", "EROFS", "EDQUOT");

    /// <summary>Errors of a write.</summary>
    public static TheoryData<string, int> Writes() => Sweep("EIO", "ENOSPC", "EROFS");

    [Theory]
    [MemberData(nameof(Syncs))]
    public void AFailedSync_IsNeverAcknowledgedNorTriedAgain(string error, int when)
    {
        using var run = new FaultyRun();
        run.SendUntilAcknowledged();
        var queue = run.Server.PidOf("queue")!.Value;
        run.WhileTraced([queue, run.Server.PidOf("smtpd")!.Value], [$"fdatasync,fsync:error={error}:when={when}"], () => SendUntilGone(run, queue));
        run.Settle();
        run.MustHaveGivenUpAtOnce(queue);
        Assert.Contains(run.Server.Log, line => line.Contains("storage-failed", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void AFailedWrite_IsNeverAcknowledged(string error, int when)
    {
        using var run = new FaultyRun();
        run.SendUntilAcknowledged();
        var queue = run.Server.PidOf("queue")!.Value;
        run.WhileTraced([queue, run.Server.PidOf("smtpd")!.Value], [$"pwrite64:error={error}:when={when}"], () =>
        {
            for (var i = 0; i < when + 3; i++)
            {
                run.Send();
            }
        });
        Assert.Contains(run.Calls, call => call.IsInjected);
        run.Settle();
    }

    // EINTR is no failure of the disk: nobody hears of it.
    [Fact]
    public void AnInterruptedWrite_IsDoneAgain()
    {
        using var run = new FaultyRun();
        run.SendUntilAcknowledged();
        var queue = run.Server.PidOf("queue")!.Value;
        run.WhileTraced([queue, run.Server.PidOf("smtpd")!.Value], ["pwrite64:error=EINTR:when=1+2"], () =>
        {
            for (var i = 0; i < 6; i++)
            {
                Assert.True(run.Send());
            }
        });
        Assert.Contains(run.Calls, call => call.IsInjected);
        Assert.Equal(6, run.Settle());
        Assert.Equal(0, run.Refused);
    }

    // The write claims ten bytes and wrote none, the rest follows, and then the disk fails: what recovery finds is a batch
    // with a hole. None of it may come out.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ATornWrite_IsNotDelivered(int when)
    {
        using var run = new FaultyRun();
        run.SendUntilAcknowledged();
        var queue = run.Server.PidOf("queue")!.Value;
        run.WhileTraced([queue, run.Server.PidOf("smtpd")!.Value], [$"pwrite64:retval=10:when={when}", $"fdatasync,fsync:error=EIO:when={when}+"], () => SendUntilGone(run, queue));
        Assert.Contains(run.Calls, call => call.IsFileWrite && call.IsInjected);
        run.Settle();
        run.MustHaveGivenUpAtOnce(queue);
    }

    private static TheoryData<string, int> Sweep(params string[] errors)
    {
        var data = new TheoryData<string, int>();
        foreach (var error in errors)
        {
            for (var when = 1; when <= _depth; when++)
            {
                data.Add(error, when);
            }
        }

        return data;
    }

    private static void SendUntilGone(FaultyRun run, int queue) => Patience.Until(
        () =>
        {
            run.Send();
            return run.Server.PidOf("queue") is { } pid && pid != queue;
        },
        () => string.Join('\n', run.Server.Log.TakeLast(30)));
}
