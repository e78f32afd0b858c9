using System.Text;
using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Reports.Records;
using Postern.Remote.Reports.Sending;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;
using Postern.Web.Streams;

namespace Postern.Remote.Tests.Reports;

/// <summary>Reports on their way: by mail in spite of what is wrong with TLS, and to web servers that an authority vouches for.</summary>
public sealed class SendingTests : IDisposable
{
    private const string Content = "Subject: report\r\n\r\n.dot\r\n";
    private const string Take = "< MAIL FROM:<reporter@example.org>\n> 250 o\n< RCPT TO:<a@example.net>\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Clear = "> 220 hi\n< EHLO\n> 250 there\n" + Take;

    private readonly Paper _paper = Papers.Issued("web.example.net");
    private readonly string _authorities = Path.GetTempFileName();

    public SendingTests() => File.WriteAllText(_authorities, _paper.Root!.ExportCertificatePem());

    public void Dispose() => File.Delete(_authorities);

    // RFC 8460 §3: delivered in spite of TLS that fails, which may be what it is about.
    [Theory]
    [InlineData("")]
    [InlineData("_mta-sts.example.net TXT v=STSv1;_id=1;")]
    public void ReportByMail_GoesWhateverThePolicyIs(string row)
    {
        using var remote = Remote(row.Length > 0 ? [row] : []);
        remote.Fetch["example.net"] = TablePolicies.Policy("enforce", "other.example.org");
        using var server = new ScriptedServer(remote.Loop, Clear + "< QUIT\n");
        Assert.Equal(SendResult.Sent, Send(remote, server));
        Assert.Equal("Subject: report\r\n\r\n..dot", server.Contents.Single());
        // It is no session that anybody gets a report of, and no other message goes the same way.
        Assert.Empty(remote.Counts.Lines);
        Assert.Equal((0, 0), (remote.Pool.Open, remote.Pool.Idle));
    }

    [Fact]
    public void ReportByMail_GoesWithinTlsWhereItCan_AndWithoutWhereThatFails()
    {
        using var remote = Remote();
        const string begin = "> 220 hi\n< EHLO\n> 250-there\n> 250 STARTTLS\n< STARTTLS\n> 220 go\n";
        using var server = new ScriptedServer(remote.Loop, begin + "TLS\n< EHLO\n> 250 within\n" + Take, begin + "!", Clear) { Tls = Service(_paper) };
        Assert.Equal(SendResult.Sent, Send(remote, server));
        Assert.Single(server.Agreed);
        Assert.Equal(SendResult.Sent, Send(remote, server));
        Assert.Equal((1, 2), (server.Agreed.Count, server.Contents.Count));
    }

    [Theory]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 550 nobody\n< RSET\n> 250 o\n< QUIT\n", false)]
    [InlineData("> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT\n> 451 later\n< RSET\n> 250 o\n< QUIT\n", true)]
    [InlineData("> 554 no\n", false)]
    [InlineData("> 421 later\n", true)]
    public void ServerThatSaysNo_IsAskedAgainIfItMayTakeItLater(string script, bool mayPass)
    {
        using var remote = Remote();
        using var server = new ScriptedServer(remote.Loop, script);
        Assert.Equal(mayPass, Send(remote, server).MayPass);
    }

    [Fact]
    public async Task HostThatAnswersLate_IsGivenUp()
    {
        using var remote = Remote();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n");
        var sending = new ReportMail(remote.Loop, remote.Runner) { Port = server.Port }.SendAsync(Address("reporter@example.org"), Address("a@example.net"), Encoding.ASCII.GetBytes(Content)).AsTask();
        remote.TurnUntil(() => server.Count == 1 && remote.Pool.Open == 1);
        remote.Settle();
        for (var minutes = 0; minutes < 12; minutes++)
        {
            remote.Clock.Pass(TimeSpan.FromMinutes(1));
            remote.Settle();
        }

        Assert.True(sending.IsCompletedSuccessfully);
        Assert.True((await sending).MayPass);
    }

