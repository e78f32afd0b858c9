using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sts;

namespace Postern.Fuzz.Policies;

/// <summary>The file of policies: beside its description, and there and back again.</summary>
internal static partial class StsCacheTarget
{
    private const string Heading = "postern-sts 1\n";

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool read = StsCacheText.TryRead(input, out var entries, out int damaged);
        Demand.Equal(text.StartsWith(Heading, StringComparison.Ordinal), read, "the format");
        if (!read) return;
        string[] blocks = Blocks(text[Heading.Length..]);
        Demand.Equal(blocks.Length, entries.Count + damaged, "entries and damaged ones");
        string[] expected = [.. blocks.Where(IsEntry).DistinctBy(block => block.Split('\t')[0])];
        Demand.Equal(string.Join('\n', expected), string.Join('\n', entries.Select(Block)), "entries");
        byte[] written = StsCacheText.Write(entries);
        Demand.That(StsCacheText.TryRead(written, out var again, out int none) && none == 0, "what was written can't be read");
        Demand.Same(written, StsCacheText.Write(again), "there and back");
    }

    private static bool IsEntry(string block)
    {
        var match = Entry().Match(block);
        if (!match.Success || decimal.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture) > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return false;
        string source = match.Groups["source"].Value.Replace("\n\t", "\n", StringComparison.Ordinal);
        return match.Groups["sum"].Value == $"{Castagnoli(match.Groups["named"].Value + source):x8}" && StsPolicy.TryParse(Encoding.Latin1.GetBytes(source), out _);
    }

    /// <summary>An entry by the format's description, without its last line end.</summary>
    private static string Block(StsEntry entry)
    {
        string named = string.Create(CultureInfo.InvariantCulture, $"{entry.Domain}\t{entry.Id}\t{entry.Fetched.ToUnixTimeSeconds()}\t");
        string source = Encoding.Latin1.GetString(entry.Policy.Source);
        return $"{named}{Castagnoli(named + source):x8}\n\t{source.Replace("\n", "\n\t", StringComparison.Ordinal)}";
    }

    private static string[] Blocks(string text)
    {
        List<string> blocks = [];
        foreach (string line in (text.EndsWith('\n') ? text[..^1] : text).Split('\n'))
        {
            if (blocks.Count > 0 && line.StartsWith('\t')) blocks[^1] += "\n" + line;
            else blocks.Add(line);
        }
        return text.Length == 0 ? [] : [.. blocks];
    }

    private static uint Castagnoli(string text)
    {
        uint sum = uint.MaxValue;
        foreach (char value in text)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) == 1 ? (sum >> 1) ^ 0x82f63b78 : sum >> 1;
        }
        return ~sum;
    }

    [GeneratedRegex(@"\A(?<named>[a-z0-9.-]{1,255}\t[A-Za-z0-9]{1,32}\t(?<time>0|[1-9][0-9]{0,19})\t)(?<sum>[0-9a-f]{8})\n\t(?<source>.*)\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Entry();
}
