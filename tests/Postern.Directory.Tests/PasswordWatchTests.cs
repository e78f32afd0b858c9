using Postern.Directory.Tables;

namespace Postern.Directory.Tests;

public sealed class PasswordWatchTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly ManualTime _time = new();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void File_IsReadOnceAndAgainAfterAChange()
    {
        var watch = new PasswordWatch(_path, _time, own: 990);
        Write("alice:x:1000:1000::/home/alice:/bin/sh\n");
        Assert.Equal(1, watch.Look()!.Count);
        Assert.Null(watch.Look());
        Write("alice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n");
        // Not looked at before its time: a flood of questions costs no system call each.
        Assert.Null(watch.Look());
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, watch.Look()!.Count);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(watch.Look());
    }

    [Fact]
    public void MissingFile_LeavesWhatWasRead()
    {
        var watch = new PasswordWatch(_path, _time, own: 990);
        Write("alice:x:1000:1000::/home/alice:/bin/sh\n");
        var current = new CurrentBook(watch);
        Assert.True(current.Replace(Books.Write(slice => slice.Domain("a.test"), systemUsers: true)));
        Assert.Equal(1, current.Book.SystemUsers!.Count);
        File.Delete(_path);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, current.Book.SystemUsers!.Count);
        Write("");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, current.Book.SystemUsers!.Count);
    }

    [Fact]
    public void Reload_KeepsTheAccounts()
    {
        Write("alice:x:1000:1000::/home/alice:/bin/sh\n");
        var current = new CurrentBook(new PasswordWatch(_path, _time, own: 990));
        Assert.True(current.Replace(Books.Write(slice => slice.Domain("a.test"), systemUsers: true)));
        Assert.NotNull(current.Book.SystemUsers);
        Assert.True(current.Replace(Books.Write(slice => slice.Domain("b.test"), systemUsers: true)));
        Assert.NotNull(current.Book.SystemUsers);
        Assert.False(current.Replace("nonsense"u8));
        Assert.NotNull(current.Book.SystemUsers);
    }

    private void Write(string text) => File.WriteAllText(_path, text);

    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
