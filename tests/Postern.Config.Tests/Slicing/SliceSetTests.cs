using System.Text;
using Postern.Config.Slicing;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Text;

namespace Postern.Config.Tests.Slicing;

/// <summary>What each program reads from its slice.</summary>
public class SliceSetTests
{
    private const string Full =
        """
        state = "/srv/postern"
        trusted = ["10.0.0.0/8", "2001:db8::/32"]
        [[listen]]
        address = "[::]:25"
        [[listen]]
        address = "192.0.2.1:24"
        service = "lmtp"
        [[listen]]
        address = "192.0.2.1:26"
        [mailboxes]
        root = "/srv/mail"
        users = ["alice@example.org", "bob@mx.example.org"]
        system = true
        user = "vmail"
        [aliases]
        "info@example.org" = ["alice@example.org", "x@example.net"]
        "@example.org" = "bob"
        abuse = "alice"
        [routes]
        "example.org" = "10.0.0.1:2525"
        "*" = "smart.example"
        "*.l.example" = "lmtp:/run/lmtp"
        "m.example" = "lmtp:[::1]:24"
        [queue]
        retry_first = "1m"
        retry_max = "2m"
        expire = "3m"
        warn_after = "never"
        [limits]
        message_size = "1M"
        recipients = 2
        connections = 30
        connections_per_client = 4
        command_timeout = "5s"
        session_timeout = "6s"
        concurrency = 7
        [dns]
        resolvers = ["127.0.0.1:5353", "::1"]
        trust_ad = true
        [remote]
        allow_private = true
        authorities = "/srv/authorities.pem"
        [outbound_tls]
        "*" = "required"
        "*.Weak.example" = "none"
        "strong.example" = "verified"
        [tls_reports]
        from = "tls@Example.org"
        organization = "Bäckerei"
        [[outbound_login]]
        host = "Smart.example"
        user = "us"
        password_file = "/etc/keys/password"
        [tls]
        client_certificates = true
        acme = true
        [acme]
        directory = "https://ca.example/dir"
        contact = "ann@example.org"
        names = ["mx.example.org", "mail.example.org"]
        listen = "192.0.2.1:80"
        [[certificate]]
        chain = "/etc/keys/ec.pem"
        [[certificate]]
        chain = "/etc/keys/rsa.pem"
        key = "/etc/keys/rsa.key"
        """;

    private static readonly IReadOnlyList<byte[]> Slices = SliceSet.Cut(Reading.Good(Full));

    private enum Of
    {
        Posternd,
        Smtpd,
        Directory,
        Queue,
        Remote,
        Local,
        Deliver,
        Bounce,
        Tls,
        Auth,
        Acme,
    }

    private static byte[] Slice(Of program) => Slices[(int)program];

    /// <summary>Names every frame of a slice and its fields, and demands that the slice is nothing but frames.</summary>
    private static string[] Frames(byte[] slice)
    {
        var lines = new List<string>();
        var frames = new SliceReader(slice);
        while (frames.TryNext(out var type, out var reader))
        {
            lines.Add(Frame(type, ref reader) ?? throw new InvalidOperationException($"frame {type}"));
        }

        Assert.True(frames.AtEnd);
        return [.. lines];
    }

