using Postern.Ipc.Submission;
using Postern.Smtpd.Tests.Harness;
using Postern.TestKit;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>The queue taken over: it has all mail anyway, and can't end smtpd, with the sessions in it.</summary>
public sealed class WildQueueTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 2_000 : 60;

    [Fact]
    public void QueueThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed) { Known = [1, 2, 3] };
            using var server = new TestServer();
            using var watching = server.Connect();
            watching.Ask("EHLO c.test");
            using (var end = new WildEnd(server.Settle, server.Server.Queue.Connect))
            {
                using var one = server.Connect();
                using var other = server.Connect();
                one.BeginData().Send("Subject: x\r\n\r\nx\r\n.\r\n");
                other.BeginData().Send("Subject: half");
                for (var left = 1 + wild.Below(20); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Next([MessageOpenedFrame.Type, SubmissionAnswerFrame.Type, CreditFrame.Type, QueueStateFrame.Type]));
                    other.Send(new string('x', 500) + "\r\n");
                }

                other.Send("\r\n.\r\n");
            }

            server.Settle();
            Assert.StartsWith("250 ", watching.Ask("NOOP"), StringComparison.Ordinal);
            server.Server.Queue.Connect(server.Queue.Start());
            server.DemandService();
        }
    }
}
