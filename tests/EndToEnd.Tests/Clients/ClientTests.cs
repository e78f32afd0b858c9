using System.Globalization;
using System.Text;
using MailKit.Net.Smtp;
using MimeKit;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Clients;

/// <summary>Programs that people use bring a message into a mailbox.</summary>
public sealed class ClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly string _mark = Samples.Mark();

    private PosternServer Server => fixture.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APlainClient_FindsItsBytesInTheMailbox(bool chunked)
    {
        var sent = Samples.Message(_mark);
        using var client = PlainSmtpClient.Greeted(Server.Port);
        var reply = chunked
            ? client.SendByChunks("alice@example.org", Samples.Bob, sent, piece: 7)
            : client.SendByData("alice@example.org", Samples.Bob, sent);
        Assert.Equal(250, reply.Code);
        Server.Mailbox("bob").Await(_mark).MustBe(sent);
    }

    [Fact]
    public void Swaks_DeliversToAMailbox()
    {
        var swaks = Requirement.Peer("swaks");
        Tool.Run(swaks, ["--server", $"127.0.0.1:{Server.Port}", "--from", "alice@example.org", "--to", "bob@example.org", "--body", _mark])
            .MustSucceed();
        Assert.True(Server.Mailbox("bob").Await(_mark).Contains("\nTo: bob@example.org\n"));
    }

    [Fact]
    public void PythonsSmtplib_DeliversToAMailbox()
    {
        var python = Requirement.Peer("python3");
        var sent = Samples.Message(_mark);
        const string script = """
            import smtplib, sys
            with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as client:
                client.sendmail("alice@example.org", ["bob@example.org"], sys.stdin.buffer.read())
            """;
        Tool.Run(python, ["-c", script, Server.Port.ToString(CultureInfo.InvariantCulture)], sent).MustSucceed();
        Server.Mailbox("bob").Await(_mark).MustBe(sent);
    }

    [Fact]
    public void MailKit_DeliversToAMailbox()
    {
        using var body = new TextPart("plain") { Text = "grüße aus " + _mark };
        using var message = new MimeMessage([new MailboxAddress("Alice", "alice@example.org")], [new MailboxAddress("Bob", "bob@example.org")], _mark, body);
        using var client = new SmtpClient();
        var cancellation = TestContext.Current.CancellationToken;
        client.Connect("127.0.0.1", Server.Port, MailKit.Security.SecureSocketOptions.None, cancellation);
        client.Send(message, cancellation);
        client.Disconnect(quit: true, cancellation);

        var arrived = Server.Mailbox("bob").Await(_mark);
        using var read = MimeMessage.Load(new MemoryStream(arrived.Bytes), cancellation);
        Assert.Equal(_mark, read.Subject);
        Assert.Equal("grüße aus " + _mark, read.TextBody?.TrimEnd());
    }

    [Theory]
    // A connection for each message.
    [InlineData(false)]
    // One connection for many.
    [InlineData(true)]
    public void SmtpSource_DeliversManyToAMailbox(bool reuse)
    {
        var source = Requirement.Peer("smtp-source");
        var mailbox = Server.Mailbox("alice");
        var before = mailbox.Count;
        string[] reused = reuse ? ["-d"] : [];
        Tool.Run(source, [.. reused, "-s", "5", "-m", "50", "-l", "4096", "-f", "bob@example.org", "-t", "alice@example.org", $"127.0.0.1:{Server.Port}"])
            .MustSucceed();
        Assert.Equal(before + 50, mailbox.Await(before + 50).Count);
    }

    [Fact]
    public void AnLmtpClient_GetsOneReplyPerRecipient()
    {
        var sent = Samples.Message(_mark);
        using var client = PlainSmtpClient.Greeted(Server.LmtpPort, "LHLO front.example");
        client.SendByData("alice@example.org", ["alice@example.org", "bob@example.org"], sent).Must(2);
        client.ReadReply().Must(2);
        Assert.Equal(221, client.Command("QUIT").Code);
        Server.Mailbox("alice").Await(_mark).MustBe(sent);
        Server.Mailbox("bob").Await(_mark).MustBe(sent);
    }

    [Fact]
    public void AMessageInPiecesOfTime_ArrivesWhole()
    {
        var sent = Encoding.Latin1.GetBytes($"Subject: {_mark}\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 2000)));
        using var client = PlainSmtpClient.Greeted(Server.Port);
        client.SendByData("alice@example.org", Samples.Bob, sent).Must(2);
        Server.Mailbox("bob").Await(_mark).MustBe(sent);
    }
}
