using System.Buffers;
using CsCheck;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Content;

/// <summary>Case A34: whatever is in the queue, one message goes out or none.</summary>
public class DotEncoderTests
{
    private sealed record Encoded(bool Finished, LineFault Fault, string Sent);

    private static Encoded Run(IReadOnlyList<byte[]> pieces, int outputSize)
    {
        var encoder = new DotEncoder();
        var sent = new List<byte>();
        byte[] output = new byte[outputSize];
        var status = OperationStatus.Done;
        foreach (byte[] piece in pieces)
        {
            var left = piece.AsSpan();
            do
            {
                status = encoder.Encode(left, output, out int consumed, out int written);
                sent.AddRange(output.AsSpan(0, written));
                left = left[consumed..];
            }
            while (status == OperationStatus.DestinationTooSmall);
        }
        byte[] end = new byte[DotEncoder.MaxEnd];
        bool finished = encoder.TryFinish(end, out int last);
        sent.AddRange(end.AsSpan(0, last));
        return new Encoded(finished, encoder.Fault, Bytes.Text([.. sent]));
    }

    private static Encoded EverySplit(string content)
    {
        var encoded = SplitDriver.EverySplit(Bytes.Of(content), pieces => Run(pieces, 4096));
        Assert.Equal(encoded, Run([Bytes.Of(content)], 2));
        Assert.Equal(encoded, Run([Bytes.Of(content)], 5));
        return encoded;
    }

    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("..\r\n.a\r\nb.\r\n", "...\r\n..a\r\nb.\r\n.\r\n")]
    [InlineData("\r\n\r\n.\r\n\r\n", "\r\n\r\n..\r\n\r\n.\r\n")]
    // A chunked message need not end its last line; DATA has to.
    [InlineData("a\r\nb", "a\r\nb\r\n.\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    [InlineData("\u0085.\u0085\r\n", "\u0085.\u0085\r\n.\r\n")]
    public void Content_IsStuffedAndEnded(string content, string sent)
    {
        Assert.Equal(new Encoded(true, LineFault.None, sent), EverySplit(content));
    }

    [Theory]
    // Up to the fault, and the CR itself is held back: no bare one ever reaches the peer.
    [InlineData("a\n.\nb\r\n", LineFault.BareLineFeed, "a")]
    [InlineData("a\r.\r", LineFault.BareCarriageReturn, "a")]
    [InlineData("a\r\n.\r\r\n", LineFault.BareCarriageReturn, "a\r\n..")]
    [InlineData("a\r\n.\n", LineFault.BareLineFeed, "a\r\n..")]
    [InlineData("a\0b", LineFault.Nul, "a")]
    [InlineData("a\r\n\0.\r\n", LineFault.Nul, "a\r\n")]
    [InlineData("a\r", LineFault.BareCarriageReturn, "a")]
    public void StrayLineEndOrNul_StopsBeforeItIsSent(string content, LineFault fault, string sent)
    {
        Assert.Equal(new Encoded(false, fault, sent), EverySplit(content));
    }

    [Fact]
    public void EncodedContent_DecodesToItself()
    {
        var cases = from content in TokenStreams.Of(20, "\r\n", "\r\n", "\r\n.", ".", "a", "\u0085", "long line of text")
                    from piece in Gen.Int[1, 40]
                    from output in Gen.Int[2, 80]
                    select (content, piece, output);
        cases.Sample(
            one =>
            {
                string sent = Run([.. Bytes.Of(one.content).Chunk(one.piece)], one.output).Sent;
                string ended = one.content.Length == 0 || one.content.EndsWith("\r\n", StringComparison.Ordinal) ? "" : "\r\n";
                return ReferenceDotDecoder.Decode(sent) == ("end", one.content + ended, sent.Length);
            },
            iter: 20_000);
    }

    [Fact]
    public void RandomBytes_LeaveAsOneMessageOrNone()
    {
        var cases = from content in TokenStreams.Of(12, "\r\n", ".", ".", "a", "\r", "\n", "\0")
                    from piece in Gen.Int[1, 9]
                    select (content, piece);
        cases.Sample(
            one =>
            {
                var encoded = Run([.. Bytes.Of(one.content).Chunk(one.piece)], 64);
                // The most lenient server takes any CR or LF for a line end: even it must not see an end too early.
                string lenient = encoded.Sent.Replace("\r\n", "\n", StringComparison.Ordinal);
                bool stray = lenient.IndexOfAny(['\r', '\0']) >= 0 || encoded.Sent.Split('\n')[..^1].Any(line => !line.EndsWith('\r'));
                int end = ("\n" + lenient).IndexOf("\n.\n", StringComparison.Ordinal);
                return !stray && (encoded.Finished ? end == lenient.Length - 2 : end < 0);
            },
            iter: 20_000);
    }
}
