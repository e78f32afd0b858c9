using System.Text;
using System.Text.RegularExpressions;
using Postern.Config;
using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Sections;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Configurations;

/// <summary>/etc/aliases, beside patterns that take its lines apart; what was understood of it, written out one alias a line, is
/// understood the same, without an error.</summary>
internal static partial class AliasesFileTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var (table, errors) = Read(input);
        Demand.Equal(string.Join('\n', Reference(input).Select(Line)), string.Join('\n', table.Aliases.Select(Line)), "the aliases");
        int lines = input.Count((byte)'\n') + 1;
        foreach (var error in errors.InOrder("aliases")) Demand.That(error.Place.Line >= 1 && error.Place.Line <= lines, $"an error on line {error.Place.Line} of {lines}");
        var text = new StringBuilder();
        // An alias all of whose targets were refused is an error already; so is one that stands there without any.
        foreach (var alias in table.Aliases.Where(alias => alias.Targets.Count > 0))
            text.Append(Quote(alias.Key)).Append(": ").AppendJoin(", ", alias.Targets.Select(Quote)).Append('\n');
        var (again, faults) = Read(Encoding.UTF8.GetBytes(text.ToString()));
        Demand.That(faults.IsEmpty, "what was understood can't be written");
        Demand.Equal(string.Join('\n', table.Aliases.Where(alias => alias.Targets.Count > 0).Select(Line)), string.Join('\n', again.Aliases.Select(Line)), "the aliases written and read");
        foreach (var alias in table.Aliases)
            Demand.That(alias.Place.Line <= lines && alias.Targets.Count == alias.TargetPlaces.Count, "an alias without its place");
    }

    private static (AliasTable Table, ErrorList Errors) Read(ReadOnlySpan<byte> content)
    {
        var errors = new ErrorList();
        var table = new AliasTable(new OwnDomains(), errors);
        AliasesFile.Read("aliases", content, table, errors);
        return (table, errors);
    }

    private static IReadOnlyList<Alias> Reference(ReadOnlySpan<byte> content)
    {
        var table = new AliasTable(new OwnDomains(), new ErrorList());
        if (!Utf8Text.IsValid(content)) return [];
        (string? name, List<string> targets) = (null, []);
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            if (line.Trim(' ', '\t', '\r') is "" or ['#', ..]) continue;
            string rest = line;
            if (line[0] is not (' ' or '\t'))
            {
                Add();
                var match = Name().Match(line);
                name = match.Success ? Plain(match.Groups["name"].Value.Trim(' ', '\t')) : null;
                rest = line[match.Length..];
            }
            if (name is not null) targets.AddRange(Target().Matches(rest).Select(match => match.Value.Trim(' ', '\t', '\r')).Where(target => target.Length > 0).Select(Plain));
        }
        Add();
        return table.Aliases;

        void Add()
        {
            if (name is not null) table.Add(name, default, [.. targets.Select(target => (target, default(Place)))]);
            (name, targets) = (null, []);
        }
    }

    private static string Plain(string text) => Quoted().IsMatch(text) ? text[1..^1] : text;

    // A quotation that does not end goes on to the end of the line.
    [GeneratedRegex(@"^(?<name>(?:[^"":]|""(?:\\.|[^""\\])*"")*):", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:[^"",]|""(?:\\.|[^""\\])*(?:""|\\?\z))+", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Target();

    [GeneratedRegex(@"^""[^""]*""\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    // What begins like a file, a program or a comment and is an address is one in quotation marks.
    private static string Quote(string address) =>
        address is not ['/' or '|' or '#', ..] ? address
        : address.LastIndexOf('@') is >= 0 and var at ? $"\"{address[..at]}\"{address[at..]}" : $"\"{address}\"";

    private static string Line(Alias alias) => $"{alias.Key}: {string.Join(", ", alias.Targets)}";
}
