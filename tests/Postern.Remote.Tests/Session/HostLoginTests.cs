using System.Text;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Hops;
using Postern.Remote.Logins;
using Postern.Remote.Tests.Harness;
using Postern.TestKit.Certificates;
using Postern.TestKit.Servers;
using Postern.Text;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Session;

/// <summary>To whom a login is told, how, and what follows when it is refused. I14.</summary>
public sealed class HostLoginTests : IDisposable
{
    private const string HostName = "mx.example.org";
    private const string Offer = "> 220 hi\n< EHLO\n> 250-there\n> 250-AUTH PLAIN LOGIN\n> 250 STARTTLS\n";
    private const string Begin = Offer + "< STARTTLS\n> 220 go\nTLS\n";
    private const string Take = "< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 taken\n";
    private const string Plain = "AUTH PLAIN AHVzQGV4YW1wbGUub3JnAGEgc2VjcmV0PW9mLG91cnM=";

    private readonly Paper _paper = Papers.Issued(HostName);
    private readonly Paper _ours = Papers.Elliptic("us.example.org");
    private readonly Scratch _scratch = new();

    public HostLoginTests()
    {
        File.WriteAllText(_scratch["authorities"], _paper.Root!.ExportCertificatePem());
        Write("password", ScramPart.Password + "\n");
        Write("both", _ours.Chain + "\n" + _ours.Key);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("PLAIN LOGIN", "< " + Plain + "\n> 235 2.7.0 welcome\n")]
    [InlineData("LOGIN", "< AUTH LOGIN\n> 334 VXNlcm5hbWU6\n< dXNAZXhhbXBsZS5vcmc=\n> 334 UGFzc3dvcmQ6\n< YSBzZWNyZXQ9b2Ysb3Vycw==\n> 235 welcome\n")]
    [InlineData("SCRAM-SHA-256 PLAIN", "SCRAM\n")]
    [InlineData("PLAIN SCRAM-SHA-256-PLUS SCRAM-SHA-256", "SCRAM\n")]
    // What the server asks for that was said already is an empty line.
    [InlineData("X-OTHER plain", "< AUTH PLAIN\n> 235 welcome\n")]
    public void ServerOfThatName_IsLoggedInto(string offered, string login)
    {
        using var remote = Remote();
        using var server = Server(remote, Begin + Within(offered) + login + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.StartsWith("AUTH " + (offered.Contains("PLUS", StringComparison.Ordinal) ? "SCRAM-SHA-256-PLUS " : offered.StartsWith('X') ? "PLAIN " : offered.Split(' ')[0]), server.Lines[3], StringComparison.Ordinal);
        Assert.Contains("known=authority", Logged(remote), StringComparison.Ordinal);
        AssertNothingLeaked(remote);
    }

    [Fact]
    public void TlsBeforeTheFirstWord_IsSpokenWhereTheRouteSaysSo()
    {
        using var remote = Remote();
        using var server = Server(remote, "TLS\n> 220 hi\n" + Within("SCRAM-SHA-256-PLUS") + "SCRAM\n" + Take);
        var result = remote.Deliver(To(server) with { Kind = HopKind.TlsHost }, new QueuedMail(), "a@example.net").Single();
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        Assert.DoesNotContain("STARTTLS", server.Lines);
    }

    // Such a route has no other way, whether or not anybody asks for TLS.
    [Theory]
    [InlineData("TLS\n> 220 hi\n< EHLO\n> 250 within\n" + Take, DeliveryOutcome.Delivered)]
    [InlineData("> 220 hi\n*", DeliveryOutcome.Temporary)]
    public void TlsBeforeTheFirstWord_IsNeverGivenUp(string script, DeliveryOutcome outcome)
    {
        using var remote = new RemoteUnderTest();
        using var server = Server(remote, script, "> 220 hi\n< EHLO\n> 250 clear\n" + Take);
        Assert.Equal(outcome, remote.Deliver(new Hop(HopKind.TlsHost, "127.0.0.1", server.Port), new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Equal(1, server.Count);
    }

    [Theory]
    // Stripped, refused, broken, and answered in the clear.
    [InlineData("> 220 hi\n< EHLO\n> 250-there\n> 250 AUTH PLAIN LOGIN\n< QUIT\n", 4_007_004u)]
    [InlineData(Offer + "< STARTTLS\n> 454 not now\n< QUIT\n", 4_007_004u)]
    [InlineData(Offer + "< STARTTLS\n> 220 go\n!", 4_007_005u)]
    [InlineData(Offer + "< STARTTLS\n> 220 go\n~\n> 250-forged\n> 250 AUTH PLAIN\n*", 4_007_005u)]
    [InlineData(Offer + "< STARTTLS\n>> 220_go\\r\\n250-forged\\r\\n250_AUTH_PLAIN\\r\\n\nTLS\n", 4_005_000u)]
    public void WithoutTls_NothingIsSaid(string script, uint status)
    {
        using var remote = Remote();
        using var server = Server(remote, script, "> 220 hi\n< EHLO\n> 250-there\n> 250 AUTH PLAIN LOGIN\n" + Take);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, status), (result.Outcome, result.Fault, result.Status));
        Assert.Equal(1, server.Count);
        AssertNothingSaid(server);
    }

    [Theory]
    [InlineData("other.example.org", "Root", "its certificate is for other names")]
    [InlineData(HostName, "Other", "nobody who is trusted vouches for its certificate")]
    public void ServerOfAnotherName_HearsNothing(string name, string root, string reason)
    {
        using var remote = Remote();
        using var server = Server(remote, Service(Papers.Issued(name, root: root)), Begin + "< QUIT\n");
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_005u), (result.Outcome, result.Status));
        Assert.Contains(root == "Root" ? "can't show that it is the right server" : reason, result.Text, StringComparison.Ordinal);
        AssertNothingSaid(server);
    }

    // The name of the host that is logged in at, by the word of a name server: mail for its domain, or for one that it serves.
    [Theory]
    [InlineData("example.net")]
    [InlineData(HostName)]
    public void ExchangerOfThatName_HearsNothing(string domain)
    {
        using var remote = Remote($"{domain} MX 10 {HostName}", $"{HostName} A 127.0.0.1");
        using var server = Server(remote, "> 220 hi\n< EHLO\n> 250-there\n> 250 AUTH PLAIN LOGIN\n" + Take);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(new Hop(HopKind.Exchangers, domain, server.Port), new QueuedMail(), "a@example.net").Single().Outcome);
        AssertNothingSaid(server);
    }

    [Fact]
    public void SessionWithALogin_CarriesMailOfItsOwnHopAlone()
    {
        using var remote = Remote();
        using var server = Server(
            remote, Begin + Within("PLAIN") + "< AUTH\n> 235 welcome\n" + Take + Take, "> 220 hi\n< EHLO\n> 250-there\n> 250 AUTH PLAIN LOGIN\n" + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(1, server.Count);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Equal((2, 1), (server.Count, server.Lines.Count(line => line.StartsWith("AUTH", StringComparison.Ordinal))));
    }

    [Theory]
    // Said before TLS and not within it; of no kind that is known; and one that does not know the password itself.
    [InlineData("< EHLO\n> 250 within\n", "offers no way to log in that is known here")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH GSSAPI\n", "offers no way to log in that is known here")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH SCRAM-SHA-256\nSCRAM lies\n", "does not know the password itself")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH SCRAM-SHA-256-PLUS\nSCRAM skips\n", "without having shown that it knows the password")]
    // Without end, or without sense.
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH PLAIN\n< AUTH\n> 334\n< *\n> 334\n", "does not belong into a login")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH LOGIN\n< AUTH\n> 334 VXNlcm5hbWU6\n<\n> 334 VXNlcm5hbWU6\n<\n> 334 VXNlcm5hbWU6\n< *\n> 501 ok\n", "does not belong into a login")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH LOGIN\n< AUTH\n> 334 !!!\n< *\n> 501 ok\n", "does not belong into a login")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH LOGIN\n< AUTH\n> 235 welcome\n", "without having shown that it knows the password")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH PLAIN\n< AUTH\n> 250 o\n", "unexpected reply to a login")]
    [InlineData("< EHLO\n> 250-within\n> 250 AUTH PLAIN\n< AUTH\n> 454 4.7.0 later\n", "can't log anybody in now (454 4.7.0)")]
    public void LoginThatComesToNothing_KeepsTheMail(string within, string reason)
    {
        using var remote = Remote();
        using var server = Server(remote, Begin + within + "< QUIT\n");
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World), (result.Outcome, result.Fault));
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("MAIL", StringComparison.Ordinal));
        AssertNothingLeaked(remote);
    }

    [Fact]
    public void LoginThatIsRefused_IsSaidOnceAndNotTriedAllTheTime()
    {
        using var remote = Remote();
        using var server = Server(remote, Refusing(), Refusing(), Begin + Within("PLAIN") + "< AUTH\n> 235 welcome\n" + Take);
        var first = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, 4_007_000u), (first.Outcome, first.Fault, first.Status));
        // A server that repeats what it does not like must not have it repeated here.
        Assert.Equal($"{HostName} [127.0.0.1]:{server.Port} refuses the login (535 5.7.8)", first.Text);
        Assert.Contains("it is asked again after 15 minutes", Deliver(remote, server).Text, StringComparison.Ordinal);
        Assert.Equal(1, server.Count);
        remote.Clock.Pass(HostLogin.Pause);
        Assert.Equal(DeliveryOutcome.Temporary, Deliver(remote, server).Outcome);
        Assert.Equal(2, server.Count);
        Assert.Single(Logged(remote).Split('\n'), line => line.Contains("warning remote login-failed", StringComparison.Ordinal));
        remote.Clock.Pass(HostLogin.Pause);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Contains("info remote login-works-again", Logged(remote), StringComparison.Ordinal);
        AssertNothingLeaked(remote);
    }

    // It may repeat what was said to it then as well, and who guesses is sent away so by some.
    [Theory]
    [InlineData("PLAIN", "< AUTH\n> 421 4.7.0 I do not like " + Plain + "\n")]
    [InlineData("LOGIN", "< AUTH\n> 334 VXNlcm5hbWU6\n<\n> 334 UGFzc3dvcmQ6\n<\n> 421 4.7.0 I do not like " + ScramPart.Password + "\n")]
    public void ServerThatSendsAwayWhoLogsIn_IsLeftAloneAWhile(string offered, string login)
    {
        using var remote = Remote();
        using var server = Server(remote, Begin + Within(offered) + login + "*");
        var first = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, FaultOf.World, 4_007_000u), (first.Outcome, first.Fault, first.Status));
        Assert.Equal($"{HostName} [127.0.0.1]:{server.Port} refuses the login (421 4.7.0)", first.Text);
        Assert.Contains("it is asked again after 15 minutes", Deliver(remote, server).Text, StringComparison.Ordinal);
        Assert.Equal(1, server.Count);
        Assert.Single(Logged(remote).Split('\n'), line => line.Contains("warning remote login-failed", StringComparison.Ordinal));
        AssertNothingLeaked(remote);
    }

    [Fact]
    public void PasswordThatIsLong_IsSaidInALineOfItsOwn()
    {
        Write("password", new string('p', SecretFile.MaxPassword));
        using var remote = Remote();
        using var server = Server(remote, Begin + Within("PLAIN") + "< AUTH PLAIN\n> 334\n<\n> 235 welcome\n" + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal("AUTH PLAIN", server.Lines[3]);
        Assert.Equal($"\0{ScramPart.User}\0{new string('p', SecretFile.MaxPassword)}", Encoding.ASCII.GetString(Convert.FromBase64String(server.Lines[4])));
    }

    [Theory]
    [InlineData("", UnixFileMode.UserRead, "must hold one line")]
    [InlineData("\n", UnixFileMode.UserRead, "must hold one line")]
    [InlineData("a\nb\n", UnixFileMode.UserRead, "must hold one line")]
    [InlineData("a\0b", UnixFileMode.UserRead, "must hold one line")]
    [InlineData("long", UnixFileMode.UserRead, "must hold one line")]
    [InlineData("password", UnixFileMode.UserRead | UnixFileMode.OtherRead, "every user can read or change")]
    [InlineData("password", UnixFileMode.UserRead | UnixFileMode.OtherWrite, "every user can read or change")]
    [InlineData(null, UnixFileMode.UserRead, "can't be read: ")]
    public void PasswordThatCantBeRead_KeepsTheMail(string? content, UnixFileMode mode, string reason)
    {
        File.Delete(_scratch["password"]);
        if (content is not null) Write("password", content == "long" ? new string('p', SecretFile.MaxPassword + 1) : content, mode);
        using var remote = Remote();
        using var server = Server(remote, Begin + Within("PLAIN") + "< QUIT\n");
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_000u), (result.Outcome, result.Status));
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        AssertNothingSaid(server);
        using var book = new LoginBook([Login()], _scratch["authorities"], remote.Clock, remote.EventLog);
        Assert.Contains(reason, book.Check(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("secret\n")]
    [InlineData("secret\r\n")]
    public void Password_IsOneLine(string content)
    {
        Write("password", content);
        Assert.True(SecretFile.TryRead(_scratch["password"], out var password, out var problem), problem);
        Assert.Equal("secret"u8, password);
    }

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("none", false)]
    public void Certificate_IsShownToTheServerOfThatName(string offered, bool hasUser)
    {
        using var remote = Remote(With(Login() with { Certificate = _scratch["both"], Key = _scratch["both"] }, hasUser));
        using var server = Server(remote, Service(_paper, asks: true), Begin + Within(offered) + (hasUser ? "< AUTH\n> 235 welcome\n" : "") + Take);
        Assert.Equal(DeliveryOutcome.Delivered, Deliver(remote, server).Outcome);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(_ours.Leaf.RawData), server.Agreed.Single().ClientFingerprint);
    }

    [Theory]
    [InlineData("other.example.org", "Root")]
    [InlineData(HostName, "Other")]
    public void Certificate_IsShownToNobodyElse(string name, string root)
    {
        using var remote = Remote(Login() with { Certificate = _scratch["both"], Key = _scratch["both"] });
        using var server = Server(remote, Service(Papers.Issued(name, root: root), asks: true), Begin, "> 220 hi\n< EHLO\n> 250 clear\n" + Take);
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_005u), (result.Outcome, result.Status));
        // It broke off before it said who it is.
        Assert.Empty(server.Agreed);
        Assert.Equal(1, server.Count);
        AssertNothingSaid(server);
    }

    // A reload closes what sessions that are still being begun come for a moment later.
    [Fact]
    public void ClientOfALoginThatIsOver_IsMadeAnew()
    {
        using var remote = Remote();
        using var login = new HostLogin(Login() with { Certificate = _scratch["both"], Key = _scratch["both"] }, _scratch["authorities"], remote.Clock, remote.EventLog);
        Assert.True(login.TryGetClient(out var before, out _));
        login.Dispose();
        Assert.True(login.TryGetClient(out var after, out _));
        Assert.NotSame(before, after);
    }

    [Fact]
    public void OtherHosts_AreShownNoCertificate()
    {
        using var remote = new RemoteUnderTest(
            null, new AddressPolicy(true, new HashSet<IpAddress>()), [], _scratch["authorities"], Login() with { Certificate = _scratch["both"], Key = _scratch["both"] });
        using var server = Server(remote, Service(_paper, asks: true), Begin + Within("PLAIN") + Take);
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(new Hop(HopKind.Host, "127.0.0.1", server.Port), new QueuedMail(), "a@example.net").Single().Outcome);
        Assert.Empty(server.Agreed.Single().ClientFingerprint);
        AssertNothingSaid(server);
    }

    [Fact]
    public void CertificateThatCantBeRead_KeepsTheMail()
    {
        using var remote = Remote(Login() with { Certificate = _scratch["nowhere"], Key = _scratch["nowhere"] });
        using var server = Server(remote, Offer + "< STARTTLS\n> 220 go\n*");
        var result = Deliver(remote, server);
        Assert.Equal((DeliveryOutcome.Temporary, 4_007_000u), (result.Outcome, result.Status));
        Assert.Contains("nowhere can't be read", result.Text, StringComparison.Ordinal);
    }

    private static string Within(string offered) => $"< EHLO\n> 250-within\n> 250 AUTH {offered}\n";

    private static string Refusing() => Begin + Within("PLAIN") + $"< AUTH\n> 535 5.7.8 I do not like {Plain}\n< QUIT\n";

    private LoginSlice Login() => new()
    {
        Host = HostName,
        User = ScramPart.User,
        PasswordFile = _scratch["password"],
        Certificate = string.Empty,
        Key = string.Empty,
    };

    private static LoginSlice With(LoginSlice login, bool hasUser) => hasUser ? login : login with { User = string.Empty, PasswordFile = string.Empty };

    private RemoteUnderTest Remote(params string[] names) => Remote(Login(), names);

    private RemoteUnderTest Remote(LoginSlice login, params string[] names) =>
        new(new TableResolver(names.Length > 0 ? names : [$"{HostName} A 127.0.0.1"]), new AddressPolicy(true, new HashSet<IpAddress>()), null, _scratch["authorities"], login);

    private ScriptedServer Server(RemoteUnderTest remote, params string[] scripts) => Server(remote, Service(_paper), scripts);

    private static ScriptedServer Server(RemoteUnderTest remote, TlsServer service, params string[] scripts) =>
        new(remote.Loop, SocketAddress.Inet(IpAddress.Loopback4, 0), scripts) { Tls = service };

    private static TlsServer Service(Paper paper, bool asks = false)
    {
        Assert.True(CertificateReader.TryRead(paper.ChainBytes, paper.KeyBytes, out var certificate, out var problem), problem);
        return new TlsServer(new TlsPolicy { Service = "smtp", AsksForCertificate = asks }, [new TlsIdentity(certificate)]);
    }

    private static Hop To(ScriptedServer server) => new(HopKind.Host, HostName, server.Port);

    private static Said Deliver(RemoteUnderTest remote, ScriptedServer server) => remote.Deliver(To(server), new QueuedMail(), "a@example.net").Single();

    private static string Logged(RemoteUnderTest remote)
    {
        remote.Settle();
        return remote.Logged.ToString();
    }

    private static void AssertNothingSaid(ScriptedServer server)
    {
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.All(server.Contents, content => Assert.DoesNotContain("AUTH", content, StringComparison.Ordinal));
    }

    private static void AssertNothingLeaked(RemoteUnderTest remote)
    {
        Assert.DoesNotContain(ScramPart.Password, Logged(remote), StringComparison.Ordinal);
        Assert.DoesNotContain(Plain[^24..], Logged(remote), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(ScramPart.Password)), Logged(remote), StringComparison.Ordinal);
    }

    private void Write(string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(_scratch[name], content);
        File.SetUnixFileMode(_scratch[name], mode);
    }
}
