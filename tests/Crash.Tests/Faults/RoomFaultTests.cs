using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>What the queue and deliver do besides writing fails: making room, naming files, syncing folders, starting.</summary>
public sealed class RoomFaultTests
{
    /// <summary>No room for a new segment; it can't get its name; its name can't be made durable. And what is rarer, in the long form.</summary>
    public static TheoryData<string> Faults() => Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 }
        ? ["fallocate:error=ENOSPC", "fallocate:error=EIO", "renameat2:error=EROFS", "renameat2:error=EIO", "fsync:error=EIO", "fsync:error=EROFS",
            "openat:error=EMFILE", "openat:error=EROFS"]
        : ["fallocate:error=ENOSPC", "renameat2:error=EROFS", "fsync:error=EIO"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void ANewSegmentThatCanNotBeMade_CostsNothingThatWasAcknowledged(string fault)
    {
        using var run = new FaultyRun { MessageBytes = 8_000_000 };
        run.SendUntilAcknowledged();
        var queue = run.Server.PidOf("queue")!.Value;
        // More than the segment and the spare one that are there from the beginning.
        run.WhileTraced([queue], [fault], () =>
        {
            for (var i = 0; i < 18; i++)
            {
                run.Send();
            }
        });
        Assert.Contains(run.Lines, line => line.EndsWith("(INJECTED)", StringComparison.Ordinal));
        run.Settle();
    }

    // Some file systems do not know how to reserve room: it is taken by writing.
    [Theory]
    [InlineData("fallocate:error=EOPNOTSUPP")]
    [InlineData("fallocate:error=ENOSYS")]
    public void AFileSystemThatReservesNothing_DoesAsWell(string fault)
    {
        using var run = new FaultyRun { MessageBytes = 8_000_000 };
        run.SendUntilAcknowledged();
        run.WhileTraced([run.Server.PidOf("queue")!.Value], [fault], () => Assert.All(Enumerable.Range(0, 18), _ => Assert.True(run.Send())));
        Assert.Contains(run.Lines, line => line.EndsWith("(INJECTED)", StringComparison.Ordinal));
        run.Settle();
    }

    [Theory]
    [InlineData("fdatasync,fsync:error=EIO:when=1")]
    [InlineData("fdatasync,fsync:error=EIO:when=2")]
    [InlineData("pwrite64:error=EIO:when=1")]
    [InlineData("pwrite64:error=ENOSPC:when=1")]
    [InlineData("fallocate:error=ENOSPC:when=1+")]
    public void AStartOfTheQueueThatFails_IsMadeAgain(string fault)
    {
        using var run = new FaultyRun();
        for (var i = 0; i < 5; i++)
        {
            run.SendUntilAcknowledged();
        }

        // New children of posternd are followed: the queue that it starts now.
        run.WhileTraced([run.Server.SupervisorPid], [fault], () =>
        {
            Assert.True(run.Server.Kill("queue"));
            // Killed by a signal, and then at its own end: every start would fail as long as this is watched. Or it does without.
            Patience.Until(
                () => run.Server.Log.Any(line => line.Contains("program-ended name=queue", StringComparison.Ordinal) && line.Contains("exit ", StringComparison.Ordinal))
                    || run.Server.Log.Count(line => line.Contains(" queue recovered ", StringComparison.Ordinal)) > 1,
                () => string.Join('\n', run.Server.Log.TakeLast(30)));
        });
        Assert.Contains(run.Lines, line => line.EndsWith("(INJECTED)", StringComparison.Ordinal));
        run.Settle();
    }

    [Theory]
    [InlineData("fsync,fdatasync:error=EIO:when=1")]
    [InlineData("fsync,fdatasync:error=ENOSPC:when=1")]
    [InlineData("fsync,fdatasync:error=EIO:when=2")]
    [InlineData("renameat2:error=EROFS:when=1")]
    [InlineData("pwrite64:error=ENOSPC:when=1")]
    [InlineData("pwrite64:error=EDQUOT:when=1")]
    public void ADeliveryThatFails_IsMadeAgain(string fault)
    {
        using var run = new FaultyRun();
        run.WhileTraced([run.Server.SupervisorPid], [fault], () =>
        {
            // deliver is started for the first message: it is a new child, the queue is not.
            Assert.True(run.Send());
            run.Server.AwaitLog(line => line.Contains(" deferred ", StringComparison.Ordinal) || line.Contains(" delivered ", StringComparison.Ordinal), "an attempt");
        });
        Assert.Contains(run.Lines, line => line.EndsWith("(INJECTED)", StringComparison.Ordinal));
        run.Settle();
        Assert.Equal(0, run.Refused);
    }
}
