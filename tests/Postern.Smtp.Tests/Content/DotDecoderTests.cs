using System.Buffers;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Content;

/// <summary>Cases A1 to A33 as far as the decoder alone decides them.</summary>
public class DotDecoderTests
{
    private const string Header = "From: s@f.test\r\nSubject: t\r\n\r\n";
    private const string Smuggled = "MAIL FROM:<evil@bank.test>\r\nRCPT TO:<v@a.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx";
    private const string End = "\r\n.\r\n";

    private static DotDecoding EverySplit(string input)
    {
        var decoding = SplitDriver.EverySplit(Bytes.Of(input), pieces => DotDecoding.Run(pieces, 4096));
        // An output that is always full changes nothing either.
        Assert.Equal(decoding, DotDecoding.Run([Bytes.Of(input)], 1));
        Assert.Equal(decoding, DotDecoding.Run([Bytes.Of(input)], 7));
        return decoding;
    }

    [Theory]
    [InlineData("A1", "\n.\n", LineFault.BareLineFeed)]
    [InlineData("A2", "\r.\r", LineFault.BareCarriageReturn)]
    [InlineData("A3", "\r.\n", LineFault.BareCarriageReturn)]
    [InlineData("A4", "\n.\r", LineFault.BareLineFeed)]
    [InlineData("A5", "\n.\r\n", LineFault.BareLineFeed)]
    [InlineData("A6", "\r\n.\n", LineFault.BareLineFeed)]
    [InlineData("A7", "\r\n.\r", LineFault.BareCarriageReturn)]
    [InlineData("A8", "\r.\r\n", LineFault.BareCarriageReturn)]
    [InlineData("A9", "\n\n.\r\n", LineFault.BareLineFeed)]
    [InlineData("A10", "\r\n.\n\r\n", LineFault.BareLineFeed)]
    [InlineData("A11", "\n\r.\n\r", LineFault.BareLineFeed)]
    [InlineData("A12", "\r\n.\0\r\n", LineFault.Nul)]
    [InlineData("A13", "\r\n\0.\r\n", LineFault.Nul)]
    [InlineData("A14", "\r\r\n.\r\r\n", LineFault.BareCarriageReturn)]
    // Strictness matters most here: a decoder that ignores doubled CRs would see the end.
    [InlineData("A15", "\r\n.\r\r\n", LineFault.BareCarriageReturn)]
    [InlineData("A16", "\r\n.\r\0\n", LineFault.BareCarriageReturn)]
    [InlineData("A21", "\n..\n", LineFault.BareLineFeed)]
    [InlineData("A21", "\r\n..\n", LineFault.BareLineFeed)]
    [InlineData("A27", "\0", LineFault.Nul)]
    [InlineData("A24", "\r", LineFault.BareCarriageReturn)]
    public void SequenceThatSomeoneTakesForTheEnd_RefusesTheMessage(string number, string sequence, LineFault fault)
    {
        var decoding = EverySplit(Header + "body" + sequence + Smuggled + End + "QUIT\r\n");
        Assert.Equal((number, OperationStatus.InvalidData, fault), (number, decoding.Status, decoding.Fault));
    }

