using System.Buffers;
using CsCheck;

namespace Postern.Smtp.Tests.Content;

/// <summary>Case A36: the product's decoder against the reference on streams made of what smuggling is made of.</summary>
public class DotDecoderDifferentialTests
{
    private const int Streams = 250_000;

    // Few kinds of token, so that their dangerous neighbourhoods come up often.
    private static readonly string[] Tokens =
    [
        "\r\n", "\r\n", "\r\n", "\r\n.\r\n", "\r\n.", "\r\n..", ".", ".", "\r", "\n", "\0", "a", "Subject: x", "\u0085", "\u00ff",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    // Three of four streams have no stray byte, else hardly one long stream would be accepted.
    private static readonly Gen<string> Stream =
        from clean in Gen.Int[0, 3]
        from stream in TokenStreams.Of(24, clean > 0 ? [.. Tokens.Where(token => token is not ("\r" or "\n" or "\0"))] : Tokens)
        select stream;

    [Fact]
    public void EveryStream_IsJudgedLikeTheReferenceDoes()
    {
        var cases =
            from stream in Stream
            from piece in Gen.Int[1, 40]
            from output in Gen.Int[1, 80]
            select (stream, piece, output);
        cases.Sample(
            one =>
            {
                var (verdict, content, next) = ReferenceDotDecoder.Decode(one.stream);
                var decoding = DotDecoding.Run([.. Bytes.Of(one.stream).Chunk(one.piece)], one.output);
                var status = verdict switch { "end" => OperationStatus.Done, "more" => OperationStatus.NeedMoreData, _ => OperationStatus.InvalidData };
                return decoding.Status == status && decoding.Content == content
                    && (verdict != "end" || decoding.Rest == one.stream[next..]);
            },
            iter: Streams);
    }

    [Fact]
    public void EveryDiscardedStream_EndsWhereTheStrictEndIs()
    {
        var cases = from stream in Stream from piece in Gen.Int[1, 40] select (stream, piece);
        cases.Sample(
            one =>
            {
                int end = ReferenceDotDecoder.EndOf(one.stream);
                string? rest = DotDecoding.Discard(new DotDecoder(), [.. Bytes.Of(one.stream).Chunk(one.piece)]);
                return rest == (end < 0 ? null : one.stream[end..]);
            },
            iter: Streams);
    }
}
