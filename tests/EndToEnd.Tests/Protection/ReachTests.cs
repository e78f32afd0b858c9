using Postern.EndToEnd.Root;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>Walls that can't be moved, and walls that are only said to stand (attack N7).</summary>
public sealed class ReachTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void AReloadWithAnotherMailboxRoot_HasDeliverStartAnew()
    {
        using var server = new BareServer(_scratch.Folder, command => Unprivileged.Command(command.First(), command.Skip(1)));
        server.Start();
        Send(server.Port);
        server.Mailbox("bob").Await(1);
        var before = server.PidOf("postern-deliver");

        var file = File.ReadAllText(server.ConfigurationFile);
        File.WriteAllText(server.ConfigurationFile, file.Replace(server.MailRoot, _scratch["other"], StringComparison.Ordinal));
        server.Program.Signal("HUP");
        server.AwaitLog(" posternd reloaded ");
        server.AwaitLog(" deliver restarting ");
        Send(server.Port);
        new Maildir(_scratch["other/example.org/bob"], () => server.Program.Said).Await(1);
        Assert.NotEqual(before, server.PidOf("postern-deliver"));
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    // Those that may open files would notice that they can open others: the rest have no call left to open one with.
    [InlineData("postern-directory")]
    [InlineData("postern-queue")]
    [InlineData("postern-deliver")]
    [InlineData("postern-tls")]
    [InlineData("postern-auth")]
    public void AWallThatIsOnlySaidToStand_IsFoundOut(string program) =>
        Assert.Contains("not-confined reason=\"it can list the root folder\"", SaidBehindFalseWalls(program), StringComparison.Ordinal);

    // Its configuration it would get from descriptor 0, its orders from the command line: posternd does not talk to it.
    [Fact]
    public void Config_FindsItOutAsWell() =>
        Assert.Equal("postern-config: not confined: it can list the root folder\n", SaidBehindFalseWalls("postern-config"));

    [Theory]
    // They may make TCP sockets, so that only the wall around ports keeps them from more.
    [InlineData("postern-remote")]
    [InlineData("postern-acme")]
    public void WhoTalksToOthers_FindsOutThatItCouldBindAPort(string program) =>
        Assert.Contains("not-confined reason=\"it can list the root folder, bind a TCP port\"", SaidBehindFalseWalls(program), StringComparison.Ordinal);

    // Many tools make accounts of the system with this home. Nobody's mail is beneath it, and a wall around everything is none.
    [Fact]
    public void OwnerOfMailboxesWhoseHomeIsTheRootFolder_GetsThemFilled()
    {
        using var host = new OwnHost();
        host.SetUpUsers();
        host.AddUser("pt-vmail");
        host.AddUser("pt-carol");
        host.MoveHomes("/", "pt-vmail", "pt-carol");
        using var server = new BareServer(host.Folder, host.Inside) { Mailboxes = "user = \"pt-vmail\"\nsystem = true" };
        server.Start();
        Send(server.Port);
        server.Mailbox("bob").Await(1);
        Assert.DoesNotContain(server.Program.Errors, line => line.Contains("not-confined", StringComparison.Ordinal));
        // A person's mail would go beneath it: that waits, and the log says why.
        Send(server.Port, "pt-carol@example.org");
        server.AwaitLog("mailbox=\"Maildir\" reason=\"the mailbox can't be written to: Permission denied\"");
        Assert.DoesNotContain(server.Program.Errors, line => line.Contains("not-confined", StringComparison.Ordinal));
        Assert.Equal(0, server.Stop());
    }

    public void Dispose() => _scratch.Dispose();

    private static string SaidBehindFalseWalls(string program)
    {
        // Descriptor 3 is where it looks for posternd: left free, it would be the first file that the program opens itself.
        var result = Tool.Run("sh", ["-c", "POSTERN_WALLS=127 exec \"$0\" 3</dev/null", PosternPrograms.Of(program)]);
        Assert.Equal(71, result.Code);
        return result.Error;
    }

    private static void Send(int port, string to = "bob@example.org")
    {
        using var client = PlainSmtpClient.Greeted(port);
        client.SendByData("alice@example.org", [to], Samples.Message(Samples.Mark())).Must(2);
    }
}
