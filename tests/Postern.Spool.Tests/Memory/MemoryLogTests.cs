namespace Postern.Spool.Tests.Memory;

public sealed class MemoryLogTests
{
    [Fact]
    public void ACommittedBatch_OutlivesACrash_AndAnOpenOneDoesNot()
    {
        using var log = new MemoryLog();
        _ = Recorded.Of(log);
        var first = Append(log, RecordKind.Envelope, "one");
        Assert.Equal(LogResult.Success, log.Commit());
        Append(log, RecordKind.Envelope, "two");
        Assert.Equal(LogResult.Success, log.WriteOut());

        Assert.Equal(["one"], Recorded.Of(log.Crash()).Payloads);
        Assert.Equal(["one", "two"], Recorded.Of(log.Crash(keepOpenBatch: true)).Payloads);
        Assert.Equal("one", Read(log.Crash(), first));
    }

    [Fact]
    public void AFailedCommit_PoisonsTheLog()
    {
        using var log = new MemoryLog { CommitsUntilFailure = 1 };
        Append(log, RecordKind.Envelope, "one");
        Assert.Equal(LogResult.Success, log.Commit());
        Append(log, RecordKind.Envelope, "two");
        Assert.Equal(LogResult.Failed, log.Commit());
        Assert.Equal(LogResult.Failed, log.Commit());
        Assert.Equal(LogResult.Failed, log.Append(RecordKind.Result, "r"u8, out _));
        Assert.Equal(1, log.Commits);
    }

    [Fact]
    public void WhenOnlyTheReserveIsLeft_ResultsStillGoIn()
    {
        using var log = new MemoryLog { Capacity = 10, Reserve = 5 };
        Append(log, RecordKind.Content, "12345");
        Assert.Equal(LogResult.Full, log.Append(RecordKind.Envelope, "6"u8, out _));
        Assert.True(log.IsFull);
        Append(log, RecordKind.Result, "67890");
        Assert.Equal(LogResult.Full, log.Append(RecordKind.Result, "1"u8, out _));
        Assert.Equal(LogResult.Success, log.Commit());
    }

    [Fact]
    public void TheOldestSection_GoesWithTheCommit()
    {
        using var log = new MemoryLog(sectionBytes: 4);
        foreach (string payload in new[] { "aaaa", "bbbb", "cccc" }) Append(log, RecordKind.Envelope, payload);
        Assert.False(log.CanFree(1)); // Its batch is open.
        Assert.Equal(LogResult.Success, log.Commit());
        Assert.True(log.CanFree(1));
        Assert.False(log.CanFree(2));
        Assert.Equal(LogResult.Success, log.Free(1));
        Assert.Equal(1u, log.OldestSection);
        Assert.Equal(LogResult.Success, log.Commit());
        Assert.Equal(2u, log.OldestSection);
        Assert.Equal(["bbbb", "cccc"], Recorded.Of(log.Crash()).Payloads);
    }

    [Fact]
    public void ACheckpoint_CountsOnceItsEndIsCommitted()
    {
        using var log = new MemoryLog(sectionBytes: 4);
        Append(log, RecordKind.Envelope, "before");
        Assert.Equal(LogResult.Success, log.Commit());
        Append(log, RecordKind.Envelope, "in the batch");
        log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, log.AppendCheckpoint("piece 1"u8));
        Assert.Equal(LogResult.Success, log.Commit());
        Assert.Equal(LogResult.Success, log.AppendCheckpoint("piece 2"u8));
        Assert.Equal(LogResult.Success, log.EndCheckpoint());
        Assert.Equal(["before", "in the batch"], Recorded.Of(log.Crash()).Payloads);
        Assert.Equal(LogResult.Success, log.Commit());
        var seen = Recorded.Of(log.Crash());
        Assert.Equal(["piece 1", "piece 2"], seen.Pieces);
        Assert.Equal(["in the batch"], seen.Payloads);
    }

    private static RecordPosition Append(MemoryLog log, RecordKind kind, string payload)
    {
        Assert.Equal(LogResult.Success, log.Append(kind, System.Text.Encoding.Latin1.GetBytes(payload), out var position));
        return position;
    }

    private static string Read(MemoryLog log, RecordPosition position)
    {
        byte[] destination = new byte[100];
        Assert.Equal(ReadResult.Success, log.Read(position, destination, out _, out int length));
        return System.Text.Encoding.Latin1.GetString(destination, 0, length);
    }
}
