using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>Signals that reach more than posternd, and programs that stand still.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly BareServer _server;
    private readonly string _mark = Samples.Mark();

    public SignalTests() =>
        // In a process group of its own, as a shell starts it.
        _server = new BareServer(_scratch.Folder, command => ["setsid", .. Unprivileged.Command("env", command)]);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void ASignalToTheWholeGroup_StopsInGoodOrder(string signal)
    {
        _server.Start();
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.Envelope("alice@example.org", ["bob@example.org"]);
        client.Command("DATA").Must(3);
        client.Send("Subject: under way\r\n\r\n"u8);
        Tool.Run("/bin/kill", [$"-{signal}", "--", $"-{_server.Program.Pid}"]).MustSucceed();
        _server.AwaitLog(" posternd stopping ");

        // The message under way is taken as if nothing had happened.
        client.Send(Encoding.ASCII.GetBytes($"{_mark}\r\n.\r\n"));
        Assert.Equal(250, client.ReadReply().Code);
        Assert.Equal(0, _server.Program.AwaitEnd());
        Assert.Contains(_server.Program.Errors, line => line.Contains(" posternd stopped code=0", StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Program.Errors, line => line.Contains("program-ended", StringComparison.Ordinal));

        // It was delivered then, or is now.
        _server.Start();
        Assert.True(_server.Mailbox("bob").Await(1)[0].Contains(_mark));
        Assert.Equal(0, _server.Stop());
        Assert.Equal(1, _server.Mailbox("bob").Count);
    }

    [Fact]
    public void StormOfSignals_DisturbsNobody()
    {
        // Attack N10: to posternd and to a program of its, while mail goes in.
        _server.Start();
        var smtpd = _server.PidOf("postern-smtpd");
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            for (var round = 0; round < 5; round++)
            {
                Tool.Run("/bin/sh", ["-c", $"i=0; while [ $i -lt 500 ]; do kill -HUP {_server.Program.Pid}; kill -CHLD {_server.Program.Pid}; kill -CHLD {smtpd}; i=$((i+1)); done"])
                    .MustSucceed();
                client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(_mark)).Must(2);
            }
        }

        Assert.Equal(5, _server.Mailbox("bob").Await(5).Count);
        Assert.Equal(smtpd, _server.PidOf("postern-smtpd"));
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void ADeliveryUnderWay_IsFinishedByTheStop()
    {
        _server.Start();
        var local = _server.PidOf("postern-local");
        RunningProgram.Signal(local, "STOP");
        using (var client = PlainSmtpClient.Greeted(_server.Port))
        {
            client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(_mark)).Must(2);
        }

        _server.Program.Signal("TERM");
        _server.AwaitLog(" posternd stopping ");
        // No deliver runs yet: local asks for it while the server stops.
        RunningProgram.Signal(local, "CONT");
        Assert.Equal(0, _server.Program.AwaitEnd());
        Assert.Single(_server.Mailbox("bob").Messages).MustBe(Samples.Message(_mark));
    }

    [Theory]
    [InlineData("postern-queue")]
    [InlineData("postern-directory")]
    [InlineData("postern-local")]
    public void AProgramThatStandsStill_DelaysMailAndLosesNone(string program)
    {
        _server.Start();
        var pid = _server.PidOf(program);
        using var client = PlainSmtpClient.Greeted(_server.Port);
        RunningProgram.Signal(pid, "STOP");
        Patience.Until(() => ProcessStatus.Of(pid)!.IsStopped, () => "it does not stop");
        client.Send(Encoding.ASCII.GetBytes("MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n"));
        // Other clients are greeted meanwhile.
        using (var other = PlainSmtpClient.Greeted(_server.Port))
        {
            other.Command("NOOP").Must(2);
        }

        RunningProgram.Signal(pid, "CONT");
        client.ReadReply().Must(2);
        client.ReadReply().Must(2);
        client.ReadReply().Must(3);
        client.Send(Encoding.ASCII.GetBytes($"Subject: {_mark}\r\n\r\n.\r\n"));
        client.ReadReply().Must(2);
        _server.Mailbox("bob").Await(_mark);
        Assert.Equal(pid, _server.PidOf(program));
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void AProgramThatStandsStill_DoesNotKeepTheServerFromStopping()
    {
        _server.Start();
        RunningProgram.Signal(_server.PidOf("postern-bounce"), "STOP");
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }
}
