using Postern.Ipc.Logins;
using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;
using Postern.TestKit;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>Who judges logins taken over: he lets in whom he likes, and those who do not log in never notice.</summary>
public sealed class WildAuthTests
{
    private static readonly string[] _said = ["AUTH PLAIN AHVAYS50ZXN0AHNlY3JldA==\r\n", "AUTH SCRAM-SHA-256\r\n", "AAAA\r\n", "*\r\n", "NOOP\r\n", "MAIL FROM:<u@a.test>\r\n"];

    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 2_000 : 60;

    [Fact]
    public void AuthThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed) { Known = [1, 2, 3] };
            using var server = new TestServer(slice => slice with { OffersTls = true });
            server.Server.Tls.Connect(server.Tls.Start());
            using (var end = new WildEnd(server.Settle, server.Server.Logins.Connect))
            {
                using var one = Secured(server);
                using var other = Secured(server);
                for (var left = 1 + wild.Below(20); left > 0 && !end.IsClosed; left--)
                {
                    one.Send(_said[wild.Below(_said.Length)]);
                    other.Send(_said[wild.Below(_said.Length)]);
                    end.Send(wild.Next([LoginChallengeFrame.Type, LoginChallengeFrame.Type, LoginResultFrame.Type, LoginResultFrame.Type]));
                }

                // Whatever becomes of those two: who does not log in is served meanwhile, and auth sees nothing of it.
                server.DemandService();
                end.Read();
                Assert.True(end.Received.ToArray().AsSpan().IndexOf("still here"u8) < 0);
            }

            server.Settle();
            server.Server.Logins.Connect(server.Auth.Start());
            // The two may have begun to log in when nobody was there: they are the first to be asked about.
            server.Auth.Judge = said => said is null ? "?" : "!u@a.test";
            using var later = Secured(server);
            Assert.StartsWith("235 2.7.0", later.Ask(_said[0].TrimEnd()), StringComparison.Ordinal);
            server.DemandService();
        }
    }

    private static TestClient Secured(TestServer server)
    {
        var client = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        client.Ask("EHLO c.test");
        return client;
    }
}
