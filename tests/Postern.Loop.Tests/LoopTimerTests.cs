using CsCheck;

namespace Postern.Loop.Tests;

public class LoopTimerTests
{
    [Fact]
    public void Timer_FiresOnceAtItsMoment()
    {
        var time = new SteppedTime();
        using var loop = new EventLoop(time);
        var fired = 0;
        var timer = loop.CreateTimer(() => fired++);
        timer.Set(TimeSpan.FromSeconds(2));
        time.Step(loop, TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, fired);
        time.Step(loop, TimeSpan.FromSeconds(0.1));
        time.Step(loop, TimeSpan.FromSeconds(10));
        Assert.Equal(1, fired);
        Assert.False(timer.IsSet);
    }

    [Fact]
    public void MovedTimer_FiresAtItsLastMoment()
    {
        var time = new SteppedTime();
        using var loop = new EventLoop(time);
        var fired = 0;
        var timer = loop.CreateTimer(() => fired++);
        timer.Set(TimeSpan.FromSeconds(1));
        timer.Set(TimeSpan.FromSeconds(5));
        time.Step(loop, TimeSpan.FromSeconds(2));
        Assert.Equal(0, fired);
        timer.Set(TimeSpan.FromSeconds(1));
        time.Step(loop, TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void TimerThatSetsItselfForNow_FiresOncePerTurnAndKeepsNobodyWaiting()
    {
        using var loop = new EventLoop(new SteppedTime());
        var fired = 0;
        LoopTimer timer = null!;
        timer = loop.CreateTimer(() =>
        {
            fired++;
            timer.Set(TimeSpan.Zero);
        });
        var others = 0;
        var other = loop.CreateTimer(() => others++);
        timer.Set(TimeSpan.Zero);
        other.Set(TimeSpan.Zero);
        for (var turn = 1; turn < 5; turn++)
        {
            Assert.True(loop.RunTurn(wait: true));
            Assert.Equal(turn, fired);
        }

        Assert.Equal(1, others);
    }

    [Fact]
    public void UnsetTimers_AreForgottenAtOnce()
    {
        var time = new SteppedTime();
        using var loop = new EventLoop(time);
        var timers = Enumerable.Range(0, 1000).Select(_ => loop.CreateTimer(() => Assert.Fail("It was unset."))).ToArray();
        foreach (var timer in timers) timer.Set(TimeSpan.FromMinutes(5));
        Assert.Equal(1000, loop.Timers.Count);
        foreach (var timer in timers) timer.Unset();
        Assert.Equal(0, loop.Timers.Count);
        time.Step(loop, TimeSpan.FromHours(1));
    }

    [Fact]
    public void AnyUseOfTimers_FiresThoseThatAreDueInTheirOrder()
    {
        // Each action: which timer, and its new moment in seconds, 0 to unset it; after each a second passes.
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 30]).List[0, 200].Sample(
            actions =>
            {
                var time = new SteppedTime();
                using var loop = new EventLoop(time);
                var due = new int[20];
                var fired = new List<int>();
                var timers = Enumerable.Range(0, 20).Select(number => loop.CreateTimer(() => fired.Add(number))).ToArray();
                var now = 0;
                foreach (var (number, seconds) in actions)
                {
                    due[number] = seconds == 0 ? 0 : now + seconds;
                    if (seconds == 0) timers[number].Unset();
                    else timers[number].Set(TimeSpan.FromSeconds(seconds));
                    now++;
                    fired.Clear();
                    time.Step(loop, TimeSpan.FromSeconds(1));
                    var expected = Enumerable.Range(0, 20).Where(each => due[each] == now).ToArray();
                    foreach (var each in expected) due[each] = 0;
                    if (!expected.SequenceEqual(fired.Order())) return false;
                    if (loop.Timers.Count != due.Count(each => each != 0)) return false;
                }

                return true;
            },
            iter: 500);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(EventLoop loop, TimeSpan by)
        {
            _ticks += by.Ticks;
            loop.RunTurn(wait: false);
        }
    }
}
