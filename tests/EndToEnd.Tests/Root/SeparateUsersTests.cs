using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Root;

/// <summary>A server that root starts: each program is a user of its own, one process is root, and mail is written by whom it belongs to.</summary>
public sealed class SeparateUsersTests : IDisposable
{
    private readonly OwnHost _host = new();
    private readonly BareServer _server;
    private readonly string _mark = Samples.Mark();

    public SeparateUsersTests() => _server = new BareServer(_host.Folder, _host.Inside) { More = "[tls]\n" + Samples.LinesForAcme() };

    [Fact]
    public void EachProgram_IsAUserWithoutGroupsAndCapabilities()
    {
        _host.SetUpUsers();
        _server.Start();
        Send("bob@example.org").Must(2);
        _server.Mailbox("bob").Await(1);

        foreach (var (program, user) in StandingProgram.All.Select(program => (program.Name, program.User)).Append(("postern-deliver", "postern-mail")))
        {
            var status = ProcessStatus.Of(_server.PidOf(program))!;
            Assert.All(status.Uids, uid => Assert.Equal(_host.UidOf(user), uid));
            Assert.DoesNotContain(0, status.Gids);
            Assert.Single(status.Gids.Distinct());
            Assert.Empty(status.Groups);
            Assert.Equal(0UL, status.Capabilities);
            Assert.True(status.NoNewPrivileges, program);
        }

        var children = ProcessStatus.Children(_server.Program.Pid);
        Assert.Equal(StandingProgram.All.Count + 1, children.Count);
        // Exactly one process is root, and no two programs are the same user.
        Assert.Equal(0, ProcessStatus.Of(_server.Program.Pid)!.Uids[0]);
        Assert.Equal(children.Count, children.Select(pid => ProcessStatus.Of(pid)!.Uids[0]).Except([0]).Count());
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void Folders_BelongToWhomTheyAreFor()
    {
        _host.SetUpUsers();
        _server.Start();
        Send("bob@example.org").Must(2);
        _server.Mailbox("bob").Await(1)[0].MustBe(Samples.Message(_mark));
        Assert.Equal(
            ["root 755", "root 755", "postern-queue 700", "postern-mail 700", "postern-mail 700", "root 666", "root 660", "postern-mail 700"],
            new[] { "state", "state/run", "state/queue", "state/postmaster", "mail", "state/run/queue.sock", "state/run/control.sock", "mail/example.org/bob/new" }
                .Select(name => _host.Owner(Path.Join(_host.Folder, name))));
        Assert.Equal("postern-mail 600", _host.Owner(Directory.GetFiles(Path.Join(_server.MailRoot, "example.org/bob/new")).Single()));
        Assert.Equal(0, _server.Stop());

        // What is there is taken as it is.
        _server.Start();
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void AFolderOfSomebodyElse_IsNamedAndLeftAlone()
    {
        _host.SetUpUsers();
        Directory.CreateDirectory(_server.MailRoot);
        Tool.Run("chown", ["65534", _server.MailRoot]).MustSucceed();
        var (code, said) = _server.Refused();
        Assert.Equal(71, code);
        Assert.Contains($"{_server.MailRoot}: belongs to uid 65534, expected {_host.UidOf("postern-mail")}", said, StringComparison.Ordinal);
        Assert.Equal("nobody 755", _host.Owner(_server.MailRoot));
    }

    [Fact]
    public void WithoutUsers_TheCommandIsSaidAndNothingIsMade()
    {
        var (code, said) = _server.Refused();
        Assert.Equal(71, code);
        Assert.Contains("run 'postern setup users' as root", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.State));
        Assert.False(Directory.Exists(_server.MailRoot));
    }

    [Fact]
    public void ProgramsThatTheirUsersCanNotReach_AreNamed()
    {
        _host.SetUpUsers();
        var bin = Path.Join(_host.Folder, "bin");
        Tool.Run("cp", ["-a", PosternPrograms.Folder, bin]).MustSucceed();
        Tool.Run("chmod", ["700", bin]).MustSucceed();
        _server.WriteConfiguration();
        var command = _host.Inside([Path.Join(bin, "posternd"), "--config", _server.ConfigurationFile]);
        var result = Tool.Run(command[0], command.Skip(1));
        Assert.Equal(69, result.Code);
        Assert.Contains($"not-executed path={bin}/postern-config uid={Unprivileged.Id} error=\"Permission denied\" hint=\"the programs must lie where every user can reach them\"", result.Error, StringComparison.Ordinal);
    }

    // The file is opened as root and read as nobody: what it names must be open to everybody, and `check` must see that.
    [Fact]
    public void AFileOfAliasesThatOnlyRootReads_IsRefusedByCheckAsByTheServer()
    {
        _host.SetUpUsers();
        var aliases = Path.Join(_host.Folder, "aliases");
        File.WriteAllText(aliases, "info: alice@example.org\n");
        _server.More = $"[aliases]\nfile = \"{aliases}\"";
        _server.WriteConfiguration();
        File.SetUnixFileMode(_server.ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, _server.Postern("check").Code);

        File.SetUnixFileMode(aliases, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var check = _server.Postern("check");
        Assert.Equal(78, check.Code);
        Assert.Contains($"\"{aliases}\" can't be read: Permission denied", check.Error, StringComparison.Ordinal);
        var (code, said) = _server.Refused();
        Assert.Equal(78, code);
        Assert.Contains($"\"{aliases}\" can't be read: Permission denied", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AMailboxUserThatDoesNotExist_IsTheAdministratorsToMake()
    {
        _host.SetUpUsers();
        _server.Mailboxes = "user = \"pt-nobody-there\"";
        var (code, said) = _server.Refused();
        Assert.Equal(71, code);
        Assert.Contains("the system user pt-nobody-there does not exist: make it, or correct [mailboxes] user", said, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemUsers_GetTheirMailAsThemselves()
    {
        _host.SetUpUsers();
        var uid = _host.AddUser("pt-carol");
        _server.Mailboxes = "system = true";
        _server.Start();
        Send("pt-carol@example.org").Must(2);
        new Maildir(Path.Join(_host.Home("pt-carol"), "Maildir"), () => _server.Program.Said).Await(1)[0].MustBe(Samples.Message(_mark));
        Assert.Equal("pt-carol 700", _host.Owner(Path.Join(_host.Home("pt-carol"), "Maildir/new")));
        Assert.Equal("pt-carol 600", _host.Owner(Directory.GetFiles(Path.Join(_host.Home("pt-carol"), "Maildir/new")).Single()));
        var status = ProcessStatus.Of(_server.PidOf("postern-deliver"))!;
        Assert.All(status.Uids, id => Assert.Equal(uid, id));
        Assert.Empty(status.Groups);
        Assert.Equal(0UL, status.Capabilities);

        // A virtual mailbox beside it is another process of another user.
        Send("bob@example.org").Must(2);
        _server.Mailbox("bob").Await(1);
        Assert.Equal(
            new[] { uid, _host.UidOf("postern-mail") }.Order(),
            ProcessStatus.Children(_server.Program.Pid, "postern-deliver").Select(pid => ProcessStatus.Of(pid)!.Uids[0]).Order());
        Assert.Equal(0, _server.Stop());
    }

    [Theory]
    [InlineData("root")]
    [InlineData("daemon")]
    [InlineData("nobody")]
    [InlineData("postern-mail")]
    public void AccountsOfTheSystem_AreNoMailboxes(string name)
    {
        _host.SetUpUsers();
        _host.AddUser("pt-carol");
        _server.Mailboxes = "system = true";
        _server.Start();
        using var client = PlainSmtpClient.Greeted(_server.Port);
        client.Command("MAIL FROM:<alice@example.org>").Must(2);
        Assert.Equal(550, client.Command($"RCPT TO:<{name}@example.org>").Code);
        Assert.Equal(250, client.Command("RCPT TO:<pt-carol@example.org>").Code);
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void WithoutRoot_TheCallerAloneIsASystemUser()
    {
        var uid = _host.AddUser("pt-carol");
        _host.AddUser("pt-dave");
        Tool.Run("chown", [$"{uid}:{uid}", _host.Folder]).MustSucceed();
        using var server = new BareServer(_host.Folder, command => _host.InsideAs(uid, command)) { Mailboxes = "system = true" };
        server.Start();
        using var client = PlainSmtpClient.Greeted(server.Port);
        client.Command("MAIL FROM:<alice@example.org>").Must(2);
        Assert.Equal(550, client.Command("RCPT TO:<pt-dave@example.org>").Code);
        client.Command("RSET").Must(2);
        client.SendByData("alice@example.org", ["pt-carol@example.org"], Samples.Message(_mark)).Must(2);
        new Maildir(Path.Join(_host.Home("pt-carol"), "Maildir"), () => server.Program.Said).Await(1)[0].MustBe(Samples.Message(_mark));
        client.Dispose();
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void WithoutRoot_ACallerWhoIsNobodysAccount_CanNotServeSystemUsers()
    {
        Tool.Run("chown", ["65534:65534", _host.Folder]).MustSucceed();
        using var server = new BareServer(_host.Folder, command => _host.InsideAs(Unprivileged.Id, command)) { Mailboxes = "system = true" };
        var (code, said) = server.Refused();
        Assert.Equal(78, code);
        Assert.Contains("[mailboxes] system = true: without root it serves the account of the caller alone", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(server.State));
    }

    [Fact]
    public void WhenPosterndIsKilled_NoProgramOutlivesIt()
    {
        _host.SetUpUsers();
        _server.Start();
        Send("bob@example.org").Must(2);
        _server.Mailbox("bob").Await(1);
        // Among them a deliver. A change of user clears what asks for death with the parent: it is asked for after.
        var children = ProcessStatus.Children(_server.Program.Pid);
        Assert.Equal(StandingProgram.All.Count + 1, children.Count);
        _server.Program.Signal("KILL");
        _server.Program.AwaitEnd();
        Patience.Until(() => children.All(pid => ProcessStatus.Of(pid) is null), () => "programs outlive posternd");

        _server.Start();
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _host.Dispose();
    }

    private SmtpReply Send(string to)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        return client.SendByData("alice@example.org", [to], Samples.Message(_mark));
    }
}
