using CsCheck;
using Postern.TestKit;

namespace Postern.Mail.Tests.Trace;

/// <summary>What is seen of a header as it passes by, however it is cut (cases G1, G6).</summary>
public class HeaderScannerTests
{
    private sealed record Seen(int Received, bool Loop, bool Date, bool MessageId, bool From, bool Ended, long Length);

    private static Seen Run(IReadOnlyList<byte[]> pieces, bool finish, string? deliveredTo = "u@a.test")
    {
        Mailbox? mailbox = null;
        if (deliveredTo is not null) Assert.True(Mailbox.TryParse(deliveredTo, out mailbox));
        var scanner = new HeaderScanner(mailbox);
        foreach (byte[] piece in pieces) scanner.Feed(piece);
        if (finish) scanner.Finish();
        return new Seen(
            scanner.ReceivedCount, scanner.WasDeliveredBefore, scanner.HasDate, scanner.HasMessageId, scanner.HasFrom, scanner.Ended, scanner.HeaderLength);
    }

    private static Seen EverySplit(string content, bool finish = true) =>
        SplitDriver.EverySplit(Latin.Bytes(content), pieces => Run(pieces, finish));

    [Fact]
    public void WholeHeader_IsSeenUpToTheEmptyLine()
    {
        const string header = "Received: by x\r\n\tid 1; date\r\nRECEIVED : by y\r\nDate: today\r\nMessage-Id: <1@x>\r\nFrom: a@b\r\nDelivered-To: U@A.test \r\n\r\n";
        var expected = new Seen(2, true, true, true, true, true, header.Length);
        Assert.Equal(expected, EverySplit(header));
        Assert.Equal(expected, EverySplit(header, finish: false));
        Assert.Equal(expected, EverySplit(header + "Received: in the body\r\nDate: x\r\n\r\n"));
    }

    [Theory]
    [InlineData("TLS-Required: No\r\n\r\n", true)]
    [InlineData("tls-required :nO\t\r\n\r\n", true)]
    [InlineData("Subject: x\r\nTLS-Required: No", true)]
    [InlineData("TLS-Required: Yes\r\n\r\n", false)]
    [InlineData("TLS-Required:\r\n\r\n", false)]
    // Of one that is folded the value is not seen, and two of them are none.
    [InlineData("TLS-Required:\r\n No\r\n\r\n", false)]
    [InlineData("TLS-Required: No\r\nTLS-Required: No\r\n\r\n", false)]
    [InlineData("TLS-Required: Yes\r\nTLS-Required: No\r\n\r\n", false)]
    [InlineData("Subject: x\r\n TLS-Required: No\r\n\r\n", false)]
    [InlineData("\r\nTLS-Required: No\r\n", false)]
    public void MessageThatCanDoWithoutTls_SaysSoOnce(string header, bool optional) => Assert.Equal(optional, SplitDriver.EverySplit(Latin.Bytes(header), pieces =>
    {
        var scanner = new HeaderScanner();
        foreach (byte[] piece in pieces) scanner.Feed(piece);
        scanner.Finish();
        return scanner.IsTlsOptional;
    }));

    [Theory]
    // Nothing, an empty header, a header without its end.
    [InlineData("", 0, false)]
    [InlineData("\r\nReceived: x\r\n", 0, false)]
    [InlineData("Received: x", 1, false)]
    [InlineData("Received: x\r", 1, false)]
    // Longer and shorter names, a name in a value or a continued line, none at all.
    [InlineData("Received-SPF: x\r\nX-Received: x\r\nReceive: x\r\nReceived\r\n: x\r\n\r\n", 0, false)]
    [InlineData("X: Received: x\r\n Received: x\r\n\tReceived: x\r\n\r\n", 0, false)]
    // A line without a colon does not end the header: a loop can't be hidden behind it.
    [InlineData("no header line\r\nReceived: x\r\n\r\n", 1, false)]
    // Other mailboxes.
    [InlineData("Delivered-To: v@a.test\r\nDelivered-To: u@a.test.x\r\nDelivered-To: <u@a.test>\r\n\r\n", 0, false)]
    [InlineData("Delivered-To: v@a.test\r\nDelivered-To:u@a.test\r\nDelivered-To: w@a.test\r\n\r\n", 0, true)]
    public void Fields_AreFoundByTheirWholeName(string content, int received, bool loop)
    {
        var seen = EverySplit(content);
        Assert.Equal(received, seen.Received);
        Assert.Equal(loop, seen.Loop);
        Assert.True(seen.Ended);
        Assert.False(seen.Date || seen.MessageId);
    }

    [Fact]
    public void HugeHeader_CostsOneBuffer()
    {
        var scanner = new HeaderScanner();
        byte[] line = Latin.Bytes("Received: " + new string('x', 1 << 16));
        scanner.Feed(line);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) scanner.Feed(line);
        for (int i = 0; i < 1000; i++) scanner.Feed("\r\nReceived: x"u8);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        scanner.Finish();
        Assert.Equal(1001, scanner.ReceivedCount);
    }

    [Fact]
    public void LongLines_AreJudgedByTheirStart()
    {
        string padding = new('x', 1000);
        var seen = EverySplit($"Received: {padding}\r\nDelivered-To: u@a.test {padding}\r\n{padding}\r\n\r\n");
        Assert.Equal(1, seen.Received);
        // What is longer than any mailbox is none, even if it begins like one and the rest is far away.
        Assert.False(seen.Loop);
        Assert.False(EverySplit($"Delivered-To: u@a.test{new string(' ', 400)}x\r\n\r\n").Loop);
        // Nor is a line empty because its start looks so.
        Assert.Equal(1, EverySplit(new string('\r', 400) + "x\r\nReceived: x\r\n\r\n").Received);
    }

    [Fact]
    public void AnyContent_IsSeenAlikeHoweverItIsCut()
    {
        var token = Some.Of("Received:", "Delivered-To:", " u@a.test", "\r\n", "\n", "\r", " ", ":", "x", "Date:");
        token.Array[0, 12].Select(tokens => string.Concat(tokens)).Sample(content => { _ = EverySplit(content); }, iter: 500);
    }
}
