using System.Globalization;

namespace Postern.Mutants.Worker;

/// <summary>What is answered to a request.</summary>
internal static class Requests
{
    public static async Task<string> CoverAsync(TestCases cases, Switches switches, string word)
    {
        switches.Clear();
        // Work and not time: what else the machine does must not make a test a long one.
        var before = Environment.CpuUsage.TotalTime;
        bool passed = await cases.PassesAsync(Number(word));
        return $"{(passed ? "passed" : "failed")} {(long)(Environment.CpuUsage.TotalTime - before).TotalMilliseconds} {string.Join(' ', switches.Reached())}";
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
