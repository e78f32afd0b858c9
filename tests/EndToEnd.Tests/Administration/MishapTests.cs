using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>The command line when something is amiss with the file, the server or the place where it is called.</summary>
public sealed class MishapTests : IDisposable
{
    private readonly PosternServer _server = PosternServer.Start();
    private readonly string _mark = Samples.Mark();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void ATypoInTheFile_KeepsNobodyFromTheServerThatRuns()
    {
        File.AppendAllText(_server.ConfigurationFile, "\nbogus = 1\n");
        Assert.Equal(78, _server.Postern(["check"]).Code);
        _server.Command("sendmail", ["-f", "alice@example.org", "bob@example.org"], $"Subject: {_mark}\n\ntext\n").MustSucceed();
        _server.Mailbox("bob").Await(_mark);
        Assert.Equal(string.Empty, _server.Command("mailq", []).MustSucceed().Error);
        _server.Postern(["queue", "flush"]).MustSucceed();
        var status = _server.Postern(["status"]).MustSucceed();
        Assert.Contains("accepting", status.Output, StringComparison.Ordinal);
        Assert.Contains("has errors (see: postern check)", status.Error, StringComparison.Ordinal);
        // What answers out of the file alone needs a file that is right.
        Assert.Equal(78, _server.Postern(["resolve", "bob@example.org"]).Code);
        Assert.Equal(78, _server.Command("newaliases", []).Code);
    }

    [Fact]
    public void AFileThatIsNoToml_IsATemporaryFailureForSendmail()
    {
        File.AppendAllText(_server.ConfigurationFile, "\nstate\n");
        var result = _server.Command("sendmail", ["bob@example.org"], "Subject: x\n\ntext\n");
        Assert.True(result.Code == 75, result.ToString());
        Assert.Contains("not TOML", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatWasStopped_DoesNotAnswer()
    {
        var queue = _server.PidOf("queue")!.Value.ToString(CultureInfo.InvariantCulture);
        Tool.Run("kill", ["-STOP", queue]).MustSucceed();
        try
        {
            var result = _server.Postern(["status"]);
            Assert.Equal((75, "postern: the server does not answer\n"), (result.Code, result.Error));
        }
        finally
        {
            Tool.Run("kill", ["-CONT", queue]).MustSucceed();
        }
    }

    [Fact]
    public void TheFolderOfAQueueThatRuns_IsNeitherVerifiedNorExported()
    {
        var folder = Path.Join(_server.State, "queue");
        Assert.Equal(75, _server.Postern(["queue", "verify", folder]).Code);
        using var scratch = new Scratch();
        Assert.Equal(75, _server.Postern(["queue", "export", folder, scratch["rescued"]]).Code);
        Assert.False(Directory.Exists(scratch["rescued"]));
    }

    // What a terminal's users paste into other programs begins with the first byte of it.
    [Theory]
    [InlineData("--json status", "{")]
    [InlineData("queue list", "The queue is empty.")]
    [InlineData("--version", "postern ")]
    [InlineData("nonsense", "postern: nonsense is none of")]
    public void OnATerminal_NothingStandsBeforeTheWords(string arguments, string beginning)
    {
        var line = $"{PosternPrograms.Of("postern")} --config {_server.ConfigurationFile} {arguments}";
        if (arguments == "--version")
        {
            line = $"{PosternPrograms.Of("postern")} {arguments}";
        }

        // Debian 12 has script(1) in an essential package.
        var said = Tool.Run("script", ["-qec", line, "/dev/null"]).Output;
        Assert.StartsWith(beginning, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', said);
    }
}
