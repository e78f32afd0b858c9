using System.Text;
using Postern.Deliver.Incoming;
using Postern.Ipc.Delivery;
using Postern.Posix;

namespace Postern.Deliver.Tests;

/// <summary>Messages that are too large to gather in memory.</summary>
public sealed class StreamingTests
{
    private static readonly byte[] _content = LargeContent();
    private static readonly string _lines = Encoding.Latin1.GetString(_content).Replace("\r\n", "\n", StringComparison.Ordinal);

    [Fact]
    public void LargeMessage_ArrivesWholeInEachMailbox()
    {
        using var desk = new DeskHarness();
        Send(desk, "u", "v", "w");
        Assert.Equal(["1 end", "1.0 Delivered 2.0.0", "1.1 Delivered 2.0.0", "1.2 Delivered 2.0.0"], desk.Heard.Order(StringComparer.Ordinal));
        foreach (var user in new[] { "u", "v", "w" })
        {
            AssertWhole(desk, user);
        }

        // Everything that was written was granted back, byte for byte as it was sent.
        Assert.Equal(_content.Length, desk.Granted);
    }

    [Theory]
    [InlineData(IncomingMessage.MaxGathered)]
    [InlineData(IncomingMessage.MaxGathered + 1)]
    public void MessageAtTheLimit_NeedsNoGrantToArrive(int size)
    {
        using var desk = new DeskHarness();
        desk.Start(1, size);
        desk.Recipient(1, 0);
        desk.Ready(1);
        desk.Stream(1, [.. Enumerable.Repeat((byte)'x', size)]);
        desk.AwaitEnd(1);
        Assert.Equal(["1.0 Delivered 2.0.0", "1 end"], desk.Heard);
        Assert.Equal(size + 47, desk.Read("root/a.test/u/new").Length);
    }

    [Fact]
    public void LargeMessageThatBeginsFolded_IsPartedFromTheFieldsOfEachMailbox()
    {
        // G9.
        using var desk = new DeskHarness();
        byte[] content = [.. Enumerable.Repeat((byte)' ', IncomingMessage.MaxGathered + 100_000)];
        Begin(desk, content.Length, "u", "v");
        desk.Stream(1, content);
        desk.AwaitEnd(1);
        foreach (var user in new[] { "u", "v" })
        {
            Assert.Equal(
                $"Return-Path: <s@f.test>\nDelivered-To: {user}@a.test\n\n" + new string(' ', content.Length), desk.Read($"root/a.test/{user}/new"));
        }

        Assert.Equal(content.Length, desk.Granted);
    }

    [Fact]
    public void MailboxThatCannotBeWritten_LeavesTheOthersTheirs()
    {
        using var desk = new DeskHarness();
        Directory.CreateDirectory(desk.Mailboxes.At("root/a.test"));
        File.WriteAllText(desk.Mailboxes.At("root/a.test/u"), "not a folder");
        File.WriteAllText(desk.Mailboxes.At("root/a.test/w"), "not a folder");
        Send(desk, "u", "v", "w");
        Assert.Equal(["1 end", "1.0 Temporary 4.3.5", "1.1 Delivered 2.0.0", "1.2 Temporary 4.3.5"], desk.Heard.Order(StringComparer.Ordinal));
        AssertWhole(desk, "v");
    }

    [Fact]
    public void NoMailboxAtAll_EndsAtOnce()
    {
        using var desk = new DeskHarness();
        File.WriteAllText(desk.Mailboxes.At("root/a.test"), "not a folder");
        Send(desk, "u", "v");
        Assert.Equal(["1.0 Temporary 4.3.5", "1.1 Temporary 4.3.5", "1 end"], desk.Heard);
    }

    [Fact]
    public void LoopOfTheFirstRecipient_IsNotTheOthers()
    {
        using var desk = new DeskHarness();
        Begin(desk, _content.Length, "loop", "v");
        desk.Stream(1, _content);
        desk.AwaitEnd(1);
        desk.AwaitQuiet();
        Assert.Equal(["1 end", "1.0 Permanent 5.4.6", "1.1 Delivered 2.0.0"], desk.Heard.Order(StringComparer.Ordinal));
        AssertWhole(desk, "v");
        Assert.Empty(desk.Mailboxes.Files("root/a.test/loop/new"));
        Assert.Empty(desk.Mailboxes.Files("root/a.test/loop/tmp"));
    }

