using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sts;

namespace Postern.Fuzz.Policies;

/// <summary>A policy of MTA-STS beside patterns, and each of its names beside the servers that it stands for.</summary>
internal static partial class StsPolicyTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        bool read = StsPolicy.TryParse(input, out var policy);
        Demand.Equal(Reference(Demand.Latin(input)), read ? Shown(policy!) : null, "the policy");
        if (!read) return;
        Demand.Same(input, policy!.Source, "the source");
        foreach (string exchanger in policy.Exchangers)
        {
            bool any = exchanger[0] == '*';
            Demand.That(policy.Covers(any ? "X" + exchanger[1..] : exchanger.ToUpperInvariant() + "."), "a server is not covered");
            Demand.Equal(policy.Exchangers.Any(other => IsCovered("x.x." + exchanger, other)), policy.Covers("x.x." + exchanger), "a server below a pattern");
        }
    }

    private static string Shown(StsPolicy policy) => $"{policy.Mode} {policy.MaxAge.TotalSeconds} {string.Join(' ', policy.Exchangers)}";

    private static bool IsCovered(string name, string pattern) => Regex.IsMatch(
        name, $@"\A{Regex.Escape(pattern).Replace(@"\*", "[^.]+", StringComparison.Ordinal)}\z", RegexOptions.CultureInvariant);

    private static string? Reference(string text)
    {
        var fields = new List<(string Name, string Value)>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = i < lines.Length - 1 && lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
            if (line.All(sign => sign is ' ' or '\t')) continue;
            var match = Field().Match(line);
            if (!match.Success || !IsText(match.Groups["value"].Value)) return null;
            fields.Add((match.Groups["name"].Value, match.Groups["value"].Value));
        }
        string? First(string name) => fields.Where(field => field.Name == name).Select(field => field.Value).FirstOrDefault();
        string[] exchangers = [.. fields.Where(field => field.Name == "mx").Select(field => field.Value)];
        if (First("version") != "STSv1" || First("mode") is not ("none" or "testing" or "enforce")) return null;
        if (First("max_age") is not { } age || !Regex.IsMatch(age, @"\A[0-9]{1,10}\z") || long.Parse(age, CultureInfo.InvariantCulture) > StsPolicy.MaxSeconds) return null;
        if (exchangers.Length > StsPolicy.MaxExchangers || (exchangers.Length == 0 && First("mode") != "none")) return null;
        if (!exchangers.All(one => one.Length <= 253 && Exchanger().IsMatch(one))) return null;
        return $"{Enum.Parse<StsMode>(First("mode")!, ignoreCase: true)} {long.Parse(age, CultureInfo.InvariantCulture)} {string.Join(' ', exchangers).ToLowerInvariant()}";
    }

    private static bool IsText(string value)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(value));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*(?<value>[!-~\x80-\xff](?:[ -~\x80-\xff]*[!-~\x80-\xff])?)[ \t]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(@"\A(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Exchanger();
}
