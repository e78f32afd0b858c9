using System.Globalization;
using Postern.Crash.Syncing;
using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>Signals interrupt system calls (EINTR, signal(7)) before they have done anything: whoever made one makes it again.</summary>
public sealed class InterruptedCallTests
{
    /// <summary>
    /// Every second call, so that each that is made again succeeds. A sync is none of them: its failure is final. Nor is
    /// reading a file: the loader of a fresh program makes those calls, too, and does not make them again.
    /// </summary>
    [Theory]
    [InlineData("recvfrom,sendto")]
    [InlineData("recvmsg,sendmsg")]
    [InlineData("openat2,fallocate,ftruncate,flock,getrandom")]
    [InlineData("?epoll_wait,epoll_pwait,?poll,ppoll")]
    [InlineData("accept4")]
    public void CallsThatAreInterrupted_AreMadeAgain(string calls)
    {
        using var server = PosternServer.Start();
        int[] pids = [server.SupervisorPid, .. new[] { "smtpd", "directory", "queue", "local" }.Select(name => server.PidOf(name)!.Value)];
        IReadOnlyList<string> seen;
        using (var strace = new Strace(pids, "-e", "trace=" + calls, "-e", $"inject={calls}:error=EINTR:when=1+2"))
        {
            for (var i = 0; i < 3; i++)
            {
                OneMessage.MustArrive(server);
            }

            seen = strace.Detach();
        }

        Assert.Contains(seen, line => line.Contains("EINTR", StringComparison.Ordinal) && line.Contains("(INJECTED)", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log, line => line.Contains("program-ended", StringComparison.Ordinal));
        Assert.Equal(pids[1..], new[] { "smtpd", "directory", "queue", "local" }.Select(name => server.PidOf(name)!.Value));
        Assert.True(server.Stop() == 0, string.Create(CultureInfo.InvariantCulture, $"{calls}: {string.Join('\n', server.Log.TakeLast(20))}"));
    }
}
