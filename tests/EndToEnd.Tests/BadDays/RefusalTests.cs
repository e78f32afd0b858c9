using System.Net;
using System.Net.Sockets;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>What a server refuses to start with, or to change to, and what it says then.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly BareServer _server;

    public RefusalTests() => _server = new BareServer(_scratch.Folder, command => Unprivileged.Command("env", command));

    [Fact]
    public void ASecondServerOnTheSameState_IsRefusedAndHarmsNothing()
    {
        _server.Start();
        using var second = new BareServer(_scratch.Folder, command => Unprivileged.Command("env", command));
        var (code, said) = second.Refused();
        Assert.Equal(71, code);
        Assert.Contains($"{_server.State}: another server is running on this state folder", said, StringComparison.Ordinal);
        // Its sockets are still its own.
        _server.WriteConfiguration();
        _server.Postern("status").MustSucceed();
        Assert.Equal(0, _server.Stop());
        _server.Start();
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void AStateFolderOfSomebodyElse_IsNamedAndLeftAlone()
    {
        Requirement.Root("it gives a folder to somebody else");
        Directory.CreateDirectory(_server.State);
        var (code, said) = _server.Refused();
        Assert.Equal(71, code);
        Assert.Contains($"{_server.State}: belongs to uid 0, expected {Unprivileged.Id}", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_server.State));
    }

    [Fact]
    public void AFolderThatCanNotBeWrittenTo_IsNamed()
    {
        Requirement.Root("it keeps a folder from the server");
        Tool.Run("chown", ["0:0", _scratch.Folder]).MustSucceed();
        var (code, said) = _server.Refused();
        Assert.Equal(71, code);
        Assert.Contains($"{_server.State}: Permission denied", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AReloadToAPortInUse_LeavesTheOldConfigurationInForce()
    {
        _server.Start();
        using var taken = new TcpListener(IPAddress.Loopback, LoopbackPort.Free());
        taken.Start();
        _server.Top = $"[[listen]]\naddress = \"{taken.LocalEndpoint}\"";
        _server.WriteConfiguration();
        _server.Program.Signal("HUP");
        _server.AwaitLog($"can't listen on {taken.LocalEndpoint}");
        Send();

        // Once the port is free, the same reload works; a second listener serves beside the first.
        taken.Stop();
        _server.Program.Signal("HUP");
        _server.AwaitLog("reloaded opened=1 retired=0");
        using var other = PlainSmtpClient.Greeted(((IPEndPoint)taken.LocalEndpoint).Port);
        other.Command("QUIT").Must(2);
        Send();
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void AReloadThatMovesTheState_IsRefused()
    {
        _server.Start();
        File.WriteAllText(_server.ConfigurationFile, File.ReadAllText(_server.ConfigurationFile).Replace("/state\"", "/elsewhere\"", StringComparison.Ordinal));
        _server.Program.Signal("HUP");
        _server.AwaitLog("change only by a restart");
        Assert.False(Directory.Exists(_scratch["elsewhere"]));
        Send();
        Assert.Equal(0, _server.Stop());
    }

    // Another owner of mailboxes needs another start; without root, system accounts are the caller's alone, and nobody is no person.
    [Theory]
    [InlineData("user = \"somebody\"", "change only by a restart")]
    [InlineData("system = true", "[mailboxes] system = true: without root it serves the account of the caller alone")]
    public void AReloadThatCanNotBeHonoured_IsRefused(string line, string said)
    {
        _server.Start();
        _server.Mailboxes = line;
        _server.WriteConfiguration();
        _server.Program.Signal("HUP");
        _server.AwaitLog(said);
        Send();
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void AReloadToMailboxesThatCanNotBe_IsRefused()
    {
        _server.Start();
        File.WriteAllText(_scratch["file"], "");
        File.WriteAllText(_server.ConfigurationFile, File.ReadAllText(_server.ConfigurationFile).Replace($"\"{_server.MailRoot}\"", $"\"{_scratch["file"]}\"", StringComparison.Ordinal));
        _server.Program.Signal("HUP");
        _server.AwaitLog($"{_scratch["file"]}: is not a folder; the old configuration stays in force");
        Send();
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    private void Send()
    {
        var mark = Samples.Mark();
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Must(2);
        _server.Mailbox("bob").Await(mark);
    }
}
