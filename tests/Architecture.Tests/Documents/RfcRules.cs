using System.Globalization;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>docs/rfc.tsv says of every RFC that the source cites how far Postern follows it.</summary>
internal static class RfcRules
{
    private static readonly string[] States = ["yes", "partial", "no", "planned"];

    /// <summary>The numbers that a text cites: "RFC 5321", "RFC5321", "RFC-5321", and further ones as in "RFC 5321/5322".</summary>
    public static IEnumerable<int> Cited(string text)
    {
        const string Mark = "RFC";
        for (int at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            int next = at + Mark.Length;
            next += next < text.Length && text[next] == 's' ? 1 : 0;
            next += next < text.Length && text[next] is ' ' or '-' or '\u00a0' ? 1 : 0;
            while (TakeNumber(text, ref next, out int number))
            {
                yield return number;
                if (next == text.Length || text[next] != '/')
                {
                    break;
                }

                next++;
            }
        }
    }

    /// <summary>What is wrong with the table itself: states that mean nothing, rows out of order or twice.</summary>
    public static IEnumerable<string> Mistakes(IReadOnlyList<string[]> table)
    {
        int before = 0;
        foreach (string[] row in table)
        {
            int number = int.Parse(row[0], NumberStyles.None, CultureInfo.InvariantCulture);
            if (number <= before)
            {
                yield return $"RFC {number} is out of order or listed twice.";
            }

            if (!States.Contains(row[1]))
            {
                yield return $"RFC {number}: {row[1]} is none of {string.Join(", ", States)}.";
            }

            before = number;
        }
    }

    public static IEnumerable<string> Unlisted(IEnumerable<SourceFile> files, IReadOnlyList<string[]> table)
    {
        HashSet<int> listed = [.. table.Select(row => int.Parse(row[0], NumberStyles.None, CultureInfo.InvariantCulture))];
        return
            from file in files
            from number in Cited(file.Text).Distinct()
            where !listed.Contains(number)
            select $"{file.Path} cites RFC {number}, which docs/rfc.tsv does not list.";
    }

    // RFC numbers have three digits or more here: what is shorter is no citation in this field.
    private static bool TakeNumber(string text, ref int at, out int number)
    {
        int begin = at;
        number = 0;
        while (at < text.Length && at - begin < 5 && char.IsAsciiDigit(text[at]))
        {
            number = (number * 10) + (text[at] - '0');
            at++;
        }

        return at - begin >= 3;
    }
}
