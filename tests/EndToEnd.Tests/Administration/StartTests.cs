using System.Net;
using System.Net.Sockets;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Administration;

/// <summary>A server that can't start says why, starts nothing, and ends with a code that tells.</summary>
public sealed class StartTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void EveryErrorOfAWrongConfiguration_IsReportedWithItsLine()
    {
        var (code, said) = Start($"""
            hostname = "mx.example.org"
            domains = ["example.org"]
            state = "{_scratch["state"]}"
            colour = "green"
            [[listen]]
            address = "localhost"
            [queue]
            retry_first = "soon"
            """);
        Assert.Equal(78, code);
        Assert.Contains("postern.toml:4:", said, StringComparison.Ordinal);
        Assert.Contains("postern.toml:6:", said, StringComparison.Ordinal);
        Assert.Contains("postern.toml:8:", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scratch["state"]));
    }

    [Fact]
    public void SubmissionWithoutTls_IsAConfigurationError()
    {
        var (code, said) = Start(Usual(LoopbackPort.Free()) + "service = \"submission\"\n[tls]\nenabled = false\n");
        Assert.Equal(78, code);
        Assert.Contains("TLS", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFile_IsNamed()
    {
        var (code, said) = Start(null);
        Assert.NotEqual(0, code);
        Assert.Contains("postern.toml", said, StringComparison.Ordinal);
    }

    [Fact]
    public void APortInUse_IsNamed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, LoopbackPort.Free());
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, said) = Start(Usual(port));
        Assert.NotEqual(0, code);
        Assert.Contains($"127.0.0.1:{port}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AStateFolderThatIsNotOurs_IsNamed()
    {
        File.WriteAllText(_scratch["state"], "a file is in the way");
        var (code, said) = Start(Usual(LoopbackPort.Free()));
        Assert.NotEqual(0, code);
        Assert.Contains(_scratch["state"], said, StringComparison.Ordinal);
    }

    [Fact]
    public void AStateFolderThatCanNotBeMade_IsNamed()
    {
        var (code, said) = Start(Usual(LoopbackPort.Free(), "/proc/postern"));
        Assert.NotEqual(0, code);
        Assert.Contains("/proc/postern", said, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private string Usual(int port, string? state = null) =>
        $"hostname = \"mx.example.org\"\ndomains = [\"example.org\"]\nstate = \"{state ?? _scratch["state"]}\"\n[[listen]]\naddress = \"127.0.0.1:{port}\"\n";

    private (int Code, string Said) Start(string? configuration)
    {
        var file = _scratch["postern.toml"];
        if (configuration is not null)
        {
            _scratch.Write("postern.toml", configuration);
        }

        using var program = new RunningProgram(Unprivileged.Command(PosternPrograms.Of("posternd"), "--config", file));
        var code = program.AwaitEnd();
        Assert.DoesNotContain("postern: ready", program.Output);
        return (code, program.Said);
    }
}
