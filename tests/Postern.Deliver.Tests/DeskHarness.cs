using System.Globalization;
using System.Text;
using Postern.Deliver.Disk;
using Postern.Deliver.Incoming;
using Postern.Deliver.Maildir;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Role.Logging;

namespace Postern.Deliver.Tests;

/// <summary>A desk with real threads and a real disk, and the side of <c>local</c> in the test's hands.</summary>
internal sealed class DeskHarness : IDisposable, IChannelEvents
{
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly DiskWorkers _workers;
    private readonly LoopTimer _guard;

    internal DeskHarness(MaildirCalls? calls = null)
    {
        Mailboxes = new Mailboxes(calls);
        _workers = new DiskWorkers(_loop, Mailboxes.Access);
        Desk = new MessageDesk(_loop, new EventLog("deliver", _loop), _workers, () => { });
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        Desk.Serve(theirs!);
        Local = new Channel(_loop, ours!, this);
        // Only so that a broken program fails a test and does not hang it.
        _guard = _loop.CreateTimer(() => throw new InvalidOperationException("nothing happened for a minute"));
    }

    internal Mailboxes Mailboxes { get; }

    internal MessageDesk Desk { get; }

    internal Channel Local { get; }

    /// <summary>Results and ends in the order in which they came: "1.0 Delivered 2.0.0", "1 end".</summary>
    internal List<string> Heard { get; } = [];

    /// <summary>Content bytes granted in all.</summary>
    internal long Granted { get; private set; }

    internal bool Ended { get; private set; }

    public void Dispose()
    {
        _workers.Dispose();
        _loop.Dispose();
        Mailboxes.Dispose();
    }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == RecipientResultFrame.Type && RecipientResultFrame.TryRead(ref reader, out var result))
        {
            var status = string.Create(
                CultureInfo.InvariantCulture, $"{result.Status / 1_000_000}.{result.Status / 1000 % 1000}.{result.Status % 1000}");
            Heard.Add($"{result.Delivery}.{result.Recipient} {result.Outcome} {status}");
        }
        else if (type == DeliveryEndFrame.Type && DeliveryEndFrame.TryRead(ref reader, out var end))
        {
            Heard.Add($"{end.Delivery} end");
        }
        else if (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit))
        {
            Granted += credit.Bytes;
        }
        else
        {
            return false;
        }

        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Ended = true;

    internal void Start(uint number, long size, string sender = "s@f.test") => Local.Send(new DeliveryStartFrame
    {
        Delivery = number,
        Message = 77,
        Hop = HopKind.Local,
        Destination = [],
        Port = 0,
        Sender = Encoding.Latin1.GetBytes(sender),
        EnvelopeId = [],
        Return = ReturnContent.Unspecified,
        Body = BodyType.SevenBit,
        Handling = Handling.None,
        Size = (ulong)size,
    });

    internal void Recipient(uint number, uint recipient, string folder = "a.test/u", string address = "u@a.test") =>
        Local.Send(new MailboxRecipientFrame
        {
            Delivery = number,
            Recipient = recipient,
            Kind = MailboxKind.Virtual,
            Folder = Encoding.Latin1.GetBytes(folder),
            Address = Encoding.Latin1.GetBytes(address),
        });

    internal void Ready(uint number) => Local.Send(new DeliveryReadyFrame { Delivery = number });

    internal void Content(uint number, ReadOnlySpan<byte> piece) => Local.Send(new ContentFrame { Transaction = number, Bytes = piece });

    internal void End(uint number) => Local.Send(new ContentEndFrame { Transaction = number });

    /// <summary>Sends a whole small message for one mailbox.</summary>
    internal void Message(uint number, string content, string folder = "a.test/u", string address = "u@a.test")
    {
        Start(number, content.Length);
        Recipient(number, 0, folder, address);
        Ready(number);
        Content(number, Encoding.Latin1.GetBytes(content));
        End(number);
    }

    /// <summary>Sends content as far as the grants allow, waiting for more.</summary>
    internal void Stream(uint number, byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            var start = at;
            Await(() => start < FrameLimits.ContentWindow + Granted || Heard.Contains($"{number} end") || Ended);
            var length = (int)Math.Min(Math.Min(FrameLimits.MaxContent, content.Length - at), FrameLimits.ContentWindow + Granted - at);
            if (length <= 0)
            {
                return;
            }

            Content(number, content.AsSpan(at, length));
            at += length;
        }

        End(number);
    }

    /// <summary>Turns the loop until something is so.</summary>
    internal void Await(Func<bool> condition)
    {
        _guard.Set(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            _loop.RunTurn(wait: true);
        }

        _guard.Unset();
    }

    internal void AwaitEnd(params uint[] numbers) => Await(() => numbers.All(number => Heard.Contains($"{number} end")));

    internal void AwaitQuiet() => Await(() => !Desk.IsBusy);

    internal string Read(string folder) =>
        File.ReadAllText(Mailboxes.At($"{folder}/{Assert.Single(Mailboxes.Files(folder))}"), Encoding.Latin1);
}