    [Theory]
    [InlineData("Write", 2)]
    [InlineData("Write", 3)]
    [InlineData("Write", 6)]
    public void DiskThatFillsUp_LeavesNothing(string step, int number)
    {
        var count = 0;
        using var desk = new DeskHarness(new FailingCalls(Errno.NoSpace, (_, name) => name == step && ++count >= number));
        Send(desk, "u", "v");
        Assert.Equal(["1.0 Temporary 4.3.1", "1.1 Temporary 4.3.1", "1 end"], desk.Heard);
        desk.AwaitQuiet();
        AssertNothingLeft(desk, "u", "v");
    }

    [Theory]
    [InlineData("Sync")]
    [InlineData("Rename")]
    [InlineData("Read")]
    public void StepThatFailsLate_LeavesNothing(string step)
    {
        using var desk = new DeskHarness(new FailingCalls(Errno.InputOutput, (_, name) => name == step));
        Send(desk, "u", "v");
        desk.AwaitQuiet();
        // The source needs no reading; everything else fails for both.
        Assert.Equal(
            ["1 end", step == "Read" ? "1.0 Delivered 2.0.0" : "1.0 Temporary 4.3.0", "1.1 Temporary 4.3.0"],
            desk.Heard.Order(StringComparer.Ordinal));
        AssertNothingLeft(desk, "v");
        Assert.Empty(desk.Mailboxes.Files("root/a.test/u/tmp"));
    }

    [Fact]
    public void MessageThatIsCancelledHalfway_LeavesNothing()
    {
        using var desk = new DeskHarness();
        Begin(desk, _content.Length, "u", "v");
        desk.Content(1, _content.AsSpan(0, 65_536));
        desk.Await(() => desk.Granted == 65_536);
        desk.Local.Send(new DeliveryCancelFrame { Delivery = 1 });
        desk.Message(2, "x\r\n", "a.test/other");
        desk.AwaitEnd(2);
        desk.AwaitQuiet();
        Assert.DoesNotContain(desk.Heard, line => line.StartsWith('1'));
        AssertNothingLeft(desk, "u", "v");
    }

    [Fact]
    public void ChannelThatEndsHalfway_LeavesNothing()
    {
        using var desk = new DeskHarness();
        Begin(desk, _content.Length, "u");
        desk.Content(1, _content.AsSpan(0, 65_536));
        desk.Await(() => desk.Granted == 65_536);
        desk.Local.Dispose();
        desk.Await(() => desk.Desk.IsOver && !desk.Desk.IsBusy);
        AssertNothingLeft(desk, "u");
    }

    [Fact]
    public void MoreThanWasGranted_EndsTheChannel()
    {
        var release = new ManualResetEventSlim();
        using var desk = new DeskHarness(new FailingCalls(0, (_, step) =>
        {
            if (step == "Create")
            {
                release.Wait();
            }

            return false;
        }));
        Begin(desk, _content.Length, "u");
        // Nothing can be written yet, so nothing is granted; the window and one piece more are taken.
        for (var at = 0; at < 6 * 65_536; at += 65_536)
        {
            desk.Content(1, _content.AsSpan(at, 65_536));
        }

        desk.Await(() => desk.Ended);
        release.Set();
        desk.Await(() => desk.Desk.IsOver && !desk.Desk.IsBusy);
        AssertNothingLeft(desk, "u");
    }

    private static void Begin(DeskHarness desk, int size, params string[] users)
    {
        desk.Start(1, size);
        for (var i = 0; i < users.Length; i++)
        {
            desk.Recipient(1, (uint)i, "a.test/" + users[i], users[i] + "@a.test");
        }

        desk.Ready(1);
    }

    private static void Send(DeskHarness desk, params string[] users)
    {
        Begin(desk, _content.Length, users);
        desk.Stream(1, _content);
        desk.AwaitEnd(1);
    }

    private static void AssertWhole(DeskHarness desk, string user) =>
        Assert.Equal($"Return-Path: <s@f.test>\nDelivered-To: {user}@a.test\n{_lines}", desk.Read($"root/a.test/{user}/new"));

    private static void AssertNothingLeft(DeskHarness desk, params string[] users)
    {
        foreach (var user in users)
        {
            Assert.Empty(desk.Mailboxes.Files($"root/a.test/{user}/tmp"));
            Assert.Empty(desk.Mailboxes.Files($"root/a.test/{user}/new"));
        }
    }

    /// <summary>About 1.5 MB: line ends fall on every place within pieces, some between two.</summary>
    private static byte[] LargeContent()
    {
        var text = new StringBuilder("Delivered-To: loop@a.test\r\nSubject: large\r\n\r\n");
        for (var line = 0; text.Length < 1_500_000; line++)
        {
            text.Append(line).Append(' ').Append('x', line % 97).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
