using Postern.CommandLine.Submission;
using Postern.Fuzz.Oracles;
using Postern.Loop;

namespace Postern.Fuzz.Submissions;

/// <summary>Line ends of a message that a local program hands in: the same however it comes, beside one that replaces them in a text.</summary>
internal static class LocalContentTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        foreach (bool stopAtDot in new[] { false, true })
            Demand.Equal(Reference(Demand.Latin(input), stopAtDot), Pieces.SameHoweverCut(input, pieces => Convert(pieces, stopAtDot)), $"the content (dot: {stopAtDot})");
    }

    private static string Convert(IReadOnlyList<byte[]> pieces, bool stopAtDot)
    {
        var converter = new LineEndConverter(stopAtDot);
        var output = new ByteQueue();
        foreach (byte[] piece in pieces) converter.Convert(piece, output);
        converter.Finish(output);
        return converter.Fault == ContentFault.None ? Demand.Latin(output.Span) : $"!{converter.Fault}";
    }

    private static string Reference(string text, bool stopAtDot)
    {
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (stopAtDot)
        {
            int end = ("\n" + lines).IndexOf("\n.\n", StringComparison.Ordinal);
            if (end >= 0) lines = lines[..end];
            else if (("\n" + lines).EndsWith("\n.", StringComparison.Ordinal)) lines = lines[..^1];
        }
        int fault = lines.IndexOfAny(['\r', '\0']);
        if (fault >= 0) return $"!{(lines[fault] == '\r' ? ContentFault.BareCarriageReturn : ContentFault.Nul)}";
        return (lines.Length == 0 || lines.EndsWith('\n') ? lines : lines + "\n").Replace("\n", "\r\n", StringComparison.Ordinal);
    }
}
