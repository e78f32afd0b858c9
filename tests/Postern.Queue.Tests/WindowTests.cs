using Postern.Queue.Schedule;

namespace Postern.Queue.Tests;

public sealed class WindowTests
{
    private static readonly TimeSpan _retry = TimeSpan.FromMinutes(5);

    [Fact]
    public void SuccessesOpenIt_UpToTheLargest()
    {
        var window = new Window(20, _retry, isProven: true);
        Assert.Equal(Window.Start, window.Size);
        for (var i = 0; i < 1000; i++)
        {
            window.Begin();
            window.EndWell();
        }

        Assert.Equal(20, window.Size);
        Assert.Equal(0, window.Active);
    }

    [Fact]
    public void FailuresHalveIt_DownToOneAndThenARest()
    {
        var window = new Window(20, _retry, isProven: true);
        Fail(window, 100);
        Assert.Equal(2, window.Size);
        Assert.True(window.IsOpen(100));
        Fail(window, 100);
        Fail(window, 100);
        Assert.Equal(1, window.Size);
        Assert.False(window.IsOpen(100));
        Assert.True(window.IsOpen(window.RestsUntil));
    }

    // Five attempts that run into the same dead host are one piece of news.
    [Fact]
    public void AttemptsThatFailTogether_CountAsOneFailure()
    {
        var window = new Window(20, _retry, isProven: true);
        for (var i = 0; i < 5; i++)
        {
            window.Begin();
        }

        for (var i = 0; i < 5; i++)
        {
            window.EndBadly(100);
        }

        Assert.Equal(115, window.RestsUntil);
    }

    [Fact]
    public void RestsGrow_UpToAQuarterOfAnHour()
    {
        var window = new Window(20, _retry, isProven: true);
        long now = 100;
        long longest = 0;
        for (var i = 0; i < 20; i++)
        {
            Fail(window, now);
            longest = Math.Max(longest, window.RestsUntil - now);
            now = Math.Max(now, window.RestsUntil);
        }

        Assert.Equal(900, longest);
    }

    [Fact]
    public void FirstRest_IsNoLongerThanARecipientsFirstWait()
    {
        var window = new Window(1, TimeSpan.FromSeconds(1), isProven: true);
        Fail(window, 100);
        Assert.Equal(101, window.RestsUntil);
    }

    [Fact]
    public void NothingKnown_OneAtATimeUntilItAnswers()
    {
        var window = new Window(20, _retry, isProven: false);
        Assert.Equal(1, window.Size);
        window.Begin();
        window.EndNeutral();
        Assert.Equal((1, false), (window.Size, window.IsProven));
        window.Begin();
        window.EndWell();
        Assert.Equal((Window.Start, true), (window.Size, window.IsProven));
    }

    [Fact]
    public void AnswerAfterFailures_OpensItNoFartherThanOneMore()
    {
        var window = new Window(20, _retry, isProven: false);
        Fail(window, 100);
        Assert.Equal(115, window.RestsUntil);
        window.Begin();
        window.EndWell();
        Assert.Equal((2, true), (window.Size, window.IsProven));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SmallLimit_HoldsFromTheBeginning(bool isProven)
    {
        var window = new Window(2, _retry, isProven);
        window.Begin();
        window.EndWell();
        Assert.Equal(2, window.Size);
    }

    private static void Fail(Window window, long now)
    {
        window.Begin();
        window.EndBadly(now);
    }
}
