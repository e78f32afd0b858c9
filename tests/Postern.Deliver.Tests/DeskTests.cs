using System.Text;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Posix;

namespace Postern.Deliver.Tests;

public sealed class DeskTests
{
    private const string Small = "Received: x\r\nSubject: t\r\n\r\nbody\r\n";

    [Fact]
    public void Message_IsDeliveredAndToldOf()
    {
        using var desk = new DeskHarness();
        desk.Message(1, Small);
        desk.AwaitEnd(1);
        Assert.Equal(["1.0 Delivered 2.0.0", "1 end"], desk.Heard);
        Assert.Equal(
            "Return-Path: <s@f.test>\nDelivered-To: u@a.test\nReceived: x\nSubject: t\n\nbody\n", desk.Read("root/a.test/u/new"));
    }

    [Fact]
    public void ManyMessages_AllArriveOnce()
    {
        using var desk = new DeskHarness();
        for (uint number = 1; number <= 200; number++)
        {
            desk.Message(number, $"Subject: {number}\r\n\r\n", $"a.test/u{number % 7}");
        }

        desk.AwaitEnd([.. Enumerable.Range(1, 200).Select(number => (uint)number)]);
        var subjects = Enumerable.Range(0, 7).SelectMany(user => desk.Mailboxes.Files($"root/a.test/u{user}/new")
            .Select(name => File.ReadAllLines(desk.Mailboxes.At($"root/a.test/u{user}/new/{name}"))[2]));
        Assert.Equal(
            Enumerable.Range(1, 200).Select(number => $"Subject: {number}").Order(StringComparer.Ordinal), subjects.Order(StringComparer.Ordinal));
        desk.AwaitQuiet();
    }

    [Fact]
    public void ContentCutAnywhere_IsTheSameMessage()
    {
        using var desk = new DeskHarness();
        var content = Encoding.ASCII.GetBytes("Subject: t\r\n\r\na\r\n\r\nb\r\n");
        for (var cut = 0; cut <= content.Length; cut++)
        {
            var number = (uint)cut + 1;
            desk.Start(number, content.Length);
            desk.Recipient(number, 0, $"a.test/u{cut}");
            desk.Ready(number);
            desk.Content(number, content.AsSpan(0, cut));
            desk.Content(number, content.AsSpan(cut));
            desk.End(number);
        }

        desk.AwaitEnd([.. Enumerable.Range(1, content.Length + 1).Select(number => (uint)number)]);
        for (var cut = 0; cut <= content.Length; cut++)
        {
            Assert.EndsWith("\nSubject: t\n\na\n\nb\n", desk.Read($"root/a.test/u{cut}/new"), StringComparison.Ordinal);
        }
    }

    [Theory]
    // G9: only a program of this host can hand in such content without a trace line on top, and it ends our fields, too.
    [InlineData(" forged\r\nx\r\n")]
    [InlineData("\t\r\n")]
    [InlineData(" ")]
    public void ContentThatBeginsFolded_IsPartedFromOurFields(string content)
    {
        using var desk = new DeskHarness();
        var bytes = Encoding.ASCII.GetBytes(content);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var number = (uint)cut + 1;
            desk.Start(number, bytes.Length);
            desk.Recipient(number, 0, $"a.test/u{cut}");
            desk.Ready(number);
            desk.Content(number, bytes.AsSpan(0, cut));
            desk.Content(number, bytes.AsSpan(cut));
            desk.End(number);
        }