    [Theory]
    // A17: a line that starts with a dot and goes on; the dot is not content.
    [InlineData("A17", "\r\n. \r\n", "\r\n \r\n")]
    [InlineData("A17", "\r\n.\t\r\n", "\r\n\t\r\n")]
    [InlineData("A18", "\r\n.\u00cc\u0081\r\n", "\r\n\u00cc\u0081\r\n")]
    // A19, A20: NEL, U+2028, VT and FF are no line ends in mail.
    [InlineData("A19", "\u0085.\u0085", "\u0085.\u0085")]
    [InlineData("A19", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8")]
    [InlineData("A20", "\u000b.\u000b", "\u000b.\u000b")]
    [InlineData("A20", "\u000c.\u000c", "\u000c.\u000c")]
    [InlineData("A21", "\r\n..\r\n", "\r\n.\r\n")]
    public void SequenceThatIsContent_StaysContent(string number, string sequence, string content)
    {
        var decoding = EverySplit(Header + "body" + sequence + Smuggled + End + "QUIT\r\n");
        string expected = Header + "body" + content + Smuggled + "\r\n";
        Assert.Equal((number, new DotDecoding(OperationStatus.Done, LineFault.None, expected, "QUIT\r\n")), (number, decoding));
    }

    [Theory]
    // A28: the table of dot-stuffing, also on the first line.
    [InlineData("..x\r\n..\r\n...\r\n.x\r\n", ".x\r\n.\r\n..\r\nx\r\n")]
    [InlineData("..\r\n", ".\r\n")]
    [InlineData("a.\r\n.b.\r\n", "a.\r\nb.\r\n")]
    // A29: the end directly after 354 is an empty message.
    [InlineData("", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\r\n\r\n\r\n", "\r\n\r\n\r\n")]
    // A doubled dot with nothing to protect: the first one goes all the same.
    [InlineData(".\r.\r\n", null)]
    public void StuffedLine_LosesItsFirstDot(string sent, string? stored)
    {
        var decoding = EverySplit(sent + ".\r\nNOOP\r\n");
        if (stored is null) Assert.Equal(OperationStatus.InvalidData, decoding.Status);
        else Assert.Equal(new DotDecoding(OperationStatus.Done, LineFault.None, stored, "NOOP\r\n"), decoding);
    }

    [Theory]
    // A30, A31: the connection broke; no prefix of a message is a message.
    [InlineData(Header + "body\r\n..\r\nmore" + End)]
    [InlineData(".\r\n")]
    public void MessageCutAnywhere_IsNotComplete(string whole)
    {
        foreach (byte[] cut in SplitDriver.EveryCut(Bytes.Of(whole)))
            Assert.Equal(OperationStatus.NeedMoreData, DotDecoding.Run([cut], 4096).Status);
        Assert.Equal(OperationStatus.Done, DotDecoding.Run([Bytes.Of(whole)], 4096).Status);
    }

    [Fact]
    public void EndAtEveryBufferBorder_IsFound()
    {
        // A33: body lengths around each size that a buffer is likely to have.
        foreach (int size in new[] { 4096, 8192, 16384, 65536 })
        {
            for (int length = size - 5; length <= size + 5; length++)
            {
                string body = new('a', length);
                byte[] stream = Bytes.Of(body + End + "QUIT\r\n");
                var pieces = stream.Chunk(size).ToArray();
                Assert.Equal(new DotDecoding(OperationStatus.Done, LineFault.None, body + "\r\n", "QUIT\r\n"), DotDecoding.Run(pieces, size));
            }
        }
    }

    [Fact]
    public void DecodingInPlace_GivesTheSame()
    {
        byte[] buffer = Bytes.Of("..a\r\nbb\r\n...\r\n.c\r\n.\r\nQUIT\r\n");
        var status = new DotDecoder().Decode(buffer, buffer, out int consumed, out int written);
        Assert.Equal((OperationStatus.Done, ".a\r\nbb\r\n..\r\nc\r\n"), (status, Bytes.Text(buffer.AsSpan(0, written))));
        Assert.Equal("QUIT\r\n", Bytes.Text(buffer.AsSpan(consumed)));
    }

    [Fact]
    public void DecoderAfterItsEndOrFault_TakesNothingMore()
    {
        var ended = new DotDecoder();
        ended.Decode(Bytes.Of(".\r\n"), [], out _, out _);
        Assert.Equal((OperationStatus.Done, 0), (ended.Decode(Bytes.Of("QUIT\r\n"), new byte[9], out int consumed, out _), consumed));
        Assert.Equal((OperationStatus.Done, 0), (ended.Discard(Bytes.Of("QUIT\r\n"), out consumed), consumed));

        var refused = new DotDecoder();
        refused.Decode(Bytes.Of("a\nb"), new byte[9], out _, out _);
        Assert.Equal((OperationStatus.InvalidData, 0), (refused.Decode(Bytes.Of("\r\n.\r\n"), new byte[9], out consumed, out _), consumed));
    }

    [Theory]
    // A32: after an oversized message, nothing before the true end is a command or an end.
    [InlineData("\r\n.\nHELP\r\nHELP\r\n.\r\nQUIT\r\n", "QUIT\r\n")]
    [InlineData("\n.\r\n.\r\nQUIT\r\n", "QUIT\r\n")]
    [InlineData("\r.\r\n\r\n.\r\r\n.\r\n", "")]
    [InlineData("\r\n.\r.\r\n", null)]
    [InlineData("\r\n.\0\r\n.\r\n", "")]
    [InlineData("\r\r\n.\r\n", "")]
    [InlineData("\r\n..\r\n.\r", null)]
    public void DiscardingFromWithinALine_StopsAtTheTrueEndOnly(string sent, string? rest)
    {
        string? left = SplitDriver.EverySplit(Bytes.Of(sent), pieces =>
        {
            var decoder = new DotDecoder();
            decoder.Decode(Bytes.Of("too much"), new byte[99], out _, out _);
            return DotDecoding.Discard(decoder, pieces) ?? "no end";
        });
        Assert.Equal(rest ?? "no end", left);
    }

    [Theory]
    // The byte that was refused is looked at again: here it belongs to the true end.
    [InlineData("a\r", "\r\n.\r\nQUIT\r\n", "QUIT\r\n")]
    [InlineData("a\r\n.\r", "\r\n.\r\nQUIT\r\n", "QUIT\r\n")]
    [InlineData("a", "\n\r\n.\r\n", "")]
    [InlineData("a\r\n.", "\0\r\n.\r\n", "")]
    public void DiscardingAfterAFault_FindsTheTrueEnd(string before, string after, string rest)
    {
        var decoder = new DotDecoder();
        byte[] output = new byte[99];
        Assert.Equal(OperationStatus.NeedMoreData, decoder.Decode(Bytes.Of(before), output, out _, out _));
        Assert.Equal(OperationStatus.InvalidData, decoder.Decode(Bytes.Of(after), output, out int consumed, out _));
        Assert.Equal(rest, DotDecoding.Discard(decoder, [Bytes.Of(after)[consumed..]]));
    }
}
