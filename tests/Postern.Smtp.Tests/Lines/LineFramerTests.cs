using System.Buffers;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Lines;

/// <summary>Cases A25, A26 and B8: what is a line, and what ends the conversation.</summary>
public class LineFramerTests
{
    private sealed record Framed(string Lines, string Unread, OperationStatus Status, LineFault Fault);

    private static Framed Run(IReadOnlyList<byte[]> pieces, int max)
    {
        var buffer = new List<byte>();
        var lines = new List<string>();
        var status = OperationStatus.NeedMoreData;
        var fault = LineFault.None;
        foreach (byte[] piece in pieces)
        {
            buffer.AddRange(piece);
            while (status != OperationStatus.InvalidData)
            {
                status = LineFramer.Find(buffer.ToArray(), max, out int length, out fault);
                if (status != OperationStatus.Done) break;
                lines.Add(Bytes.Text([.. buffer[..length]]));
                buffer.RemoveRange(0, length);
            }
        }
        return new Framed(string.Join('|', lines), Bytes.Text([.. buffer]), status, fault);
    }

    private static Framed EverySplit(string input, int max = 64) => SplitDriver.EverySplit(Bytes.Of(input), pieces => Run(pieces, max));

    [Theory]
    // One line, two lines, an empty line.
    [InlineData("NOOP\r\n", "NOOP\r\n", "")]
    [InlineData("NOOP\r\nQUIT\r\n", "NOOP\r\n|QUIT\r\n", "")]
    [InlineData("\r\n", "\r\n", "")]
    // The rest waits for its end, a CR for its LF.
    [InlineData("NOOP\r\nQUIT", "NOOP\r\n", "QUIT")]
    [InlineData("NOOP\r\nQUIT\r", "NOOP\r\n", "QUIT\r")]
    // Other languages' line ends and eight-bit bytes are ordinary bytes here.
    [InlineData("a\u0085b\u000bc\u000cd\r\n", "a\u0085b\u000bc\u000cd\r\n", "")]
    public void CompleteLines_AreFound(string input, string lines, string unread)
    {
        var framed = EverySplit(input);
        Assert.Equal(new Framed(lines, unread, OperationStatus.NeedMoreData, LineFault.None), framed);
    }

    [Theory]
    // A25: two commands from one line.
    [InlineData("EHLO c.test\nMAIL FROM:<s@f.test>\r\n", LineFault.BareLineFeed)]
    [InlineData("\n", LineFault.BareLineFeed)]
    [InlineData("NOOP\rQUIT\r\n", LineFault.BareCarriageReturn)]
    // The second CR shows that the first one was bare, though a CRLF follows.
    [InlineData("NOOP\r\r\n", LineFault.BareCarriageReturn)]
    [InlineData("NOOP\r\0\n", LineFault.BareCarriageReturn)]
    // A26: a string in C would end at the NUL.
    [InlineData("NO\0OP\r\n", LineFault.Nul)]
    [InlineData("MAIL FROM:<a\0b@f.test>\r\n", LineFault.Nul)]
    public void StrayLineEndsAndNul_AreInvalid(string input, LineFault fault)
    {
        var framed = EverySplit(input);
        Assert.Equal((OperationStatus.InvalidData, fault, ""), (framed.Status, framed.Fault, framed.Lines));
    }

    [Fact]
    public void LineOfExactlyTheLimit_IsFound()
    {
        string line = new string('a', 62) + "\r\n";
        Assert.Equal(line, EverySplit(line).Lines);
    }

    [Theory]
    // One byte more than fits with its CRLF; the CR in the last place; no end in sight.
    [InlineData(63, "\r\n")]
    [InlineData(63, "\r")]
    [InlineData(64, "")]
    [InlineData(200, "\n")]
    public void LongerLine_IsTooLong(int length, string end)
    {
        var framed = EverySplit(new string('a', length) + end);
        Assert.Equal((OperationStatus.InvalidData, LineFault.TooLong), (framed.Status, framed.Fault));
    }

    [Fact]
    public void CommandLineLimit_HoldsTheLineThatTheStandardDemands()
    {
        byte[] line = Bytes.Of("NOOP " + new string('a', 512 - 7) + "\r\n");
        Assert.Equal(OperationStatus.Done, LineFramer.Find(line, LineFramer.MaxCommandLine, out int length, out _));
        Assert.Equal(512, length);
    }

    private sealed record Discarded(OperationStatus Status, LineFault Fault, string Unread);

    private static Discarded RunDiscard(IReadOnlyList<byte[]> pieces)
    {
        var buffer = new List<byte>();
        var status = OperationStatus.NeedMoreData;
        var fault = LineFault.None;
        foreach (byte[] piece in pieces)
        {
            buffer.AddRange(piece);
            if (status != OperationStatus.NeedMoreData) continue;
            status = LineFramer.Discard(buffer.ToArray(), out int consumed, out fault);
            buffer.RemoveRange(0, consumed);
        }
        return new Discarded(status, fault, Bytes.Text([.. buffer]));
    }

    [Theory]
    [InlineData("aaa\r\nQUIT\r\n", OperationStatus.Done, LineFault.None, "QUIT\r\n")]
    [InlineData("aaa\0bbb\r\n", OperationStatus.Done, LineFault.None, "")]
    [InlineData("aaa", OperationStatus.NeedMoreData, LineFault.None, "")]
    // The CR waits: the next byte decides.
    [InlineData("aaa\r", OperationStatus.NeedMoreData, LineFault.None, "\r")]
    // What follows must not become a command by a line end that only some would see.
    [InlineData("aaa\nQUIT\r\n", OperationStatus.InvalidData, LineFault.BareLineFeed, "\nQUIT\r\n")]
    [InlineData("aaa\rQUIT\r\n", OperationStatus.InvalidData, LineFault.BareCarriageReturn, "\rQUIT\r\n")]
    public void RestOfARefusedLine_IsPassedOver(string input, OperationStatus status, LineFault fault, string unread)
    {
        var discarded = SplitDriver.EverySplit(Bytes.Of(input), RunDiscard);
        Assert.Equal(new Discarded(status, fault, unread), discarded);
    }
}
