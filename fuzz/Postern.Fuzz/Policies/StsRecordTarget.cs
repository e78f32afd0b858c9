using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sts;

namespace Postern.Fuzz.Policies;

/// <summary>TXT records of MTA-STS, parted by line feeds, beside a pattern.</summary>
internal static partial class StsRecordTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] texts = Demand.Latin(input).Split('\n');
        bool read = StsRecord.TryParse([.. texts.Select(Encoding.Latin1.GetBytes)], out string? id);
        Demand.Equal(read, id is not null, "an id");
        string[] records = [.. texts.Where(text => text.StartsWith("v=STSv1;", StringComparison.Ordinal))];
        var match = records.Length == 1 ? Form().Match(records[0]) : Match.Empty;
        // The first field of the name has to be an id, as all behind it are any other field.
        var first = match.Success ? match.Groups["field"].Captures.FirstOrDefault(field => field.Value.StartsWith("id=", StringComparison.Ordinal)) : null;
        string? expected = first is not null && Id().IsMatch(first.Value) ? first.Value[3..] : null;
        Demand.Equal(expected, id, "the id");
    }

    [GeneratedRegex(@"\Av=STSv1(?:[ \t]*;[ \t]*(?<field>[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-:<>-~]+))+(?:[ \t]*;[ \t]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\Aid=[A-Za-z0-9]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
