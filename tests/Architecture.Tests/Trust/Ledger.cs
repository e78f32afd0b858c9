using System.Globalization;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Trust;

/// <summary>The page docs/trust.md: the table of who could break which guarantee, which people write, and the figures that follow from it.</summary>
internal static class Ledger
{
    public const string Page = "docs/trust.md";

    private const string FiguresBegin = "<!-- figures: begin -->\n";
    private const string FiguresEnd = "<!-- figures: end -->";

    /// <summary>Figures are rounded up to this, so that the page does not change with every line.</summary>
    private const int Step = 50;

    /// <summary>Who could break what: "all" for everybody, "own" for what passes through it, "unsafe" by its unsafe code alone, "–" not at all.</summary>
    public static IReadOnlyList<TrustRow> Rows(string page) =>
    [
        .. Between(page, "<!-- who: begin -->\n", "<!-- who: end -->").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new TrustRow(cells[0].Trim('`'), cells[1..])),
    ];

    /// <summary>The page with the figures as they are now.</summary>
    public static string WithFigures(string page, IReadOnlyDictionary<string, Weight> weights)
    {
        string figures = Figures(Rows(page), weights);
        return page.Replace(FiguresBegin + Between(page, FiguresBegin, FiguresEnd), FiguresBegin + figures, StringComparison.Ordinal);
    }

    private static string Figures(IReadOnlyList<TrustRow> rows, IReadOnlyDictionary<string, Weight> weights)
    {
        double bytesPerLine = weights.Values.Sum(weight => weight.OwnBytes) / (double)weights.Values.Sum(weight => weight.Lines.All.Count);
        string Packages(IEnumerable<Weight> some) => some.Sum(weight => weight.PackageBytes) is > 0 and var bytes ? $"≈ {Rounded(bytes / bytesPerLine)}" : "–";
        List<string> lines = ["| program | our lines | of them unsafe | lines of packages |", "|---|---:|---:|---:|"];
        foreach (TrustRow row in rows)
        {
            Weight weight = weights[row.Program];
            lines.Add($"| `{row.Program}` | {Rounded(weight.Lines.All.Count)} | {Rounded(weight.Lines.Unsafe.Count)} | {Packages([weight])} |");
        }

        lines.AddRange(["", "| guarantee | lines that could break it for everybody | of them unsafe | lines of packages | lines that could break it for what passes through them |", "|---|---:|---:|---:|---:|"]);
        for (int guarantee = 0; guarantee < TrustRow.Guarantees; guarantee++)
        {
            Weight[] all = [.. rows.Where(row => row.Scopes[guarantee] == "all").Select(row => weights[row.Program])];
            Counted everybody = Counted.Together([
                .. all.Select(weight => weight.Lines),
                .. rows.Where(row => row.Scopes[guarantee] == "unsafe").Select(row => weights[row.Program].Lines).Select(one => one.UnsafeAlone)]);
            Counted passing = Counted.Together(rows.Where(row => row.Scopes[guarantee] == "own").Select(row => weights[row.Program].Lines));
            string others = passing.All.Count == 0 ? "–" : Rounded(passing.All.Except(everybody.All).Count());
            lines.Add($"| {guarantee + 1} | {Rounded(everybody.All.Count)} | {Rounded(everybody.Unsafe.Count)} | {Packages(all)} | {others} |");
        }

        lines.AddRange(["", "| part | our lines | of them with a statement | of them unsafe |", "|---|---:|---:|---:|"]);
        lines.Add(Part("`posternd`: what can run as root", weights["posternd"].Lines));
        lines.Add(Part("the log and the queue's own logic, in `postern-queue`", Weight.LogAndQueueOf(weights)));
        lines.Add(Part("`postern-smtpd` before a recipient is accepted", weights[Weight.BeforeRecipient].Lines));
        lines.Add(Part("of these what is not in every program: its own code, SMTP, addresses, text", Weight.OwnOf(weights)));
        return string.Join('\n', lines) + "\n";
    }

    private static string Part(string name, Counted counted) =>
        $"| {name} | {Rounded(counted.All.Count)} | {Rounded(counted.Statements.Count)} | {Rounded(counted.Unsafe.Count)} |";

    private static string Rounded(double value) => (Math.Ceiling(value / Step) * Step).ToString("N0", CultureInfo.InvariantCulture);

    private static string Between(string page, string begin, string end)
    {
        int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = page.IndexOf(end, Math.Max(from, 0), StringComparison.Ordinal);
        return from >= begin.Length && to >= from ? page[from..to] : throw new FormatException($"{Page} has no part from {begin.Trim()} to {end}.");
    }
}

/// <summary>A program's line in the table of who could break what.</summary>
internal sealed record TrustRow(string Program, IReadOnlyList<string> Scopes)
{
    public const int Guarantees = 5;
}
