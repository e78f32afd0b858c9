using System.Security.Cryptography;
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
        _server.More = $"[[certificate]]\nchain = \"{Path.Join(_host.Folder, "mx.crt")}\"\nkey = \"{KeyFile}\"\n";
    }

    private string KeyFile => Path.Join(_host.Folder, "mx.key");

    [Fact]
    public void NoOtherProgramsUser_CanReadTheKey()
    {
        _server.Start();
        foreach (var (program, user) in new[] { ("postern-smtpd", "postern-smtp"), ("postern-queue", "postern-queue"), ("postern-directory", "postern-dir") })
        {
            foreach (var path in new[] { KeyFile, $"/proc/{_server.PidOf(program)}/root{KeyFile}", $"/proc/{_server.PidOf("postern-tls")}/mem" })
            {
                var result = CatAs(user, path);
                Assert.Contains("Permission denied", result.Error, StringComparison.Ordinal);
                Assert.Equal("", result.Output);
            }
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
        byte[][] traces = [secret, reversed, System.Text.Encoding.ASCII.GetBytes(text[..48]), _key.ExportPkcs8PrivateKey()[..40]];
        foreach (var program in new[] { "postern-smtpd", "postern-queue", "postern-directory", "postern-local", "postern-remote", "postern-bounce" })
        {
            Assert.False(ProcessMemory.Has(_server.PidOf(program), traces), program);
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

    private ToolResult CatAs(string user, string path) =>
        Run(_host.Inside(["setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--", "cat", path]));
}
