using System.Buffers;

namespace Postern.Smtp.Tests.Content;

/// <summary>What came out of a decoder that was fed in pieces.</summary>
internal sealed record DotDecoding(OperationStatus Status, LineFault Fault, string Content, string Rest)
{
    /// <summary>Feeds a decoder as a session does, with an output buffer of the given size.</summary>
    public static DotDecoding Run(IReadOnlyList<byte[]> pieces, int outputSize)
    {
        var decoder = new DotDecoder();
        var content = new List<byte>();
        var rest = new List<byte>();
        byte[] output = new byte[outputSize];
        var status = OperationStatus.NeedMoreData;
        foreach (byte[] piece in pieces)
        {
            var left = piece.AsSpan();
            while (status is OperationStatus.NeedMoreData or OperationStatus.DestinationTooSmall)
            {
                status = decoder.Decode(left, output, out int consumed, out int written);
                content.AddRange(output.AsSpan(0, written));
                left = left[consumed..];
                if (status == OperationStatus.NeedMoreData) break;
            }
            rest.AddRange(left);
        }
        // What was decoded before a fault or a broken connection is nobody's business: the message is refused.
        string kept = status == OperationStatus.Done ? Bytes.Text([.. content]) : "";
        return new DotDecoding(status, decoder.Fault, kept, status == OperationStatus.Done ? Bytes.Text([.. rest]) : "");
    }

    /// <summary>Passes a whole refused message over, in pieces.</summary>
    /// <returns>What is left after the end, or null when no end came.</returns>
    public static string? Discard(DotDecoder decoder, IReadOnlyList<byte[]> pieces)
    {
        var status = OperationStatus.NeedMoreData;
        string rest = "";
        foreach (byte[] piece in pieces)
        {
            int consumed = 0;
            if (status != OperationStatus.Done) status = decoder.Discard(piece, out consumed);
            rest += Bytes.Text(piece.AsSpan(consumed));
        }
        return status == OperationStatus.Done ? rest : null;
    }
}
