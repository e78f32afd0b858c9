using System.Text;
using Postern.Dns;
using Postern.Dns.Exchangers;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Remote.Attempts;
using Postern.Remote.Hops;
using Postern.Remote.Logins;
using Postern.Remote.Protection;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Session;
using Postern.Role;
using Postern.Role.Logging;
using Postern.Text;
using Postern.Tls.Native;
using Postern.Tls.Sessions;

namespace Postern.Remote.Tests.Harness;

/// <summary>What remote said of one recipient.</summary>
internal sealed record Said(DeliveryOutcome Outcome, FaultOf Fault, uint Status, string Host, string Text);

/// <summary>Everything of remote but its process: a queue's end of the channel, a loop turned by hand, a clock that stands.</summary>
internal sealed class RemoteUnderTest : IChannelEvents, IDisposable
{
    private readonly DeliveryRunner _runner;
    private readonly string? _authorities;
    private readonly LoginBook _logins;
    private readonly Channel _queue;
    private readonly QueueLink _link;
    private readonly Dictionary<uint, Dictionary<uint, Said>> _results = [];
    private readonly HashSet<uint> _ended = [];
    private readonly Dictionary<uint, (HopKind Hop, int Recipients)> _begun = [];
    private readonly Dictionary<uint, (byte[] Content, int Sent, long Credit)> _contents = [];
    private uint _next;

    static RemoteUnderTest() => Assert.Null(OpenSsl.Open());

    /// <param name="names">What name servers say.</param>
    /// <param name="policy">Which addresses are connected to.</param>
    /// <param name="rules">Asks for TLS, as "domain need"; null leaves connections within this host in the clear.</param>
    /// <param name="authorities">The file of authorities.</param>
    /// <param name="logins">How to log in.</param>
    internal RemoteUnderTest(TableResolver? names = null, AddressPolicy? policy = null, string[]? rules = null, string? authorities = null, params LoginSlice[] logins)
    {
        names ??= new TableResolver();
        var needs = new RouteTable<TlsNeed>();
        foreach (var rule in rules ?? [])
        {
            Assert.True(needs.TryAdd(Encoding.ASCII.GetBytes(rule.Split(' ')[0]), Enum.Parse<TlsNeed>(rule.Split(' ')[1])));
        }

        _authorities = authorities;
        Loop = new EventLoop(Clock);
        var log = EventLog = new EventLog("remote", Loop, Log);
        Pool = new SessionPool(Loop) { MaxSessions = 10, IdleTime = TimeSpan.FromSeconds(30) };
        Fetch = new TablePolicies();
        Policies = new StsBook(names, Fetch, Clock, log) { Changed = () => PoliciesChanged++ };
        Memory = new TlsMemory(Clock, log) { Changed = () => MemoryChanged++ };
        var exchangers = new MailExchangers(names, new SystemRandomSource(), OwnIdentity.None);
        _runner = new DeliveryRunner(Loop, log, Pool)
        {
            HostName = "mail.example.org"u8.ToArray(),
            Planner = new ProtectionPlanner(names, needs, Policies, Memory)
            {
                CoversLoopback = rules is not null,
                Logins = _logins = new LoginBook(logins, authorities ?? string.Empty, Clock, log),
                Counts = Counts,
            },
            Counts = Counts,
            Tls = new TlsClient(authorities),
            Resolver = new HopResolver(exchangers, policy ?? new AddressPolicy(false, new HashSet<IpAddress>())),
        };
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        _link = new QueueLink(Loop, log, _runner, () => { });
        _link.Open(first!, new StandingLinks(Loop, log, code => EndCode = code));
        _queue = new Channel(Loop, second!, this);
    }

    internal ManualClock Clock { get; } = new();

    /// <summary>What the program ended with; null while it runs.</summary>
    internal int? EndCode { get; private set; }

    internal EventLoop Loop { get; }

    /// <summary>What web servers give.</summary>
    internal TablePolicies Fetch { get; }

