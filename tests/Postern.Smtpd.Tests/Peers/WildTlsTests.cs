using Postern.Ipc.Securing;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>The program that does TLS taken over: it may speak for the clients that it was given, and nothing else.</summary>
public sealed class WildTlsTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 2_000 : 60;

    [Fact]
    public void TlsThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            using var server = new TestServer(slice => slice with { OffersTls = true });
            Assert.False(Socket.OpenPair(packets: true, out var ours, out var theirs).Failed);
            server.Server.Tls.Connect(theirs!);
            using (ours)
            {
                for (var clients = 1 + random.Next(4); clients > 0; clients--)
                {
                    using var client = server.Connect();
                    client.Send("EHLO c.test\r\n");
                    client.Send("STARTTLS\r\n");
                    SayAnything(random, server, ours!.Number);
                }

                // Something on the line itself, where nothing is ever to come.
                if (random.Next(2) == 0) _ = Socket.Send(ours!.Number, new byte[random.Next(1, 100)]);
                server.Settle();
                using var plain = server.Connect();
                Assert.StartsWith("250-", plain.Ask("EHLO c.test"), StringComparison.Ordinal);
            }

            server.Settle();
            server.Server.Tls.Connect(server.Tls.Start());
            server.DemandService();
            using var secured = server.Connect();
            secured.Ask("EHLO c.test");
            Assert.StartsWith("220 ", secured.Ask("STARTTLS"), StringComparison.Ordinal);
            Assert.StartsWith("250-", secured.Ask("EHLO c.test"), StringComparison.Ordinal);
        }
    }

    /// <summary>Takes a client and writes into its pair: facts, half of them, others than there are, then words and bytes; or lets it go.</summary>
    private static void SayAnything(Random random, TestServer server, int line)
    {
        if (HandOver.Receive(line, out _, out var client, out var plain) != true) return;
        using (client)
        using (plain)
        {
            var facts = FakeTls.Written("TLSv1.3", "TLS_AES_128_GCM_SHA256");
            for (var flips = random.Next(3); flips > 0; flips--) facts[random.Next(facts.Length)] ^= (byte)(1 << random.Next(8));
            _ = Socket.Send(plain!.Number, facts.AsSpan(0, random.Next(4) == 0 ? random.Next(facts.Length) : facts.Length));
            server.Settle();
            var noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            _ = Socket.Send(plain.Number, random.Next(2) == 0 ? noise : "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<u@a.test>\r\n"u8);
            server.Settle();
        }
    }
}
