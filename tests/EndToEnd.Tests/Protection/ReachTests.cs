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
    public void AWallThatIsOnlySaidToStand_IsFoundOut(string program)
    {
        var result = Tool.Run("env", ["POSTERN_WALLS=127", PosternPrograms.Of(program)]);
        Assert.Equal(71, result.Code);
        Assert.Contains("not-confined reason=\"it can list the root folder\"", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Remote_FindsOutThatItCouldBindAPort()
    {
        // Descriptor 3 is where it looks for posternd: left free, it would be the first file that the program opens itself.
        var result = Tool.Run("sh", ["-c", "POSTERN_WALLS=127 exec \"$0\" 3</dev/null", PosternPrograms.Of("postern-remote")]);
        Assert.Equal(71, result.Code);
        Assert.Contains("not-confined reason=\"it can list the root folder, bind a TCP port\"", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static void Send(int port)
    {
        using var client = PlainSmtpClient.Greeted(port);
        client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(Samples.Mark())).Must(2);
    }
}
