using System.Numerics;
using System.Text.RegularExpressions;
using Postern.Cell.Programs;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Cells;

/// <summary>The beginning of a program that is to run in a cell, beside a pattern for scripts and a reader of native ones whose numbers
/// have any size. Each input is judged for both machines.</summary>
internal static partial class ProgramHeadTarget
{
    private const int FirstLine = 256, LongestPath = 4096, Names = 3;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        input = input[..Math.Min(input.Length, ProgramHead.MaxBytes)];
        foreach (bool isArm in new[] { false, true })
        {
            var allocated = Allocated.Begin();
            var head = ProgramHead.Judge(input, isArm);
            allocated.Demand(input.Length, 10);
            var expected = Reference(input, isArm);
            Demand.Equal(expected?.Kind ?? HeadKind.None, head.Kind, "what it is");
            Demand.Equal(expected is null, head.Problem.Length > 0, "a problem");
            Demand.Equal(expected?.Interpreter ?? "", head.Interpreter, "the interpreter");
            Demand.Equal(expected?.Argument ?? "", head.Argument, "its argument");
        }
    }

    private static (HeadKind Kind, string Interpreter, string Argument)? Reference(ReadOnlySpan<byte> input, bool isArm)
    {
        string text = Demand.Latin(input);
        if (text.StartsWith("#!", StringComparison.Ordinal))
        {
            string line = text[2..Math.Min(text.Length, FirstLine)].Split('\n')[0];
            var match = Script().Match(line);
            return match.Success && line.Length < FirstLine - 2 ? (HeadKind.Script, match.Groups["path"].Value, match.Groups["argument"].Value) : null;
        }
        if (!text.StartsWith("\u007fELF\u0002\u0001", StringComparison.Ordinal) || input.Length < 64) return null;
        if (Number(input, 18, 2) != (isArm ? 183 : 62) || (Number(input, 16, 2) != 2 && Number(input, 16, 2) != 3)) return null;
        BigInteger at = Number(input, 32, 8), count = Number(input, 56, 2);
        if (Number(input, 54, 2) != 56 || at + (56 * count) > input.Length) return null;
        for (int entry = (int)at; entry < at + (56 * count); entry += 56)
        {
            if (Number(input, entry, 4) != Names) continue;
            BigInteger from = Number(input, entry + 8, 8), length = Number(input, entry + 32, 8);
            if (length < 2 || length > LongestPath || from + length > input.Length) return null;
            string name = text.Substring((int)from, (int)length);
            return name[^1] == '\0' && Path().IsMatch(name[..^1]) ? (HeadKind.Native, name[..^1], "") : null;
        }
        return (HeadKind.Native, "", "");
    }

    private static BigInteger Number(ReadOnlySpan<byte> input, int at, int bytes) => new(input.Slice(at, bytes), isUnsigned: true);

    private const string Straight = @"(?:/(?!\.{1,2}(?:[/ \t]|\z))[!-.0-~]+)+";

    [GeneratedRegex($@"^[ \t]*(?<path>{Straight})(?:[ \t]+(?<argument>[!-~](?:[ -~]*[!-~])?)?)?[ \t]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Script();

    [GeneratedRegex($@"^{Straight}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