    internal StsBook Policies { get; }

    /// <summary>What sessions were counted for.</summary>
    internal RecordedCounts Counts { get; } = new();

    /// <summary>Carries attempts through.</summary>
    internal DeliveryRunner Runner => _runner;

    /// <summary>Whether messages may do with less than policies ask for.</summary>
    internal bool FollowsTlsOptional
    {
        init => _runner.Planner!.FollowsTlsOptional = value;
    }

    /// <summary>Who had TLS.</summary>
    internal TlsMemory Memory { get; }

    /// <summary>How often that was to be written down.</summary>
    internal int MemoryChanged { get; private set; }

    internal EventLog EventLog { get; }

    /// <summary>How often there was something to write down.</summary>
    internal int PoliciesChanged { get; private set; }

    internal SessionPool Pool { get; }

    internal StringBuilder Logged { get; } = new();

    internal bool IsChannelClosed { get; private set; }

    /// <summary>The most content that was under way for one message.</summary>
    internal long CreditGranted { get; private set; }

    public void Dispose()
    {
        _link.Dispose();
        _queue.Dispose();
        Loop.Dispose();
        _runner.Tls?.Dispose();
        _logins.Dispose();
    }

    /// <summary>Takes up a configuration, as the program does.</summary>
    internal void Reload()
    {
        Pool.CloseIdle();
        _runner.Tls!.Dispose();
        _runner.Tls = new TlsClient(_authorities);
    }

    /// <summary>Begins an attempt; recipients may carry NOTIFY=SUCCESS as a "+" in front.</summary>
    internal uint Begin(Hop hop, string content, params string[] recipients) => Begin(hop, new QueuedMail { Content = content }, recipients);

    internal uint Begin(Hop hop, QueuedMail mail, params string[] recipients)
    {
        var number = ++_next;
        var content = Encoding.Latin1.GetBytes(mail.Content);
        _queue.Send(new DeliveryStartFrame
        {
            Delivery = number,
            Message = number,
            Hop = hop.Kind,
            Destination = Encoding.Latin1.GetBytes(hop.Destination),
            Port = hop.Port,
            Sender = Encoding.UTF8.GetBytes(mail.Sender),
            EnvelopeId = Encoding.ASCII.GetBytes(mail.EnvelopeId),
            Return = mail.Return,
            Body = mail.Body,
            Handling = mail.Handling,
            Size = (ulong)content.Length,
        });
        for (uint i = 0; i < recipients.Length; i++)
        {
            var wantsSuccess = recipients[i].StartsWith('+');
            _queue.Send(new DeliveryRecipientFrame
            {
                Delivery = number,
                Recipient = i,
                Address = Encoding.UTF8.GetBytes(recipients[i].TrimStart('+')),
                Original = wantsSuccess ? "rfc822;first@example.net"u8 : Encoding.ASCII.GetBytes(mail.Original),
                Notify = (ushort)(wantsSuccess ? NotifyOn.Success : mail.Notify),
                Final = false,
            });
        }

        _queue.Send(new DeliveryReadyFrame { Delivery = number });
        _begun[number] = (hop.Kind, recipients.Length);
        _results[number] = [];
        _contents[number] = (content, 0, FrameLimits.ContentWindow);
        if (content.Length == 0)
        {
            _queue.Send(new ContentEndFrame { Transaction = number });
        }

        SendContent(number);
        return number;
    }

    /// <summary>Sends a frame as a queue might that has gone wrong.</summary>
    internal void Send<T>(scoped in T frame)
        where T : IFrame<T>, allows ref struct => _queue.Send(frame);

    /// <summary>The queue's end closes.</summary>
    internal void CloseQueue() => _queue.Dispose();

    internal void Cancel(uint number) => _queue.Send(new DeliveryCancelFrame { Delivery = number });

    /// <summary>Turns until the attempt is over; its results in the order of the recipients.</summary>
    internal Said[] Results(uint number)
    {
        TurnUntil(() => _ended.Contains(number));
        return [.. _results[number].OrderBy(pair => pair.Key).Select(pair => pair.Value)];
    }

