using Postern.Crash.Bare;
using Postern.TestKit.Servers;

namespace Postern.Crash.Sweeping;

/// <summary>The folder of a queue that has worked: a dozen segments, of which only the newest holds something that is still needed.</summary>
internal static class SweepTemplate
{
    private const int First = 100_000;
    private const int Old = 14;

    /// <summary>A message that waits in it, and for whom.</summary>
    internal const int Waiting = First + Old;
    internal const string WaitingFor = $"{Recipients.Away}-long@a.test";
    internal const int WaitingBytes = 2000;

    private static readonly Lazy<Scratch> _made = new(Make);

    /// <summary>Its path; to be copied.</summary>
    internal static string Folder => _made.Value["queue"];

    private static Scratch Make()
    {
        var scratch = new Scratch(belongsToNobody: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => scratch.Dispose();
        Directory.CreateDirectory(scratch["queue"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var queue = BareQueue.Start(scratch["queue"], scratch["log"]);
        Assert.True(queue.AwaitReady(), queue.Log);
        for (var number = First; number < First + Old; number++)
        {
            queue.Smtpd.Submit(number, 180_000, "old@a.test");
        }

        Assert.True(queue.Await(() => queue.Local.Delivered.Count == Old, "the old messages"), queue.Log);
        queue.Smtpd.Submit(Waiting, WaitingBytes, WaitingFor);
        Assert.True(queue.Await(() => queue.Smtpd.Answers.ContainsKey(Waiting), "an answer"), queue.Log);
        Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
        return scratch;
    }
}