    [Theory]
    [InlineData("200 OK", null, false)]
    [InlineData("201 Created", null, false)]
    [InlineData("204", null, false)]
    [InlineData("301 Moved", "web.example.net answered with 301", false)]
    [InlineData("404 Not Found", "web.example.net answered with 404", false)]
    [InlineData("503 Later", "web.example.net answered with 503", true)]
    public void ReportToAWebServer_IsOneRequest(string status, string? problem, bool mayPass)
    {
        using var remote = Remote();
        using var server = Web(remote, _paper, $"TLS\n{Request()}>> HTTP/1.1_{status.Replace(' ', '_')}\\r\\n\\r\\n\n");
        Assert.Equal(new SendResult(problem, mayPass), Post(remote, server.Port));
    }

    [Fact]
    public void ServerForAnotherName_IsToldNothing()
    {
        using var remote = Remote();
        using var server = Web(remote, Papers.Issued("other.example.net"), "TLS\n*");
        Assert.Equal(new SendResult("web.example.net can't show that it is the right server", true), Post(remote, server.Port));
        Assert.DoesNotContain("POST", string.Concat(server.Contents), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLS\n!")]
    [InlineData("TLS\n>> SSH-2.0\\r\\n")]
    [InlineData("> 220 this is mail")]
    public void ServerThatIsNone_MayBeOneLater(string script)
    {
        using var remote = Remote();
        using var server = Web(remote, _paper, script);
        Assert.True(Post(remote, server.Port).MayPass);
    }

    // Whoever owns a domain says which: the network behind the firewall is not his.
    [Fact]
    public void AddressOfThisNetwork_IsNotConnectedTo()
    {
        using var remote = Remote();
        using var server = Web(remote, _paper, "!");
        Assert.Equal("web.example.net has an address that is not connected to", Post(remote, server.Port, allowPrivate: false).Problem);
        Assert.Equal(0, server.Count);
    }

    private static string Request() =>
        "< POST /v1?q HTTP/1.1\n< Host: web.example.net\n< User-Agent: Postern\n< Content-Type: application/tlsrpt+gzip\n< Content-Length: 6\n< Connection: close\n< \n< body\n";

    private static RemoteUnderTest Remote(params string[] rows) => new(
        new TableResolver(["example.net MX 10 mx.example.org", "mx.example.org A 127.0.0.1", "web.example.net A 127.0.0.1", .. rows]),
        new AddressPolicy(true, new HashSet<IpAddress>()), []);

    private static Mailbox Address(string text)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox));
        return mailbox;
    }

    private static SendResult Send(RemoteUnderTest remote, ScriptedServer server) =>
        Await(remote, new ReportMail(remote.Loop, remote.Runner) { Port = server.Port }.SendAsync(Address("reporter@example.org"), Address("a@example.net"), Encoding.ASCII.GetBytes(Content)));

    private SendResult Post(RemoteUnderTest remote, ushort port, bool allowPrivate = true)
    {
        using var client = new TlsClient(_authorities);
        var hosts = new MailExchangers(new TableResolver("web.example.net A 127.0.0.1"), new SystemRandomSource(), OwnIdentity.None);
        var servers = new WebServers(remote.Loop, hosts, () => client)
        {
            Allows = new AddressPolicy(allowPrivate, new HashSet<IpAddress>()).Allows,
            Patience = PolicyFetch.Patience,
            Port = port,
        };
        return Await(remote, new ReportWeb(servers).PostAsync(new ReportAddress.Web("web.example.net", "/v1?q"), "body\r\n"u8.ToArray()));
    }

    private static SendResult Await(RemoteUnderTest remote, ValueTask<SendResult> sending)
    {
        var task = sending.AsTask();
        remote.TurnUntil(() => task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static ScriptedServer Web(RemoteUnderTest remote, Paper paper, string script) => new(remote.Loop, script) { Tls = Service(paper) };

    private static TlsServer Service(Paper paper)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new TlsServer(new TlsPolicy { Service = "smtp" }, [new TlsIdentity(certificate)]);
    }
}
