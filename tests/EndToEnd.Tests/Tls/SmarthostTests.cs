using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Mail from one whole server through the port of another's users, each behind its walls. I14.</summary>
public sealed class SmarthostTests : IDisposable
{
    private const string Password = "correct horse";
    private const string User = "bob@example.net";

    private readonly Scratch _scratch = new();
    private readonly string _mark = Samples.Mark();
    private readonly int _submission = LoopbackPort.Free();
    private readonly int _submissions = LoopbackPort.Free();
    private readonly PosternServer _far;

    public SmarthostTests()
    {
        Make("localhost");
        _far = PosternServer.Start(new PosternConfiguration
        {
            Domain = "example.net",
            Users = [User],
            Top = "trusted = [\"192.0.2.1\"]",
            More = $"""
                [[listen]]
                address = "127.0.0.1:{_submission}"
                service = "submission"
                [[listen]]
                address = "127.0.0.1:{_submissions}"
                service = "submissions"
                [[certificate]]
                chain = "{_scratch["localhost.pem"]}"
                """,
        });
        _far.Postern(["user", "add", User], Password + "\n").MustSucceed();
    }

    public void Dispose()
    {
        Assert.Equal(0, _far.Stop());
        _far.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MailGoesThroughTheSmarthost_ByALogin(bool tlsFirst)
    {
        using var near = Near(tlsFirst ? $"smtps:localhost:{_submissions}" : $"localhost:{_submission}", Password);
        Send(near);
        Assert.Contains("with ESMTPSA\n", _far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        var kept = _far.Postern(["--json", "user", "logins", User]).MustSucceed().Output;
        Assert.Contains("\"SCRAM-SHA-256-PLUS\"", kept, StringComparison.Ordinal);
        DemandQuiet(near, Password);
    }

    [Fact]
    public void RefusedLogin_KeepsTheMailAndIsNotTriedAgainAndAgain()
    {
        using var near = Near($"localhost:{_submission}", "wrong horse");
        Send(near);
        near.AwaitLog(line => line.Contains(" remote login-failed ", StringComparison.Ordinal) && line.Contains("refuses the login (535 5.7.8)", StringComparison.Ordinal), "refused");
        // The second attempt, after a second, is none.
        near.AwaitLog(line => line.Contains("deferred", StringComparison.Ordinal) && line.Contains("it is asked again after", StringComparison.Ordinal), "left alone");
        Assert.Single(_far.Postern(["user", "logins", User]).MustSucceed().Output.Split('\n'), line => line.Contains("refused", StringComparison.Ordinal));
        // What was mended counts with the next reading of the configuration.
        WriteSecret("password", Password + "\n");
        near.Reload(Relaying($"localhost:{_submission}"));
        Assert.Contains("with ESMTPSA\n", _far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        DemandQuiet(near, "wrong horse");
    }

    private static void DemandQuiet(PosternServer near, string password)
    {
        Assert.Equal(1, near.StartsOf("remote"));
        if (Requirement.IsRoot)
        {
            // M7. Nobody else may look.
            var secret = Encoding.ASCII.GetBytes(password);
            SecretTraces.DemandNone(near, secret);
            Assert.All(
                ProcessStatus.Children(near.SupervisorPid).Append(near.SupervisorPid).Except([near.PidOf("remote")!.Value]),
                pid => Assert.False(ProcessMemory.Has(pid, secret), ProcessStatus.Of(pid)?.Name));
        }

        Assert.Equal(0, near.Stop());
        Assert.DoesNotContain(near.Log, line => line.Contains(password, StringComparison.Ordinal));
    }

    private PosternServer Near(string route, string password)
    {
        WriteSecret("password", password + "\n");
        return PosternServer.Start(Relaying(route));
    }

    private PosternConfiguration Relaying(string route) => new()
    {
        Routes = $"\"*\" = \"{route}\"",
        More = $"""
            [remote]
            authorities = "{_scratch["localhost.crt"]}"
            [[outbound_login]]
            host = "localhost"
            user = "{User}"
            password_file = "{_scratch["password"]}"
            """,
    };

    private void Send(PosternServer near)
    {
        using var client = PlainSmtpClient.Greeted(near.Port);
        client.SendByData(User, [User], Encoding.ASCII.GetBytes($"From: {User}\r\nSubject: {_mark}\r\n\r\nx\r\n")).Must(2);
    }

    private void Make(string name)
    {
        var (chain, key) = (_scratch[name + ".crt"], _scratch[name + ".key"]);
        TlsSite.OpenSsl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=" + name,
            "-addext", "subjectAltName=DNS:" + name, "-keyout", key, "-out", chain]).MustSucceed();
        WriteSecret(name + ".pem", File.ReadAllText(chain) + File.ReadAllText(key));
    }

    private void WriteSecret(string name, string content)
    {
        File.WriteAllText(_scratch[name], content);
        File.SetUnixFileMode(_scratch[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", _scratch[name]]).MustSucceed();
        }
    }
}
