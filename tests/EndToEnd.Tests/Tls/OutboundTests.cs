using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Tls;

/// <summary>Mail from one whole server to another, each behind its walls: within TLS, with a server that is known, and not at all.</summary>
public sealed class OutboundTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _mark = Samples.Mark();
    private readonly PosternServer _far;

    public OutboundTests()
    {
        TlsSite.MakeWhole(_scratch, "localhost");
        TlsSite.MakeWhole(_scratch, "other");
        _far = PosternServer.Start(new PosternConfiguration
        {
            Domain = "example.net",
            Users = ["bob@example.net"],
            More = $"[[certificate]]\nchain = \"{_scratch["localhost.pem"]}\"\n",
        });
    }

    public void Dispose()
    {
        Assert.Equal(0, _far.Stop());
        _far.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("required", "127.0.0.1", "known=no")]
    [InlineData("verified", "localhost", "known=authority")]
    public void ServerThatIsAsItHasToBe_GetsTheMailWithinTls(string need, string host, string known)
    {
        using var near = Near(host, need, "localhost.pem");
        Send(near);
        Assert.Contains("with ESMTPS\n", _far.Mailbox("bob").Await(_mark).Text, StringComparison.Ordinal);
        near.AwaitLog(line => line.Contains(" remote tls host=", StringComparison.Ordinal) && line.Contains(known, StringComparison.Ordinal), known);
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.Equal(0, near.Stop());
    }

    [Theory]
    [InlineData("other.pem", "nobody who is trusted vouches for its certificate")]
    [InlineData("nowhere.pem", "TLS with localhost")]
    public void ServerThatIsNotKnown_GetsNothing(string authorities, string reason)
    {
        using var near = Near("localhost", "verified", authorities);
        Send(near);
        near.AwaitLog(line => line.Contains("deferred", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal), reason);
        Assert.Equal(0, _far.Mailbox("bob").Count);
        Assert.Equal(1, near.StartsOf("remote"));
        Assert.Equal(0, near.Stop());
    }

    private PosternServer Near(string host, string need, string authorities) => PosternServer.Start(new PosternConfiguration
    {
        Routes = $"\"example.net\" = \"{host}:{_far.Port}\"",
        More = $"[outbound_tls]\n\"*\" = \"{need}\"\n[remote]\nauthorities = \"{_scratch[authorities]}\"\n",
    });

    private void Send(PosternServer near)
    {
        using var client = PlainSmtpClient.Greeted(near.Port);
        client.SendByData("alice@example.org", ["bob@example.net"], Samples.Message(_mark)).Must(2);
    }
}
