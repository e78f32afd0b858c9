using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Local;

/// <summary>Postmaster gets its mail (RFC 5321 §4.5.1), whatever its alias is: it is where the last report goes.</summary>
public sealed class LastResortTests : IDisposable
{
    private readonly PosternServer _server = PosternServer.Start(new PosternConfiguration
    {
        // The first of these is Debian's own /etc/aliases; nobody is root here.
        Aliases = """
            postmaster = "root"
            mailer-daemon = "postmaster"
            "dead@example.org" = "nobody-there@example.org"
            """,
    });

    private readonly string _mark = Samples.Mark();

    [Theory]
    [InlineData("postmaster@example.org")]
    [InlineData("postmaster")]
    [InlineData("mailer-daemon@example.org")]
    public void MailForAPostmasterWhoseAliasReachesNobody_IsKeptInItsFolder(string address)
    {
        var sent = Samples.Message(_mark);
        Send("alice@example.org", address, sent);
        Postmaster.Await(_mark).MustBe(sent);
        Assert.Equal(0, _server.Stop());
        Assert.Equal((1, 0, 0), (Postmaster.Count, _server.Mailbox("alice").Count, _server.Mailbox("bob").Count));
    }

    [Fact]
    public void ReportThatNobodyElseCanBeTold_IsKeptInPostmastersFolder()
    {
        Send("", "dead@example.org", Samples.Message(_mark));
        var notice = Postmaster.Await("Final-Recipient: rfc822; nobody-there@example.org");
        Assert.True(notice.Contains("\nTo: <postmaster@mx.example.org>\n"), notice.Text);
        Assert.Equal(0, _server.Stop());
        Assert.Equal((1, 0, 0), (Postmaster.Count, _server.Mailbox("alice").Count, _server.Mailbox("bob").Count));
    }

    public void Dispose() => _server.Dispose();

    private Maildir Postmaster => new(Path.Join(_server.State, "postmaster"), () => string.Join('\n', _server.Log.TakeLast(40)));

    private void Send(string from, string to, byte[] content)
    {
        using var client = PlainSmtpClient.Greeted(_server.Port);
        Assert.Equal(250, client.SendByData(from, [to], content).Code);
    }
}
