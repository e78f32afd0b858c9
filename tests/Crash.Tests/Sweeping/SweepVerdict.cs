namespace Postern.Crash.Sweeping;

/// <summary>What a queue must have done about a system call that went wrong, seen in its calls and in its end.</summary>
internal static class SweepVerdict
{
    /// <summary>Throws when it did something else.</summary>
    internal static void Judge(FaultPoint point, SweptLife life)
    {
        life.JudgeAcknowledgements(life.Trace);
        Assert.DoesNotContain(" crashed ", life.Log, StringComparison.Ordinal);
        if (!life.Hit)
        {
            Assert.True(life.End is { Exited: true, ExitCode: 0 }, $"{life.End}: {life.Log}");
        }
        else if (point.Kills)
        {
            Assert.Equal(9, life.End.Signal);
        }
        else if (point.IsSync)
        {
            var failed = life.Trace.First(call => call.IsInjected);
            Assert.DoesNotContain(life.Trace, call => call.IsSync && call.Begin > failed.Begin);
            Assert.True(life.End is { Exited: true, ExitCode: > 0 }, life.End.ToString());
        }

        // Whoever ends over a failure says so; whoever goes on ends in good order.
        if (life.End is { Exited: true, ExitCode: > 0 })
        {
            Assert.Matches(" (storage-failed|start-failed) ", life.Log);
        }
    }
}
