using System.Buffers;
using Postern.Fuzz.Oracles;
using Postern.Smtp;
using Postern.Smtp.Tests.Content;

namespace Postern.Fuzz.Sessions;

/// <summary>What follows DATA: the same however it is cut, in place or not, beside the slow decoder of the tests.</summary>
internal static class DataTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var (verdict, content, next) = ReferenceDotDecoder.Decode(Demand.Latin(input));
        string text = Demand.Latin(input);
        foreach (int room in new[] { 3, 1024 })
        {
            var seen = Pieces.SameHoweverCut(input, pieces => Decode(pieces, room));
            Demand.Equal(verdict, seen.Verdict, "the verdict");
            if (verdict == "end") Demand.Equal((content, text[next..]), (seen.Content, seen.Rest), "the message and what follows it");
        }
        Demand.Equal(Decode([input.ToArray()], input.Length + 1), InPlace(input), "in place");
        int end = ReferenceDotDecoder.EndOf(text);
        Demand.Equal(end < 0 ? null : text[end..], Pieces.SameHoweverCut(input, Discard), "what follows a refused message");
    }

    private static Decoded Decode(IReadOnlyList<byte[]> pieces, int room)
    {
        var decoder = new DotDecoder();
        var (content, rest) = (new System.Text.StringBuilder(), new System.Text.StringBuilder());
        byte[] output = new byte[room];
        var status = OperationStatus.NeedMoreData;
        foreach (byte[] piece in pieces)
        {
            var left = piece.AsSpan();
            while (status is OperationStatus.NeedMoreData or OperationStatus.DestinationTooSmall)
            {
                status = decoder.Decode(left, output, out int consumed, out int written);
                Demand.That(written <= room && consumed + written > 0 | status != OperationStatus.DestinationTooSmall, "no progress");
                content.Append(Demand.Latin(output.AsSpan(0, written)));
                left = left[consumed..];
                if (status == OperationStatus.NeedMoreData) break;
            }
            rest.Append(Demand.Latin(left));
        }
        Demand.Equal(status == OperationStatus.InvalidData, decoder.Fault != LineFault.None, "a fault");
        return Of(status, content.ToString(), rest.ToString());
    }

    private static Decoded InPlace(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        var status = new DotDecoder().Decode(bytes, bytes, out int consumed, out int written);
        Demand.That(written <= consumed, "more content than was sent");
        return Of(status, Demand.Latin(bytes.AsSpan(0, written)), Demand.Latin(input[consumed..]));
    }

    // What was decoded before a fault, or before the end is there, is nobody's.
    private static Decoded Of(OperationStatus status, string content, string rest) => status switch
    {
        OperationStatus.Done => new("end", content, rest),
        OperationStatus.NeedMoreData => new("more", "", ""),
        OperationStatus.InvalidData => new("bad", "", ""),
        _ => new("full", "", ""),
    };

    private static string? Discard(IReadOnlyList<byte[]> pieces)
    {
        var decoder = new DotDecoder();
        var (status, rest) = (OperationStatus.NeedMoreData, "");
        foreach (byte[] piece in pieces)
        {
            int consumed = 0;
            if (status != OperationStatus.Done) status = decoder.Discard(piece, out consumed);
            rest += Demand.Latin(piece.AsSpan(consumed));
        }
        return status == OperationStatus.Done ? rest : null;
    }

    private sealed record Decoded(string Verdict, string Content, string Rest);
}
