using Postern.Smtpd.Tests.Harness;
using Postern.TestKit;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>The directory taken over: it may take and refuse recipients, and nothing else.</summary>
public sealed class WildDirectoryTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 2_000 : 60;

    [Fact]
    public void DirectoryThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed) { Known = [1, 2, 3] };
            using var server = new TestServer();
            using (var end = new WildEnd(server.Settle, server.Server.Directory.Connect))
            {
                using var client = server.Connect();
                client.Send("EHLO c.test\r\n");
                client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nRCPT TO:<v@a.test>\r\n");
                for (var left = 1 + wild.Below(20); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Next([61, 61, 61, 63, 65]));
                }
            }

            server.Settle();
            server.Server.Directory.Connect(server.Directory.Start());
            server.DemandService();
            Assert.Single(server.Queue.Committed);
        }
    }
}
