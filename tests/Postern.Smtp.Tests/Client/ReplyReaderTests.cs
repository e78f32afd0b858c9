using System.Buffers;
using CsCheck;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Client;

/// <summary>Cases I1, I2 and I5: what a server may say, and what is kept of it.</summary>
public class ReplyReaderTests
{
    private sealed record Answer(OperationStatus Status, ReplyFault Fault, int Code, string Enhanced, string Text, string Rest);

    private static Answer Run(IReadOnlyList<byte[]> pieces)
    {
        var reader = new ReplyReader();
        reader.Begin();
        var status = OperationStatus.NeedMoreData;
        string rest = "";
        foreach (byte[] piece in pieces)
        {
            int consumed = 0;
            if (status != OperationStatus.Done) status = reader.Read(piece, out consumed);
            rest += Bytes.Text(piece.AsSpan(consumed));
        }
        if (status != OperationStatus.Done) return new Answer(status, reader.Fault, 0, "", "", "");
        Span<byte> enhanced = stackalloc byte[20];
        int length = reader.Status is { } value ? value.Write(enhanced) : 0;
        return new Answer(status, reader.Fault, reader.Code, Bytes.Text(enhanced[..length]), Bytes.Text(reader.Text), rest);
    }

    private static Answer EverySplit(string input) => SplitDriver.EverySplit(Bytes.Of(input), Run);

    [Theory]
    [InlineData("250 Ok\r\n", 250, "", "Ok")]
    [InlineData("250 2.1.5 Ok\r\n", 250, "2.1.5", "Ok")]
    [InlineData("250-2.1.5 one\r\n250-2.1.5 two\r\n250 2.1.5 three\r\n", 250, "2.1.5", "one two three")]
    // I1: a code alone is enough.
    [InlineData("250\r\n", 250, "", "")]
    [InlineData("250 \r\n", 250, "", "")]
    [InlineData("250-\r\n250\r\n", 250, "", "")]
    [InlineData("250 2.0.0\r\n", 250, "2.0.0", "")]
    // The second and third digit only inform.
    [InlineData("571 no\r\n", 571, "", "no")]
    [InlineData("599 no\r\n", 599, "", "no")]
    // A status of another class, or none at all, is text.
    [InlineData("550 2.1.5 Ok\r\n", 550, "", "2.1.5 Ok")]
    [InlineData("550 5.1 no\r\n", 550, "", "5.1 no")]
    [InlineData("550 5.1.1no\r\n", 550, "", "5.1.1no")]
    [InlineData("550 5.1.1.1 no\r\n", 550, "", "5.1.1.1 no")]
    [InlineData("550 5.9999.1 no\r\n", 550, "", "5.9999.1 no")]
    // The first line's status counts, each line's own is taken off.
    [InlineData("550-5.1.1 a\r\n550 5.7.1 b\r\n", 550, "5.1.1", "a b")]
    [InlineData("550-a\r\n550 5.7.1 b\r\n", 550, "", "a b")]
    // What a terminal or a log could obey.
    [InlineData("550 \u001b[31mred\u0007\t\u00ff\r\n", 550, "", "\\x1B[31mred\\x07\\x09\\xFF")]
    public void Reply_IsRead(string input, int code, string enhanced, string text)
    {
        Assert.Equal(new Answer(OperationStatus.Done, ReplyFault.None, code, enhanced, text, ""), EverySplit(input));
        Assert.Equal(new Answer(OperationStatus.Done, ReplyFault.None, code, enhanced, text, "250 next\r\n"), EverySplit(input + "250 next\r\n"));
        foreach (byte[] cut in SplitDriver.EveryCut(Bytes.Of(input))) Assert.Equal(OperationStatus.NeedMoreData, Run([cut]).Status);
    }

