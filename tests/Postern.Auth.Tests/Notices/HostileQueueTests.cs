using Postern.Auth.Tests.Harness;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.TestKit;

namespace Postern.Auth.Tests.Notices;

/// <summary>The queue taken over: it has all mail, and nothing of what auth keeps; and it stops no login.</summary>
public sealed class HostileQueueTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1_000 : 40;

    [Fact]
    public void QueueThatWasTakenOver_StopsNoLogin()
    {
        using var house = new AuthHouse(("ann@a.test", "", "secret"));
        Assert.Equal("LoggedIn ann@a.test", house.LogIn("ann@a.test", "secret"));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed) { Known = [(uint)seed, (uint)seed + 1, 1] };
            using (var end = new WildEnd(house.Settle, theirs => house.Notices.Connect(new Channel(house.Loop, theirs, house.Notices))))
            {
                for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Next([MessageOpenedFrame.Type, SubmissionAnswerFrame.Type, CreditFrame.Type, QueueStateFrame.Type, QueueStateFrame.Type]));
                    house.Notices.Tell(house.LoginOf("ann@a.test", $"10.{seed}.{left}.1"));
                }

                end.Read();
                Assert.True(end.Received.ToArray().AsSpan().IndexOf("secret"u8) < 0);
            }

            house.Settle();
            house.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal("LoggedIn ann@a.test", house.LogIn("ann@a.test", "secret"));
        Assert.All(house.Log.ToString(), letter => Assert.True(letter is '\n' or (>= ' ' and <= '~')));
        // The real one is served as if nothing had happened.
        house.Notices.Tell(house.LoginOf("ann@a.test", "203.0.113.9"));
        using var queue = house.StartQueue();
        Assert.Contains(queue.Messages, message => message.Text.Contains("203.0.113.9", StringComparison.Ordinal));
    }

    [Fact]
    public void AnswerThatNobodyAskedFor_EndsTheLine()
    {
        using var house = new AuthHouse(("ann@a.test", "", "secret"));
        using var queue = house.StartQueue();
        queue.Send(new SubmissionAnswerFrame { Transaction = 1, Outcome = SubmissionOutcome.Committed });
        house.Settle();
        Assert.True(queue.IsClosed);
        Assert.Contains("peer-refused peer=queue", house.Log.ToString(), StringComparison.Ordinal);
        using var next = house.StartQueue();
        next.Send(new MessageOpenedFrame { Transaction = 1, Message = 7 });
        house.Settle();
        Assert.True(next.IsClosed);
        // Neither was taken for an answer to what comes now.
        house.Notices.Tell(house.LoginOf("ann@a.test", "203.0.113.9"));
        using var last = house.StartQueue();
        Assert.Single(last.Messages);
    }
}
