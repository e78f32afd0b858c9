using CsCheck;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>SECURITY B16: random commands over two connections at a time, against the reference.</summary>
public class SessionModelTests
{
    // Weighted so that transactions get somewhere.
    private static readonly Gen<string> Command = Gen.Frequency(
        (3, Gen.Const("EHLO")), (1, Gen.Const("HELO")), (8, Gen.Const("MAIL")), (1, Gen.Const("BADMAIL")), (8, Gen.Const("RCPT")),
        (3, Gen.Const("UNKNOWN")), (5, Gen.Const("DATA")), (4, Gen.Const("BDAT")), (4, Gen.Const("LAST")), (2, Gen.Const("RSET")),
        (1, Gen.Const("NOOP")), (1, Gen.Const("VRFY")), (1, Gen.Const("STARTTLS")), (1, Gen.Const("WHAT")));

    [Fact]
    public void AnySequenceOfCommands_GetsTheRepliesOfTheReference()
    {
        Gen.Select(Command, Gen.Bool).List[1, 120].Sample(
            steps =>
            {
                using var server = new TestServer();
                (ReferenceSession Model, TestClient Client)[] sessions = [(new(), server.Connect("192.0.2.1")), (new(), server.Connect("192.0.2.2"))];
                foreach (var (command, second) in steps)
                {
                    var (model, client) = sessions[second ? 1 : 0];
                    if (model.IsClosed) continue;
                    var expected = model.Reply(command);
                    client.Send(LineOf(command));
                    if (client.LastCode == 354 && expected == 354) client.Send("Subject: t\r\n\r\nRSET\r\n.\r\n");
                    var actual = client.LastCode;
                    if (actual != (expected == 354 ? 250 : expected)) return false;
                    if (client.IsClosed != model.IsClosed) return false;
                }

                return server.Queue.Committed.Count == sessions[0].Model.Messages + sessions[1].Model.Messages;
            },
            iter: 1_000);
    }

    private static string LineOf(string command) => command switch
    {
        "EHLO" => "EHLO c.test\r\n",
        "HELO" => "HELO c.test\r\n",
        "MAIL" => "MAIL FROM:<s@f.test>\r\n",
        "BADMAIL" => "MAIL FROM:<broken\r\n",
        "RCPT" => "RCPT TO:<u@a.test>\r\n",
        "UNKNOWN" => "RCPT TO:<nobody@a.test>\r\n",
        "VRFY" => "VRFY u\r\n",
        "BDAT" => "BDAT 6\r\nQUIT\r\n",
        "LAST" => "BDAT 6 LAST\r\nRSET\r\n",
        _ => command + "\r\n",
    };
}
