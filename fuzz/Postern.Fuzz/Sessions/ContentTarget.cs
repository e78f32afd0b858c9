using System.Buffers;
using Postern.Fuzz.Oracles;
using Postern.Smtp;
using Postern.Smtp.Tests.Content;

namespace Postern.Fuzz.Sessions;

/// <summary>Content that comes by count, and content that leaves by DATA: both take the same, and a strict reader finds it again.</summary>
internal static class ContentTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool clean = text.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n', '\0']) < 0;
        var (passes, ends) = Pieces.SameHoweverCut(input, Check);
        Demand.Equal(clean, passes, "content");
        if (clean) Demand.Equal(text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal), ends, "whether it ends a line");
        foreach (int room in new[] { 2, 3, 512 })
        {
            string? wire = Pieces.SameHoweverCut(input, pieces => Encode(pieces, room));
            Demand.Equal(clean, wire is not null, "content to send");
            if (wire is null) continue;
            string whole = text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
            Demand.Equal(("end", whole, wire.Length), ReferenceDotDecoder.Decode(wire), "what is sent, read");
        }
    }

    private static (bool Passes, bool Ends) Check(IReadOnlyList<byte[]> pieces)
    {
        var checker = new ContentChecker();
        bool good = true;
        foreach (byte[] piece in pieces) good &= checker.Check(piece);
        bool ends = checker.EndsLine;
        good &= checker.Complete();
        Demand.Equal(good, checker.Fault == LineFault.None, "a fault");
        return (good, good && ends);
    }

    private static string? Encode(IReadOnlyList<byte[]> pieces, int room)
    {
        var encoder = new DotEncoder();
        var wire = new System.Text.StringBuilder();
        byte[] output = new byte[room];
        foreach (byte[] piece in pieces)
        {
            var left = piece.AsSpan();
            var status = OperationStatus.DestinationTooSmall;
            while (status == OperationStatus.DestinationTooSmall)
            {
                status = encoder.Encode(left, output, out int consumed, out int written);
                Demand.That(consumed > 0 || written > 0 || status != OperationStatus.DestinationTooSmall, "no progress");
                wire.Append(Demand.Latin(output.AsSpan(0, written)));
                left = left[consumed..];
            }
        }
        byte[] end = new byte[DotEncoder.MaxEnd];
        return encoder.TryFinish(end, out int length) ? wire.Append(Demand.Latin(end.AsSpan(0, length))).ToString() : null;
    }
}
