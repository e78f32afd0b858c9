using System.Text;
using Postern.Auth.Desk;
using Postern.Auth.Notices;
using Postern.Auth.Sources;
using Postern.Auth.Store;
using Postern.Ipc;
using Postern.Ipc.Logins;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Sasl;
using Postern.Sasl.Tests;
using Postern.Text;

namespace Postern.Auth.Tests.Harness;

/// <summary>The desk with a folder of its own and smtpd's end of its channel, on a loop that a test turns.</summary>
internal sealed class AuthHouse : IChannelEvents, IDisposable
{
    public const string Home = "192.0.2.7";

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private Channel? _smtpd;
    private uint _last;

    public AuthHouse(params (string Name, string Label, string Password)[] accounts)
    {
        Folder = Directory.CreateTempSubdirectory("pa").FullName;
        _loop = new EventLoop(Clock);
        _log = new EventLog("auth", _loop, line => Log.Append(Encoding.ASCII.GetString(line)) is not null);
        Vouchers = new VoucherLine(_log);
        Assert.True(DomainName.TryParse("mx.a.test", out var host));
        Assert.True(Mailbox.TryParse("postmaster@a.test", out var from));
        Notices = new NoticeLine(Clock, _log) { Origin = new NoticeOrigin(host, from) };
        if (accounts.Length > 0) Put(accounts);
        Open();
    }

    public string Folder { get; }

    public ManualClock Clock { get; } = new();

    public StringBuilder Log { get; } = new();

    public LoginBook Book { get; private set; } = null!;

    public VoucherLine Vouchers { get; private set; } = null!;

    public NoticeLine Notices { get; }

    /// <summary>The file of the keys that tokens are signed with, from the next <see cref="Open"/> on; null for none.</summary>
    public string? TokenKeys { get; set; }

    public TokenRules Rules { get; } = new("https://id.test", "mail.a.test", "email");

    /// <summary>Who judges passwords, from the next <see cref="Open"/> on; null when the accounts do.</summary>
    public IPasswordSource? Passwords { get; set; }

    public EventLoop Loop => _loop;

    public EventLog EventLog => _log;

    /// <summary>What smtpd says that tls says of the certificate of each client that begins.</summary>
    public byte[]? Voucher { get; set; }

    public LoginMeans Means { get; private set; } = null!;

    public LoginDesk Desk { get; private set; } = null!;

    /// <summary>What came back, an entry a frame: "exchange challenge TEXT" or "exchange VERDICT name".</summary>
    public List<string> Answers { get; } = [];

    public bool IsClosed => _smtpd!.IsClosed;

    public string AccountsPath => Path.Join(Folder, "accounts");

    /// <summary>Writes the file of accounts as "postern user" does: whole, and in the place of the old.</summary>
    public void Put(params (string Name, string Label, string Password)[] accounts) => Replace(FileOf(accounts));

    /// <summary>The file of accounts.</summary>
    public static byte[] FileOf(params (string Name, string Label, string Password)[] accounts)
    {
        var made = accounts.GroupBy(account => account.Name).Select(group =>
        {
            var salt = ScramSalt.Create(RandomBytes.Take(ScramSalt.SaltLength));
            return new Account(group.Key, salt, [.. group.Select(one => new AccountPassword(one.Label, ScramVerifier.Create(salt, Encoding.UTF8.GetBytes(one.Password))))]);
        });
        return AccountFile.Write(made);
    }

    /// <summary>The same of certificates.</summary>
    public void PutCertificates(params (string Name, byte[] Fingerprint)[] certificates) =>
        PutCertificates(CertificateFile.Write(certificates.Select(one => new UserCertificate(one.Name, Convert.ToHexStringLower(one.Fingerprint)))));