    [Theory]
    [InlineData("\r\n", ReplyFault.NotAReply)]
    [InlineData("25\r\n", ReplyFault.NotAReply)]
    [InlineData("2500 Ok\r\n", ReplyFault.NotAReply)]
    [InlineData("250Ok\r\n", ReplyFault.NotAReply)]
    [InlineData("250\tOk\r\n", ReplyFault.NotAReply)]
    [InlineData(" 250 Ok\r\n", ReplyFault.NotAReply)]
    [InlineData("999 x\r\n", ReplyFault.NotAReply)]
    [InlineData("199 x\r\n", ReplyFault.NotAReply)]
    [InlineData("600 x\r\n", ReplyFault.NotAReply)]
    [InlineData("2x0 x\r\n", ReplyFault.NotAReply)]
    [InlineData("\u00b2\u00b5\u00b0 x\r\n", ReplyFault.NotAReply)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", ReplyFault.NotAReply)]
    [InlineData("250-a\r\nb\r\n", ReplyFault.NotAReply)]
    [InlineData("250-a\r\n251 b\r\n", ReplyFault.CodesDiffer)]
    [InlineData("250-a\r\n550\r\n", ReplyFault.CodesDiffer)]
    [InlineData("250-a\r\n251-b\r\n", ReplyFault.CodesDiffer)]
    [InlineData("250\n", ReplyFault.NotAReply)]
    [InlineData("250 Ok\n", ReplyFault.LineDiscipline)]
    [InlineData("250 Ok\r250 Ok\r\n", ReplyFault.LineDiscipline)]
    [InlineData("250 Ok\r\r\n", ReplyFault.LineDiscipline)]
    [InlineData("250\rx", ReplyFault.LineDiscipline)]
    [InlineData("250 O\0k\r\n", ReplyFault.LineDiscipline)]
    public void BytesThatAreNoReply_AreInvalid(string input, ReplyFault fault)
    {
        var answer = EverySplit(input);
        Assert.Equal((OperationStatus.InvalidData, fault), (answer.Status, answer.Fault));
    }

    [Fact]
    public void ReplyWithAShortLastLine_EndsThere()
    {
        // I2: what follows was meant for a queue file that is parsed by lines.
        var answer = EverySplit("553-\r\n553\r\n\r\ndispatcher: local_mail\r\ntype: mda\r\nmda-exec: id");
        Assert.Equal((553, "", "\r\ndispatcher: local_mail\r\ntype: mda\r\nmda-exec: id"), (answer.Code, answer.Text, answer.Rest));
    }

    [Fact]
    public void LongText_IsKeptUpToTheLimit()
    {
        string line = new('a', 2000);
        Assert.Equal(new string('a', ReplyReader.MaxText), Run([Bytes.Of("550 " + line + "\r\n")]).Text);
        string text = Run([Bytes.Of($"550-{line[..300]}\r\n550-{line[..211]}\r\n550 b\r\n")]).Text;
        Assert.Equal($"{line[..300]} {line[..211]}", text);
        // Full before the space, full before the text.
        Assert.Equal(line[..512], Run([Bytes.Of($"550-{line[..512]}\r\n550 b\r\n")]).Text);
        Assert.Equal(line[..511] + " ", Run([Bytes.Of($"550-{line[..511]}\r\n550 b\r\n")]).Text);
    }

    [Fact]
    public void ReplyBeyondItsLimits_IsInvalid()
    {
        string lines = string.Concat(Enumerable.Repeat("250-x\r\n", ReplyReader.MaxLines - 1));
        Assert.Equal(OperationStatus.Done, Run([Bytes.Of(lines + "250 x\r\n")]).Status);
        Assert.Equal(ReplyFault.TooManyLines, Run([Bytes.Of(lines + "250-x\r\n250 x\r\n")]).Fault);

        string longest = new('x', ReplyReader.MaxReply - 6);
        Assert.Equal(OperationStatus.Done, Run([Bytes.Of("250 " + longest + "\r\n")]).Status);
        Assert.Equal(ReplyFault.TooLong, Run([Bytes.Of("250 " + longest + "x\r\n")]).Fault);
        // I1: one line of a megabyte, a banner that never ends.
        Assert.Equal(ReplyFault.TooLong, Run([.. Bytes.Of("250 " + new string('x', 1_000_000)).Chunk(999)]).Fault);
        Assert.Equal(ReplyFault.TooManyLines, Run([.. Bytes.Of(string.Concat(Enumerable.Repeat("220-x\r\n", 100_000))).Chunk(999)]).Fault);
    }

    [Fact]
    public void ReaderThatBeginsAgain_RemembersNothing()
    {
        var reader = new ReplyReader();
        reader.Begin();
        Assert.Equal(OperationStatus.InvalidData, reader.Read(Bytes.Of("250-2.0.0 a\r\nx"), out _));
        Assert.Equal((OperationStatus.InvalidData, 0), (reader.Read(Bytes.Of("250 Ok\r\n"), out int consumed), consumed));
        reader.Begin();
        Assert.Equal(OperationStatus.Done, reader.Read(Bytes.Of("450 later\r\n"), out _));
        Assert.Equal((450, null, ReplyFault.None, "later"), (reader.Code, reader.Status, reader.Fault, Bytes.Text(reader.Text)));
        Assert.Equal((OperationStatus.Done, 0), (reader.Read(Bytes.Of("250 Ok\r\n"), out consumed), consumed));
    }

    [Fact]
    public void RandomBytes_NeverGiveMoreThanPrintableText()
    {
        var cases = from stream in TokenStreams.Of(30, "250", "250-", "250 ", "550-", "\r\n", "\r\n", "\r", "\n", "\0", "5.1.1 ", "a", "\u00ff", "-")
                    from piece in Gen.Int[1, 9]
                    select (stream, piece);
        cases.Sample(
            one =>
            {
                var answer = Run([.. Bytes.Of(one.stream).Chunk(one.piece)]);
                return answer.Text.All(letter => letter is >= ' ' and <= '~')
                    && (answer.Status != OperationStatus.Done || one.stream.EndsWith(answer.Rest, StringComparison.Ordinal));
            },
            iter: 20_000);
    }
}