    private static string? Frame(ushort type, ref FrameReader reader) => type switch
    {
        120 => DirectorySlice.TryRead(ref reader, out var read) ? $"directory {read.HostName} {read.SystemUsers}" : null,
        121 => DomainSlice.TryRead(ref reader, out var read) ? $"domain {read.Domain}" : null,
        122 => MailboxSlice.TryRead(ref reader, out var read) ? $"mailbox {Text(read.Address)}" : null,
        123 => AliasSlice.TryRead(ref reader, out var read) ? $"alias {Text(read.Key)} {Text(read.Target)}" : null,
        124 => RelayedDomainSlice.TryRead(ref reader, out var read) ? $"relayed {read.Domain}" : null,
        111 => ListenerSlice.TryRead(ref reader, out var read) ? $"listen {Address(read.Address)} {read.Port} {read.Service}" : null,
        113 => SendingSlice.TryRead(ref reader, out var read) ? $"sending {read.MessagesPerHour} {read.MessagesPerDay} {read.RecipientsPerHour} {read.RecipientsPerDay} {read.HidesClient}" : null,
        112 => TrustedSlice.TryRead(ref reader, out var read) ? $"trusted {Address(read.Address)} {read.Prefix}" : null,
        131 => RouteSlice.TryRead(ref reader, out var read) ? $"route {read.Pattern} {read.Hop} {read.Destination} {read.Port}" : null,
        141 => ResolverSlice.TryRead(ref reader, out var read) ? $"resolver {Address(read.Address)} {read.Port} {read.IsTrusted}" : null,
        142 => OwnAddressSlice.TryRead(ref reader, out var read) ? $"own {Address(read.Address)}" : null,
        143 => TlsRuleSlice.TryRead(ref reader, out var read) ? $"tls {read.Pattern} {read.Need}" : null,
        144 => TlsReportSlice.TryRead(ref reader, out var read) ? $"reports {read.From} {Text(read.Organization)} {read.Contact}" : null,
        145 => LoginSlice.TryRead(ref reader, out var read) ? $"login {read.Host} {read.User} {read.PasswordFile} '{read.Certificate}' '{read.Key}'" : null,
        110 => SmtpdSlice.TryRead(ref reader, out var read) ? read.ToString() : null,
        130 => QueueSlice.TryRead(ref reader, out var read) ? read.ToString() : null,
        140 => RemoteSlice.TryRead(ref reader, out var read) ? read.ToString() : null,
        150 => LocalSlice.TryRead(ref reader, out var read) ? read.ToString() : null,
        160 => DeliverSlice.TryRead(ref reader, out var read) ? read.ToString() : null,
        180 => TlsSlice.TryRead(ref reader, out var read) ? $"tls {read.HostName} {read.AsksForCertificate}" : null,
        181 => CertificateSlice.TryRead(ref reader, out var read) ? $"certificate {read.Chain} {read.Key}" : null,
        190 => AuthSlice.TryRead(ref reader, out var read)
            ? $"auth {read.Folder} {read.Dovecot} {read.TokenIssuer} {read.TokenAudience} {read.TokenClaim} {read.TokenKeys} {read.TokenLeeway} {read.HostName} {read.NoticesFrom}".TrimEnd() : null,
        182 => IssuanceSlice.TryRead(ref reader, out var read) ? $"issuance {read.Folder} {read.Contact} {string.Join(',', read.Names)}" : null,
        200 => AcmeSlice.TryRead(ref reader, out var read) ? $"acme {read.Directory} {read.Authorities}" : null,
        170 => BounceSlice.TryRead(ref reader, out var read) ? $"bounce {read.HostName} {Text(read.Postmaster)}" : null,
        100 => SupervisorSlice.TryRead(ref reader, out var read)
            ? $"{read.State} {read.MailboxRoot} {read.MailboxUser} {read.SystemUsers} {string.Join(' ', read.Listeners.Select(one => $"{one.Name}={Convert.ToHexString(one.Address.Span)}{(one.IsForAcme ? "!" : "")}"))}"
            : null,
        _ => null,
    };

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static string Address(ReadOnlySpan<byte> bytes) => IpAddress.FromBytes(bytes).ToString();

    [Fact]
    public void Posternd_LearnsFoldersAndPorts() => Assert.Equal(
        [
            "/srv/postern /srv/mail vmail True [::]:25=0A000019000000000000000000000000000000000000000000000000"
            + " 192.0.2.1:24=02000018C00002010000000000000000 192.0.2.1:26=0200001AC00002010000000000000000 192.0.2.1:80=02000050C00002010000000000000000!",
        ],
        Frames(Slice(Of.Posternd)));

    [Fact]
    public void Smtpd_LearnsLimitsListenersAndTrust() => Assert.Equal(
        [
            new SmtpdSlice
            {
                HostName = "mx.example.org",
                MessageSize = 1_048_576,
                Recipients = 2,
                Connections = 30,
                ConnectionsPerClient = 4,
                CommandSeconds = 5,
                SessionSeconds = 6,
                OffersTls = true,
                MaxHoldSeconds = 30 * 86_400,
                Logins = LoginWays.Scram,
            }.ToString(),
            "sending 500 2000 2000 10000 False",
            // In the order of posternd's, which is that of the descriptors.
            "listen :: 25 Smtp",
            "listen 192.0.2.1 24 Lmtp",
            "listen 192.0.2.1 26 Smtp",
            "trusted 10.0.0.0 104",
            "trusted 2001:db8:: 32",
        ],
        Frames(Slice(Of.Smtpd)));

    [Fact]
    public void Tls_LearnsWhereKeysAre() => Assert.Equal(
        [
            "tls mx.example.org True",
            "certificate /etc/keys/ec.pem /etc/keys/ec.pem",
            "certificate /etc/keys/rsa.pem /etc/keys/rsa.key",
            "issuance /srv/postern/tls ann@example.org mx.example.org,mail.example.org",
        ],
        Frames(Slice(Of.Tls)));

    [Fact]
    public void Acme_LearnsItsAuthority_AndWhomToAsk() => Assert.Equal(
        ["acme https://ca.example/dir /srv/authorities.pem", "resolver 127.0.0.1 5353 True", "resolver ::1 53 True"], Frames(Slice(Of.Acme)));

