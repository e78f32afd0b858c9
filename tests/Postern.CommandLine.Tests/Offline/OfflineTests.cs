using System.Text.Json;
using Postern.CommandLine.Offline;
using Postern.CommandLine.Tests.Fakes;
using Postern.Spool;

namespace Postern.CommandLine.Tests.Offline;

public sealed class OfflineTests : IDisposable
{
    private readonly Caller _caller = new();
    private readonly string _folder;

    public OfflineTests()
    {
        _folder = Path.Join(_caller.Folder, "queue");
        Directory.CreateDirectory(_folder);
        using var log = Open();
        // One message of two pieces whose first recipient is served; one that is finished; one that became another's target.
        var first = QueueRecords.Content(log, 1, "Subject: a\r\n\r\nhel");
        var second = QueueRecords.Content(log, 1, "lo\r\n.\r\n");
        QueueRecords.Envelope(log, 1, (0, 0), [first, second], 24, "bob@example.org", "c@example.org");
        var other = QueueRecords.Content(log, 2, "x\r\n");
        QueueRecords.Envelope(log, 2, (0, 0), [other], 3, "done@example.org");
        QueueRecords.Result(log, 1, 0, 2);
        QueueRecords.Result(log, 2, 0, 2);
        QueueRecords.Envelope(log, 3, (0, 0), [other], 3, "alias@example.org");
        QueueRecords.Envelope(log, 4, (1, 3), [other], 3, "target@example.org");
        Assert.Equal(LogResult.Success, log.Commit());
    }

    [Fact]
    public void WholeLog_IsGoodAndCounted()
    {
        Assert.Equal(0, _caller.Run("", "postern", "queue", "verify", "--json", _folder));
        using var json = JsonDocument.Parse(_caller.Output);
        Assert.Equal(2, json.RootElement.GetProperty("messages").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("recipients").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("damages").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("unknown_records").GetInt32());
        Assert.True(json.RootElement.GetProperty("exact").GetBoolean());
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("export")]
    public void TheFolderOfAQueueThatRuns_IsRefused(string command)
    {
        var target = Path.Join(_caller.Folder, "rescued");
        string[] arguments = command == "export" ? ["postern", "queue", command, _folder, target] : ["postern", "queue", command, _folder];
        Assert.False(Postern.Posix.Processes.OwnedFolder.Lock(_folder, out var held).Failed);
        using (held)
        {
            Assert.Equal(75, _caller.Run("", arguments));
            Assert.Contains("a server is running on this queue", _caller.Error, StringComparison.Ordinal);
            Assert.Empty(_caller.Output);
            Assert.False(Directory.Exists(target));
        }

        Assert.Equal(0, _caller.Run("", arguments));
    }

    [Fact]
    public void Words_SayTheSame()
    {
        Assert.Equal(0, _caller.Run("", "postern", "queue", "verify", _folder));
        Assert.Contains("messages            2\n", _caller.Output, StringComparison.Ordinal);
    }

    // What every crash leaves is no reason to restore a backup.
    [Fact]
    public void BatchThatACrashCutOff_IsNoDamage()
    {
        using (var log = Open())
        {
            QueueRecords.Envelope(log, 5, (0, 0), [QueueRecords.Content(log, 5, "x\r\n")], 3, "torn@example.org");
            Assert.Equal(LogResult.Success, log.Commit());
        }

        var segment = Directory.GetFiles(_folder).Single(file => File.ReadAllBytes(file).AsSpan().IndexOf("torn@"u8) >= 0);
        var bytes = File.ReadAllBytes(segment);
        bytes.AsSpan(bytes.AsSpan().IndexOf("torn@"u8)).Clear();
        File.WriteAllBytes(segment, bytes);
        Assert.Equal(0, _caller.Run("", "postern", "queue", "verify", _folder));
        Assert.DoesNotContain("\ndamage: ", _caller.Output, StringComparison.Ordinal);
        Assert.Matches("\ndamages             0\nunfinished batches  1\nno damage: segment [0-9a-f]{8} .*: TornTail: what was being written when the queue ended", _caller.Output);
    }

    [Fact]
    public void Export_WritesWhatIsLeftToDo()
    {
        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(0, _caller.Run("", "postern", "queue", "export", _folder, target));
        Assert.Equal("2 messages written, 0 there already, 0 incomplete.\n", _caller.Output);
        var files = Directory.GetFiles(Path.Join(target, "new")).Order().ToArray();
        Assert.Equal(["1795464062.Q0000000000001.postern", "1795464062.Q0000000000004.postern"], files.Select(Path.GetFileName));
        Assert.Equal(
            "Return-Path: <ann@example.org>\nX-Postern-Recipient: c@example.org\nSubject: a\n\nhello\n.\n", File.ReadAllText(files[0]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files[0]));
    }