    internal Said[] Deliver(Hop hop, string content, params string[] recipients) => Results(Begin(hop, content, recipients));

    internal Said[] Deliver(Hop hop, QueuedMail mail, params string[] recipients) => Results(Begin(hop, mail, recipients));

    internal bool HasEnded(uint number) => _ended.Contains(number);

    internal void TurnUntil(Func<bool> condition)
    {
        for (var turns = 0; !condition(); turns++)
        {
            Assert.True(turns < 300_000, "nothing happens any more");
            Loop.RunTurn(wait: false);
        }
    }

    /// <summary>The mail exchangers that were told, one entry per attempt that looked them up.</summary>
    internal List<string> Exchangers { get; } = [];

    /// <summary>Turns often enough for whatever is on its way to arrive.</summary>
    internal void Settle()
    {
        for (var quiet = 0; quiet < 200; quiet++)
        {
            quiet = Loop.RunTurn(wait: false) ? 0 : quiet;
        }
    }

    // As the queue judges it, which takes a remote for hostile that says anything else: whatever a test is about, one result for
    // each recipient, then the end, then nothing; exchangers only before it, and only of a domain that was looked up.
    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == RecipientResultFrame.Type)
        {
            Assert.True(RecipientResultFrame.TryRead(ref reader, out var result));
            Assert.DoesNotContain(result.Delivery, _ended);
            Assert.NotEqual(DeliveryOutcome.Expanded, result.Outcome);
            Assert.InRange(result.Recipient, 0u, (uint)_begun[result.Delivery].Recipients - 1);
            // A host is named for its own reply, and for nothing that we say.
            Assert.Equal(result.Text.Length >= 3 && !result.Text[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'), !result.Host.IsEmpty);
            _results[result.Delivery].Add(result.Recipient, new Said(
                result.Outcome, result.Fault, result.Status, Encoding.ASCII.GetString(result.Host), Encoding.ASCII.GetString(result.Text)));
            return true;
        }

        if (type == CreditFrame.Type)
        {
            Assert.True(CreditFrame.TryRead(ref reader, out var credit));
            CreditGranted += credit.Bytes;
            _contents[credit.Transaction] = _contents[credit.Transaction] with { Credit = _contents[credit.Transaction].Credit + credit.Bytes };
            SendContent(credit.Transaction);
            return true;
        }

        if (type == ExchangersFrame.Type)
        {
            Assert.True(ExchangersFrame.TryRead(ref reader, out var told));
            Assert.DoesNotContain(told.Delivery, _ended);
            Assert.Equal(HopKind.Exchangers, _begun[told.Delivery].Hop);
            Assert.False(told.Exchangers.IsEmpty);
            Exchangers.Add(Encoding.ASCII.GetString(told.Exchangers));
            return true;
        }

        Assert.Equal(DeliveryEndFrame.Type, type);
        Assert.True(DeliveryEndFrame.TryRead(ref reader, out var end));
        Assert.True(_ended.Add(end.Delivery));
        Assert.Equal(_begun[end.Delivery].Recipients, _results[end.Delivery].Count);
        return true;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile) => IsChannelClosed = true;

    private void SendContent(uint number)
    {
        var (content, sent, credit) = _contents[number];
        while (credit > 0 && sent < content.Length)
        {
            var piece = Math.Min(FrameLimits.MaxContent, content.Length - sent);
            _queue.Send(new ContentFrame { Transaction = number, Bytes = content.AsSpan(sent, piece) });
            sent += piece;
            credit -= piece;
            if (sent == content.Length)
            {
                _queue.Send(new ContentEndFrame { Transaction = number });
            }
        }

        _contents[number] = (content, sent, credit);
    }

    private bool Log(ReadOnlySpan<byte> lines)
    {
        Logged.Append(Encoding.ASCII.GetString(lines));
        return true;
    }
}
