using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>Programs that are missing, can't be executed, or are not what they should be: as while an upgrade replaces them.</summary>
public sealed class BrokenProgramsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Scratch _programs = new(belongsToNobody: false);
    private readonly BareServer _server;

    public BrokenProgramsTests()
    {
        Tool.Run("cp", ["-a", PosternPrograms.Folder + "/.", _programs.Folder]).MustSucceed();
        _server = new BareServer(_scratch.Folder, command => Unprivileged.Command(
            "env", command.Select(part => part.Replace(PosternPrograms.Folder, _programs.Folder, StringComparison.Ordinal))));
    }

    // One that is killed, one that answers nothing and says that all is well, one that leaves nonsense: as descriptor 3 it has
    // posternd's own slice.
    [Theory]
    [InlineData("kill -KILL $$")]
    [InlineData("exit 0")]
    [InlineData("printf 'no frame at all, but long enough' >&3")]
    public void AConfigThatDoesNotDoItsWork_IsSaid(string script)
    {
        Replace("postern-config", script);
        var (code, said) = _server.Refused();
        Assert.Equal(70, code);
        Assert.Contains("error posternd slice-refused ", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.State));
    }

    [Fact]
    public void AProgramThatIsNotThere_IsNamed()
    {
        File.Delete(_programs["postern-config"]);
        var (code, said) = _server.Refused();
        Assert.Equal(69, code);
        Assert.Contains($"not-executed path={_programs["postern-config"]} ", said, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatItsUserCanNotReach_IsNamedWithAHint()
    {
        File.SetUnixFileMode(_programs["postern-bounce"], UnixFileMode.UserRead);
        var (code, said) = _server.Refused();
        Assert.Equal(69, code);
        Assert.Contains($"not-executed path={_programs["postern-bounce"]} ", said, StringComparison.Ordinal);
        Assert.Contains("hint=\"the programs must lie where every user can reach them\"", said, StringComparison.Ordinal);
        Assert.Contains("giving-up name=bounce reason=\"it could not start\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public void WhilePosterndItselfIsReplaced_TheOldConfigurationAndTheOtherProgramsGoOn()
    {
        _server.Start();
        var smtpd = _server.PidOf("postern-smtpd");
        File.Move(_programs["posternd"], _programs["posternd.new"]);
        _server.Program.Signal("HUP");
        _server.AwaitLog("error posternd config-not-started ");
        _server.AwaitLog("reload-refused ");
        RunningProgram.Signal(smtpd, "KILL");
        _server.AwaitLog("error posternd not-started name=smtpd ");
        File.Move(_programs["posternd.new"], _programs["posternd"]);

        var mark = Samples.Mark();
        Patience.Until(() => TrySend(mark), () => _server.Program.Said);
        _server.Mailbox("bob").Await(mark);
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
        _programs.Dispose();
    }

    private void Replace(string program, string script)
    {
        File.Delete(_programs[program]);
        File.WriteAllText(_programs[program], $"#!/bin/sh\n{script}\n");
        Tool.Run("chmod", ["755", _programs[program]]).MustSucceed();
    }

    private bool TrySend(string mark)
    {
        try
        {
            using var client = PlainSmtpClient.Greeted(_server.Port);
            return client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Code == 250;
        }
        catch (Exception broken) when (broken is InvalidOperationException or IOException or System.Net.Sockets.SocketException)
        {
            return false; // smtpd is not there yet, or its partners are only just back.
        }
    }
}