    public void PutCertificates(byte[] text)
    {
        var path = Path.Join(Folder, "certificates");
        File.WriteAllBytes(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Replace(byte[] text)
    {
        File.WriteAllBytes(AccountsPath + ".new", text);
        File.Move(AccountsPath + ".new", AccountsPath, overwrite: true);
    }

    /// <summary>Starts the program anew, with what is in its folder.</summary>
    public void Open()
    {
        _smtpd?.Dispose();
        Settle();
        Book?.Dispose();
        Assert.True(DirectoryHandle.Open(Folder, out var folder).Ok);
        Book = LoginBook.Open(folder!, Clock, _log);
        Book.NewPlace = Notices.Tell;
        Means = new LoginMeans(Book, Vouchers, Clock) { Tokens = TokenKeys is null ? null : TokenStore.Open(TokenKeys, Rules, Clock, _log, out _), Passwords = Passwords };
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        Desk = Serve(theirs!);
        _smtpd = new Channel(_loop, ours!, this);
    }

    /// <summary>Connects a queue.</summary>
    public QueueEnd StartQueue(QueueCondition condition = QueueCondition.Accepting)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        Notices.Connect(new Channel(_loop, theirs!, Notices));
        var queue = new QueueEnd(_loop, ours!);
        queue.Tell(condition);
        Settle();
        return queue;
    }

    /// <summary>Serves a channel; the other end is the test's.</summary>
    public LoginDesk Serve(Descriptor theirs)
    {
        var desk = new LoginDesk(Means, _log);
        desk.Channel = new Channel(_loop, theirs, desk) { MaxUnsent = LoginDesk.MaxUnsent };
        return desk;
    }

    /// <summary>Begins an exchange; returns its number.</summary>
    public uint Begin(SaslMechanism mechanism, bool hasMessage = true, string from = Home, byte[]? exporter = null, byte[]? endPoint = null, uint? number = null)
    {
        var client = new byte[IpAddress.Size];
        Assert.True(IpAddress.TryParse(from, out var address));
        address.CopyTo(client);
        _smtpd!.Send(new LoginStartFrame
        {
            Exchange = number ?? ++_last,
            Service = ServiceKind.Submission,
            Client = client,
            Mechanism = Encoding.ASCII.GetBytes(SaslMechanismNames.Of(mechanism)),
            HasMessage = hasMessage,
            Exporter = exporter,
            EndPoint = endPoint,
            Voucher = Voucher,
        });
        Settle();
        return number ?? _last;
    }

    /// <summary>Says something in an exchange; returns what came back.</summary>
    public string Say(uint exchange, string message)
    {
        var before = Answers.Count;
        _smtpd!.Send(new LoginMessageFrame { Exchange = exchange, Message = Encoding.Latin1.GetBytes(message) });
        Settle();
        return string.Join(" | ", Answers.Skip(before));
    }

    /// <summary>Logs in by PLAIN; returns the verdict.</summary>
    public string LogIn(string name, string password, string from = Home)
    {
        var exchange = Begin(SaslMechanism.Plain, from: from);
        return Say(exchange, $"\0{name}\0{password}")[$"{exchange} ".Length..];
    }

    /// <summary>A login as it is kept.</summary>
    public LoginRecord LoginOf(string name, string from)
    {
        Assert.True(IpAddress.TryParse(from, out var address));
        return new LoginRecord
        {
            Time = Clock.GetUtcNow(),
            Outcome = LoginOutcome.LoggedIn,
            Service = "submission",
            Mechanism = SaslMechanism.Plain,
            Address = address,
            Name = name,
        };
    }

    /// <summary>Gives tls's key, as tls does at its start; returns tls's end of the line.</summary>
    public Channel GiveKey(byte[] key)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        _ = new Channel(_loop, theirs!, Vouchers);
        var tls = new Channel(_loop, ours!, this);
        tls.Send(new VoucherKeyFrame { Key = key });
        Settle();
        return tls;
    }

    public void End(uint exchange)
    {
        _smtpd!.Send(new LoginEndFrame { Exchange = exchange });
        Settle();
    }

    public void Settle()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == LoginChallengeFrame.Type && LoginChallengeFrame.TryRead(ref reader, out var challenge))
        {
            Answers.Add($"{challenge.Exchange} challenge {Encoding.Latin1.GetString(challenge.Challenge)}");
            return true;
        }

        Assert.True(type == LoginResultFrame.Type);
        Assert.True(LoginResultFrame.TryRead(ref reader, out var result));
        Answers.Add($"{result.Exchange} {result.Verdict} {Encoding.UTF8.GetString(result.Name)}".TrimEnd());
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);

    public void Dispose()
    {
        _smtpd?.Dispose();
        Settle();
        Book.Dispose();
        _loop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
