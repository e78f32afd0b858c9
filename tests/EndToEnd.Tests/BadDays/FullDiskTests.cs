using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>A disk that runs full: what was accepted stays, more is put off, and all goes on by itself once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    // Two segments of 64 MiB and what is left to others, but no third segment.
    private const string Small = "160m";

    private readonly Scratch _scratch = new();
    private readonly BareServer _server;

    public FullDiskTests()
    {
        _server = new BareServer(_scratch.Folder, Inside)
        {
            // What is accepted stays in the queue.
            More = $"[routes]\n\"away.example\" = \"127.0.0.1:{LoopbackPort.Free()}\"\n[queue]\nretry_first = \"1h\"",
        };
    }

    [Fact]
    public void AFullDisk_PutsOffSendersAndRecoversByItself()
    {
        Requirement.Root("it mounts a small disk");
        Directory.CreateDirectory(_server.State);
        _server.Start();
        using var client = PlainSmtpClient.Greeted(_server.Port);
        var accepted = 0;
        while (TrySend(client, accepted))
        {
            accepted++;
            Assert.True(accepted < 100, "the disk does not fill");
        }

        Assert.True(accepted > 1);
        // The session lives, and later messages are put off at the beginning.
        client.Command("RSET").Must(2);
        Assert.Equal(452, client.Command("MAIL FROM:<alice@example.org>").Code);
        client.Command("NOOP").Must(2);

        // A program that dies now comes back, though nothing at all can be written.
        FillUp();
        var bounce = _server.PidOf("postern-bounce");
        RunningProgram.Signal(bounce, "KILL");
        Patience.Until(() => ProcessStatus.Children(_server.Program.Pid, "postern-bounce") is [var pid] && pid != bounce, () => _server.Program.Said);
        Assert.Equal(452, client.Command("MAIL FROM:<alice@example.org>").Code);

        OnDisk("mount", "-o", "remount,size=400m", _server.State);
        Patience.Until(() => client.Command("MAIL FROM:<alice@example.org>").Code == 250, () => _server.Program.Said);
        client.Command("RSET").Must(2);
        var mark = Samples.Mark();
        client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(mark)).Must(2);
        _server.Mailbox("bob").Await(mark);
        // Nothing that was accepted is missing, nothing that was refused is there.
        var list = OnDisk(PosternPrograms.Of("postern"), "--config", _server.ConfigurationFile, "queue", "list", "--json");
        Assert.Equal(accepted, Encoding.ASCII.GetBytes(list).AsSpan().Count("\"x@away.example\""u8));
        client.Dispose();
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Sends four megabytes; false when the answer is 452 (RFC 5321 §4.2.3), at the beginning or at the end.</summary>
    private static bool TrySend(PlainSmtpClient client, int number)
    {
        var mail = client.Command("MAIL FROM:<alice@example.org>");
        if (mail.Code == 452)
        {
            return false;
        }

        mail.Must(2);
        client.Command("RCPT TO:<x@away.example>").Must(2);
        client.Command("DATA").Must(3);
        var line = Encoding.ASCII.GetBytes(new string((char)('a' + (number % 26)), 998) + "\r\n");
        for (var i = 0; i < 4000; i++)
        {
            client.Send(line);
        }

        client.Send(".\r\n"u8);
        var end = client.ReadReply();
        Assert.Contains(end.Code, new[] { 250, 452 });
        return end.Code == 250;
    }

    /// <summary>Takes every last byte, the table of programs included.</summary>
    private void FillUp()
    {
        var root = $"/proc/{_server.Program.Pid}/root{_server.State}";
        File.WriteAllText(root + "/run/programs", "");
        try
        {
            using var filler = File.Create(root + "/filler");
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private string OnDisk(params string[] command) =>
        Tool.Run("nsenter", ["--mount", $"--target={_server.Program.Pid}", "--", .. command]).MustSucceed().Output;

    /// <summary>In a mount namespace with a small disk as state folder.</summary>
    private string[] Inside(IEnumerable<string> command) =>
    [
        "unshare", "--mount", "--", "/bin/sh", "-c",
        $"mount -t tmpfs -o size={Small},mode=755,uid={Unprivileged.Id},gid={Unprivileged.Id} tmpfs \"$0\" && exec \"$@\"",
        _server.State, .. Unprivileged.Command("env", command),
    ];
}
