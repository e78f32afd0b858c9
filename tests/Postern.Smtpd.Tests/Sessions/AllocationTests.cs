using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Smtpd.Listening;
using Postern.Smtpd.Settings;
using Postern.Smtpd.Tests.Harness;
using Postern.Text;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>What a busy smtpd allocates: nothing for a command, little for a message, however many sessions wait at once.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Sessions = 20;
    private const int WarmRounds = 10;
    private const int Rounds = 60;

    /// <summary>Sender, one recipient, transaction, content and decoder.</summary>
    private const int MaxPerMessage = 1024;

    /// <summary>The address, and the list's growth.</summary>
    private const int MaxPerRecipient = 192;

    private static readonly byte[] _buffer = new byte[4096];

    private readonly EventLoop _loop = new(new ManualTime());
    private readonly FrugalPeers _peers;
    private readonly Descriptor[] _clients = new Descriptor[Sessions];

    public AllocationTests()
    {
        _peers = new FrugalPeers(_loop);
        var slice = new SliceWriter();
        slice.Add(new SmtpdSlice
        {
            HostName = "mx.a.test",
            MessageSize = 1024 * 1024,
            Recipients = 1000,
            Connections = 1000,
            ConnectionsPerClient = 50,
            CommandSeconds = 300,
            SessionSeconds = 3600,
            OffersTls = false,
            MaxHoldSeconds = 0,
            Logins = LoginWays.Scram,
        });
        Assert.True(SmtpdSettings.TryRead(slice.Bytes, out var settings));
        var server = new SmtpServer(_loop, new EventLog("smtpd", _loop, static _ => true)) { Settings = settings! };
        server.Directory.Connect(_peers.Start());
        server.Queue.Connect(_peers.Start());
        for (var i = 0; i < Sessions; i++)
        {
            Socket.OpenPair(packets: false, out var ours, out var theirs);
            _clients[i] = ours!;
            server.Accept(theirs!, SocketAddress.Inet(IpAddress.Loopback4, 50_000), ServiceKind.Smtp);
        }

        Settle();
        foreach (var client in _clients) Assert.True(Socket.Receive(client.Number, _buffer).Value > 0);
        Ask("EHLO c.test\r\n"u8, '2');
    }

    [Fact]
    public void Commands_AllocateNothing()
    {
        long spent = 0;
        for (var round = 0; round < Rounds; round++)
        {
            SendMessage();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Ask("NOOP\r\n"u8, '2');
            Ask("VRFY u\r\n"u8, '2');
            Ask("RSET\r\n"u8, '2');
            Ask("HELP\r\n"u8, '2');
            spent += round < WarmRounds ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, spent);
    }

    [Fact]
    public void Message_AllocatesLittle()
    {
        long before = 0;
        for (var round = 0; round < Rounds; round++)
        {
            before = round == WarmRounds ? GC.GetAllocatedBytesForCurrentThread() : before;
            SendMessage();
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / ((Rounds - WarmRounds) * Sessions);
        Assert.Equal(Rounds * Sessions, _peers.Committed);
        Assert.InRange(each, 1, MaxPerMessage);
    }

    [Fact]
    public void Recipient_AllocatesItsAddress()
    {
        const int More = 50;
        long before = 0;
        for (var round = 0; round < Rounds; round++)
        {
            before = round == WarmRounds ? GC.GetAllocatedBytesForCurrentThread() : before;
            SendMessage(1 + More);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / ((Rounds - WarmRounds) * Sessions);
        Assert.InRange((each - MaxPerMessage) / More, 1, MaxPerRecipient);
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        Settle();
        _loop.Dispose();
    }

    private void SendMessage(int recipients = 1)
    {
        Ask("MAIL FROM:<sender@f.test>\r\n"u8, '2');
        for (; recipients > 0; recipients--) Ask("RCPT TO:<recipient@a.test>\r\n"u8, '2');
        Ask("DATA\r\n"u8, '3');
        Ask("Received: by another\r\nSubject: something\r\n\r\nAnd a line of text.\r\n.\r\n"u8, '2');
    }

    /// <summary>Every session sends the same at the same time, and gets a reply of this class.</summary>
    private void Ask(ReadOnlySpan<byte> text, char expected)
    {
        foreach (var client in _clients) Socket.Send(client.Number, text);
        Settle();
        foreach (var client in _clients)
        {
            if (Socket.Receive(client.Number, _buffer).Failed || _buffer[0] != expected)
            {
                Assert.Fail($"{System.Text.Encoding.ASCII.GetString(text)}: {System.Text.Encoding.ASCII.GetString(_buffer)}");
            }
        }
    }

    private void Settle()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