        desk.AwaitEnd([.. Enumerable.Range(1, bytes.Length + 1).Select(number => (uint)number)]);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(
                "Return-Path: <s@f.test>\nDelivered-To: u@a.test\n\n" + content.Replace("\r\n", "\n", StringComparison.Ordinal),
                desk.Read($"root/a.test/u{cut}/new"));
        }
    }

    [Fact]
    public void NullSenderAndEmptyContent_AreDelivered()
    {
        using var desk = new DeskHarness();
        desk.Start(1, 0, sender: "");
        desk.Recipient(1, 0);
        desk.Ready(1);
        desk.End(1);
        desk.AwaitEnd(1);
        Assert.Equal("Return-Path: <>\nDelivered-To: u@a.test\n", desk.Read("root/a.test/u/new"));
    }

    [Fact]
    public void Recipients_EachGetACopyWithTheirOwnAddress()
    {
        using var desk = new DeskHarness();
        desk.Start(1, Small.Length);
        desk.Recipient(1, 5, "a.test/u", "u@a.test");
        desk.Recipient(1, 6, "a.test/v", "v+x@a.test");
        desk.Ready(1);
        desk.Content(1, Encoding.ASCII.GetBytes(Small));
        desk.End(1);
        desk.AwaitEnd(1);
        Assert.Equal(["1 end", "1.5 Delivered 2.0.0", "1.6 Delivered 2.0.0"], desk.Heard.Order(StringComparer.Ordinal));
        Assert.Contains("Delivered-To: u@a.test\nReceived: x\n", desk.Read("root/a.test/u/new"), StringComparison.Ordinal);
        Assert.Contains("Delivered-To: v+x@a.test\nReceived: x\n", desk.Read("root/a.test/v/new"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delivered-To: u@a.test\r\n\r\n", "Permanent 5.4.6")]
    [InlineData("X: y\r\ndelivered-to:U@A.test \r\n\r\n", "Permanent 5.4.6")]
    [InlineData("Delivered-To: u@a.test", "Permanent 5.4.6")]
    // Another mailbox's, and one in the body: no loop.
    [InlineData("Delivered-To: v@a.test\r\n\r\n", "Delivered 2.0.0")]
    [InlineData("X: y\r\n\r\nDelivered-To: u@a.test\r\n", "Delivered 2.0.0")]
    public void MessageThatWasHereBefore_IsALoop(string content, string result)
    {
        using var desk = new DeskHarness();
        desk.Message(1, content);
        desk.AwaitEnd(1);
        Assert.Equal([$"1.0 {result}", "1 end"], desk.Heard);
        Assert.Equal(result.StartsWith('D') ? 1 : 0, desk.Mailboxes.Files("root/a.test/u/new").Length);
    }

    [Fact]
    public void LoopOfOneRecipient_IsNotTheOthers()
    {
        using var desk = new DeskHarness();
        const string Content = "Delivered-To: u@a.test\r\n\r\n";
        desk.Start(1, Content.Length);
        desk.Recipient(1, 0, "a.test/u", "u@a.test");
        desk.Recipient(1, 1, "a.test/v", "v@a.test");
        desk.Ready(1);
        desk.Content(1, Encoding.ASCII.GetBytes(Content));
        desk.End(1);
        desk.AwaitEnd(1);
        Assert.Equal(["1 end", "1.0 Permanent 5.4.6", "1.1 Delivered 2.0.0"], desk.Heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RefusalOfTheDisk_IsTold()
    {
        using var desk = new DeskHarness(new FailingCalls(Errno.QuotaExceeded, (_, step) => step == "Write"));
        desk.Message(1, Small);
        desk.AwaitEnd(1);
        Assert.Equal(["1.0 Temporary 4.2.2", "1 end"], desk.Heard);
        Assert.Empty(desk.Mailboxes.Files("root/a.test/u/tmp"));
    }

    [Fact]
    public void CancelledMessage_IsForgotten()
    {
        using var desk = new DeskHarness();
        desk.Start(1, Small.Length);
        desk.Recipient(1, 0);
        desk.Ready(1);
        desk.Content(1, "Rec"u8);
        desk.Local.Send(new DeliveryCancelFrame { Delivery = 1 });
        // What was under way meanwhile is not hostile.
        desk.Content(1, "eived"u8);
        desk.End(1);
        desk.Local.Send(new DeliveryCancelFrame { Delivery = 1 });
        desk.Message(2, Small);
        desk.AwaitEnd(2);
        Assert.Equal(["2.0 Delivered 2.0.0", "2 end"], desk.Heard);
    }

    [Fact]
    public void EndOfTheChannel_EndsTheDesk()
    {
        using var desk = new DeskHarness();
        desk.Start(1, Small.Length);
        desk.Recipient(1, 0);
        desk.Ready(1);
        desk.Await(() => desk.Desk.IsBusy);
        desk.Local.Dispose();
        desk.Await(() => desk.Desk.IsOver && !desk.Desk.IsBusy);
        Assert.Empty(desk.Mailboxes.Files("root"));
    }

    private static readonly Dictionary<string, Action<DeskHarness>> _nonsense = new()
    {
        { "content beyond the announced size", desk => { Begin(desk, 1); desk.Content(1, "123"u8); } },
        { "an end before the announced size", desk => { Begin(desk, 1); desk.Content(1, "1"u8); desk.End(1); } },
        { "content before all recipients", desk => { desk.Start(1, 2); desk.Recipient(1, 0); desk.Content(1, "1"u8); } },
        { "no recipient", desk => { desk.Start(1, 2); desk.Ready(1); } },
        { "a recipient after all", desk => { Begin(desk, 1); desk.Recipient(1, 1); } },
        { "a recipient twice", desk => { desk.Start(1, 2); desk.Recipient(1, 0); desk.Recipient(1, 0); } },
        { "a recipient of nothing", desk => desk.Recipient(1, 0) },
        { "readiness of nothing", desk => desk.Ready(1) },
        { "readiness twice", desk => { Begin(desk, 1); desk.Ready(1); } },
        { "a number twice", desk => { desk.Start(1, 2); desk.Start(1, 2); } },
        { "a folder that leads away", desk => { desk.Start(1, 2); desk.Recipient(1, 0, "../u"); } },
        { "an address with a line end", desk => { desk.Start(1, 2); desk.Recipient(1, 0, "a.test/u", "u\nX: y"); } },
        { "no address", desk => { desk.Start(1, 2); desk.Recipient(1, 0, "a.test/u", ""); } },
        { "a sender with a line end", desk => desk.Start(1, 2, "s\r\nBcc: x") },
        { "a frame of somebody else", desk => desk.Local.Send(new DeliveryEndFrame { Delivery = 1 }) },
        { "a question", desk => desk.Local.Send(new MeaningQuestionFrame { Question = 1, Address = "u@a.test"u8, Final = false }) },
        { "too many recipients", desk =>
            {
                desk.Start(1, 2);
                for (uint number = 0; number <= 100; number++)
                {
                    desk.Recipient(1, number);
                }
            }
        },
    };

    public static TheoryData<string> Nonsense => [.. _nonsense.Keys];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void NonsenseFromLocal_EndsTheChannel(string what)
    {
        using var desk = new DeskHarness();
        _nonsense[what](desk);
        desk.Await(() => desk.Ended);
        desk.Await(() => desk.Desk.IsOver && !desk.Desk.IsBusy);
        Assert.Empty(desk.Heard);
        Assert.Empty(desk.Mailboxes.Files("root"));
    }

    private static void Begin(DeskHarness desk, uint number)
    {
        desk.Start(number, 2);
        desk.Recipient(number, 0);
        desk.Ready(number);
    }
}
