using System.Diagnostics;
using System.Globalization;

namespace Postern.Mutants.Worker;

/// <summary>What is answered to a request.</summary>
internal static class Requests
{
    public static async Task<string> CoverAsync(TestCases cases, Switches switches, string word)
    {
        switches.Clear();
        var watch = Stopwatch.StartNew();
        bool passed = await cases.PassesAsync(Number(word));
        return $"{(passed ? "passed" : "failed")} {watch.ElapsedMilliseconds} {string.Join(' ', switches.Reached())}";
    }

    public static async Task<string> RunAsync(TestCases cases, Switches switches, string[] words, StreamWriter output)
    {
        foreach (string word in words.Skip(2))
        {
            await output.WriteLineAsync($"at {word}");
            switches.Active = Number(words[1]);
            bool passed = await cases.PassesAsync(Number(word));
            switches.Active = 0;
            if (!passed) return $"killed {word} {(await cases.PassesAsync(Number(word)) ? "clean" : "stained")}";
        }
        return "survived";
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