    [Fact]
    public void ContentThatBeginsFolded_IsPartedFromTheEnvelopeOnTop()
    {
        // G9.
        using (var log = Open())
        {
            QueueRecords.Envelope(log, 5, (0, 0), [QueueRecords.Content(log, 5, " x\r\n")], 4, "folded@example.org");
            Assert.Equal(LogResult.Success, log.Commit());
        }

        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(0, _caller.Run("", "postern", "queue", "export", _folder, target));
        Assert.Equal(
            "Return-Path: <ann@example.org>\nX-Postern-Recipient: folded@example.org\n\n x\n",
            File.ReadAllText(Directory.GetFiles(Path.Join(target, "new")).Order().Last()));
    }

    [Fact]
    public void SecondExport_OverwritesNothing()
    {
        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(0, _caller.Run("", "postern", "queue", "export", _folder, target));
        var file = Directory.GetFiles(Path.Join(target, "new")).Order().First();
        File.WriteAllText(file, "mine");
        Assert.Equal(0, _caller.Run("", "postern", "queue", "export", _folder, target));
        Assert.EndsWith("0 messages written, 2 there already, 0 incomplete.\n", _caller.Output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Empty(Directory.GetFiles(Path.Join(target, "tmp")));
    }

    [Fact]
    public void ExportOfAll_HasTheFinishedOnes()
    {
        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(0, _caller.Run("", "postern", "queue", "export", "--all", _folder, target));
        Assert.Equal(4, Directory.GetFiles(Path.Join(target, "new")).Length);
    }

    [Fact]
    public void DamagedContent_IsFoundAndTheRestRescued()
    {
        var segment = Directory.GetFiles(_folder).Single(file => new FileInfo(file).Length > 100_000 && Find(file) >= 0);
        var bytes = File.ReadAllBytes(segment);
        bytes[Find(segment)] ^= 1;
        File.WriteAllBytes(segment, bytes);
        // A batch after it shows that the damaged one had been committed.
        Assert.Equal(65, _caller.Run("", "postern", "queue", "verify", _folder));
        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(65, _caller.Run("", "postern", "queue", "export", _folder, target));
        Assert.Single(Directory.GetFiles(Path.Join(target, "new")));
        Assert.Contains("0000000000001 is incomplete", _caller.Error, StringComparison.Ordinal);
    }

    // No damage to a log whose checksums hold leads to this: a queue that wrote the wrong pieces down would.
    [Fact]
    public void ContentThatIsNotAsLongAsItsEnvelopeSays_IsNotRescuedAsWhole()
    {
        using (var log = Open())
        {
            QueueRecords.Envelope(log, 5, (0, 0), [QueueRecords.Content(log, 5, "four")], 5, "short@example.org");
            Assert.Equal(LogResult.Success, log.Commit());
        }

        var target = Path.Join(_caller.Folder, "rescued");
        Assert.Equal(65, _caller.Run("", "postern", "queue", "verify", _folder));
        Assert.Equal(65, _caller.Run("", "postern", "queue", "export", _folder, target));
        Assert.Contains("0000000000005 is incomplete", _caller.Error, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Join(target, "new")).Length);
    }

    [Fact]
    public void FolderThatIsMissing_IsNoInput() =>
        Assert.Equal(66, _caller.Run("", "postern", "queue", "verify", Path.Join(_caller.Folder, "nothing")));

    [Fact]
    public void EveryCutOfARecord_IsRefused()
    {
        var envelope = QueueRecords.EnvelopeBytes(1, 0, 0, [new RecordPosition(1, 2)], 5, "a@b");
        Assert.True(StoredMessage.TryRead(envelope, out _));
        foreach (var cut in TestKit.SplitDriver.EveryCut(envelope))
        {
            Assert.False(StoredMessage.TryRead(cut, out _));
        }

        var result = QueueRecords.ResultBytes(1, 0, 2);
        Assert.True(StoredMessage.TryReadResult(result, out _, out _, out _));
        foreach (var cut in TestKit.SplitDriver.EveryCut(result))
        {
            Assert.False(StoredMessage.TryReadResult(cut, out _, out _, out _));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    private static int Find(string file) => File.ReadAllBytes(file).AsSpan().IndexOf("Subject: a"u8);

    private SegmentLog Open()
    {
        Assert.True(PosixDisk.Open(_folder, writable: true, out var disk).Ok);
        var log = new SegmentLog(disk!, new LogOptions { SegmentBytes = 1 << 22, MinFreeBytes = 0 });
        Assert.Equal(LogResult.Success, log.Recover(new LogContents(new Output.Progress(new Output.Screen(TextWriter.Null, TextWriter.Null, Stream.Null, false), TimeProvider.System)), out _));
        return log;
    }
}
