using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Postern.EndToEnd.Root;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Who can get at a private key: the program that has it, and none of the others (C15).</summary>
public sealed class KeyReachTests : IDisposable
{
    private readonly OwnHost _host = new();
    private readonly BareServer _server;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public KeyReachTests()
    {
        _server = new BareServer(_host.Folder, _host.Inside);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=mx.example.org", _key, HashAlgorithmName.SHA256);
        File.WriteAllText(Path.Join(_host.Folder, "mx.crt"), request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60)).ExportCertificatePem());
        File.WriteAllText(KeyFile, _key.ExportPkcs8PrivateKeyPem());
        _host.SetUpUsers();
        // As the manual says.
        Run(_host.Inside(["chgrp", "postern-tls", KeyFile])).MustSucceed();
        Tool.Run("chmod", ["640", KeyFile]).MustSucceed();
        _server.More = $"[[certificate]]\nchain = \"{Path.Join(_host.Folder, "mx.crt")}\"\nkey = \"{KeyFile}\"\n[tls]\n{Samples.LinesForAcme()}";
    }

    private string KeyFile => Path.Join(_host.Folder, "mx.key");

    [Fact]
    public void NoOtherProgramsUser_CanReadTheKey()
    {
        _server.Start();
        var keeper = _server.PidOf("postern-tls");
        foreach (var program in StandingProgram.All.Where(program => program.Name != "postern-tls"))
        {
            var result = CatAs(program.User, KeyFile, $"/proc/{_server.PidOf(program.Name)}/root{KeyFile}", $"/proc/{keeper}/mem");
            Assert.Equal(3, Regex.Count(result.Error, "Permission denied"));
            Assert.Equal("", result.Output);
        }

        Assert.Contains("PRIVATE KEY", CatAs("postern-tls", KeyFile).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(0, _server.Stop());
    }

    [Fact]
    public void TheMemoryOfOthers_HasNothingOfTheKey()
    {
        _server.Start();
        for (var sessions = 0; sessions < 3; sessions++)
        {
            using var client = SmtpOverTls.Secured(_server.Port);
            Assert.StartsWith("250", client.Send(Samples.Mark()), StringComparison.Ordinal);
        }

        var secret = _key.ExportParameters(true).D!;
        byte[] reversed = [.. secret.Reverse()];
        var text = _key.ExportPkcs8PrivateKeyPem().Split('\n')[1];
        // The first 48 characters are those of every such key.
        byte[][] traces = [secret, reversed, System.Text.Encoding.ASCII.GetBytes(text[48..]), _key.ExportPkcs8PrivateKey()[..40]];
        foreach (var program in StandingProgram.All.Where(program => program.Name != "postern-tls"))
        {
            Assert.False(ProcessMemory.Has(_server.PidOf(program.Name), traces), program.Name);
        }

        // Where it is, it would be found.
        Assert.True(ProcessMemory.Has(_server.PidOf("postern-tls"), traces));
        Assert.Equal(0, _server.Stop());
    }

    public void Dispose()
    {
        _server.Dispose();
        _host.Dispose();
        _key.Dispose();
    }

    private static ToolResult Run(IReadOnlyList<string> command) => Tool.Run(command[0], command.Skip(1));

    private ToolResult CatAs(string user, params string[] paths) =>
        Run(_host.Inside(["setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--", "cat", .. paths]));
}