    [Fact]
    public void WithoutAnAuthority_NothingIsToBeMade()
    {
        var slices = SliceSet.Cut(Reading.Good("[acme]\nlisten = \"192.0.2.1:80\"\n"));
        Assert.DoesNotContain('!', Assert.Single(Frames(slices[(int)Of.Posternd])));
        Assert.Equal(["tls mx.example.org False"], Frames(slices[(int)Of.Tls]));
        Assert.StartsWith("acme  /", Frames(slices[(int)Of.Acme])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Auth_LearnsItsFolder_AndWhomNoticesAreFrom()
    {
        Assert.Equal(["auth /srv/postern/auth      0 mx.example.org postmaster@example.org"], Frames(Slice(Of.Auth)));
        Assert.Equal(["auth /var/lib/postern/auth      0 mx.example.org"], Frames(SliceSet.Cut(Reading.Good("[logins]\nnotices = false\n"))[(int)Of.Auth]));
    }

    [Fact]
    public void Directory_LearnsNames() => Assert.Equal(
        [
            "directory mx.example.org True",
            "domain example.org",
            "domain mx.example.org",
            "mailbox alice@example.org",
            "mailbox bob@mx.example.org",
            "alias info@example.org alice@example.org",
            "alias info@example.org x@example.net",
            "alias @example.org bob",
            "alias abuse alice",
            "relayed example.org",
        ],
        Frames(Slice(Of.Directory)));

    [Fact]
    public void Queue_LearnsTimesAndRoutes() => Assert.Equal(
        [
            new QueueSlice
            {
                HostName = "mx.example.org",
                Folder = "/srv/postern/queue",
                MessageSize = 1_048_576 + 1_152 + 345,
                RetryFirstSeconds = 60,
                RetryMaxSeconds = 120,
                ExpireSeconds = 180,
                WarnAfterSeconds = 0,
                MaxPerDestination = 7,
                MaxRemote = 200,
                MaxLocal = 64,
                SegmentBytes = 64 << 20,
            }.ToString(),
            "domain example.org",
            "domain mx.example.org",
            $"route example.org {HopKind.Host} 10.0.0.1 2525",
            $"route * {HopKind.Host} smart.example 25",
            $"route *.l.example {HopKind.LmtpSocket} /run/lmtp 0",
            $"route m.example {HopKind.LmtpHost} ::1 24",
        ],
        Frames(Slice(Of.Queue)));

    [Fact]
    public void Remote_LearnsResolversAndItsOwnAddresses() => Assert.Equal(
        [
            new RemoteSlice
            {
                HostName = "mx.example.org", AllowPrivate = true, MaxConnections = 1000, IdleSeconds = 10,
                Folder = "/srv/postern/remote", Authorities = "/srv/authorities.pem", TlsHoldSeconds = 90, FollowsTlsOptional = true, HasLocalSockets = true,
            }.ToString(),
            "resolver 127.0.0.1 5353 True",
            "resolver ::1 53 True",
            // Once, and without the wildcard.
            "own 192.0.2.1",
            "tls * Required",
            "tls *.weak.example None",
            "tls strong.example Verified",
            "reports tls@example.org Bäckerei tls@example.org",
            "login smart.example us /etc/keys/password '' ''",
        ],
        Frames(Slice(Of.Remote)));

    [Theory]
    [InlineData("lmtp:/run/lmtp", true)]
    [InlineData("lmtp:mail.example:24", false)]
    [InlineData("mail.example", false)]
    public void Remote_LearnsWhetherARouteLeadsToASocket(string route, bool hasOne)
    {
        var read = Reading.Of($"hostname = \"mx.example.org\"\ndomains = []\n[routes]\n\"a.example\" = \"{route}\"\n").Configuration!;
        Assert.Contains($"HasLocalSockets = {hasOne}", Frames(SliceSet.Cut(read)[(int)Of.Remote])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Local_Deliver_AndBounce_LearnLittle()
    {
        Assert.Equal([new LocalSlice { HostName = "mx.example.org" }.ToString()], Frames(Slice(Of.Local)));
        Assert.Equal(
            [new DeliverSlice { HostName = "mx.example.org", Root = "/srv/mail", Postmaster = "/srv/postern/postmaster" }.ToString()],
            Frames(Slice(Of.Deliver)));
        Assert.Equal(["bounce mx.example.org postmaster@example.org"], Frames(Slice(Of.Bounce)));
    }

    [Fact]
    public void WithoutDomains_BouncesComeFromTheHost()
    {
        var read = Reading.Of("hostname = \"mx.example.org\"\ndomains = []\n").Configuration!;
        Assert.Equal(["bounce mx.example.org postmaster@mx.example.org"], Frames(SliceSet.Cut(read)[(int)Of.Bounce]));
    }

    [Fact]
    public void TheLongestOfEverything_FitsItsFrame()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 59), 3)) + ".example";
        var state = "/" + new string('s', 78);
        var root = "/" + new string('r', 89);
        var user = $"{new string('u', 64)}@{domain}";
        var socket = "/" + new string('k', 106);
        var longest = Reading.Of(
            $"""
            hostname = "{domain}"
            domains = []
            state = "{state}"
            [mailboxes]
            root = "{root}"
            user = "{new string('v', 32)}"
            users = ["{user}"]
            [aliases]
            "{new string('w', 64)}@{domain}" = "{new string('t', 64)}@{domain}"
            [routes]
            "*.{domain}" = "lmtp:{socket}"
            "{domain}" = "{domain}:65535"
            """);
        Assert.Empty(longest.Errors);
        foreach (var slice in SliceSet.Cut(longest.Configuration!))
        {
            Assert.NotEmpty(Frames(slice));
        }
    }
}
