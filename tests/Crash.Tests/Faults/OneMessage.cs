using System.Net.Sockets;
using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.Crash.Faults;

/// <summary>A message that a server has to take and deliver, however long it needs for that.</summary>
internal static class OneMessage
{
    /// <summary>Sends it until it is taken, and waits until it is in the mailbox, whole.</summary>
    internal static void MustArrive(PosternServer server) => MustBeTaken(server)();

    /// <summary>Sends it until it is taken; what is returned waits until it is in the mailbox, whole.</summary>
    internal static Action MustBeTaken(PosternServer server)
    {
        var mark = $"mark-{Guid.NewGuid():N}";
        var content = Encoding.ASCII.GetBytes($"From: <alice@example.org>\r\nSubject: {mark}\r\n\r\n.{mark}\r\n{new string('x', 900)}\r\n");
        Patience.Until(() => IsTaken(server.Port, content), () => string.Join('\n', server.Log.TakeLast(40)));
        return () => server.Mailbox("bob").Await(mark).MustBe(content);
    }

    private static bool IsTaken(int port, byte[] content)
    {
        try
        {
            using var client = PlainSmtpClient.Greeted(port);
            return client.SendByData("alice@example.org", ["bob@example.org"], content).Code == 250;
        }
        catch (Exception broken) when (broken is InvalidOperationException or IOException or SocketException)
        {
            return false; // smtpd is not there yet, or its partners are only just back.
        }
    }
}
