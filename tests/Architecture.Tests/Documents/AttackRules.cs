using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>docs/attacks.tsv says of every attack on our list which tests show that it fails.</summary>
internal static class AttackRules
{
    /// <summary>The last number of each group of the list of attacks that a mail server has to stand; every one of them has its answer.</summary>
    public static readonly (char Group, int Last)[] Groups =
    [
        ('A', 36), ('B', 17), ('C', 18), ('D', 11), ('E', 35), ('F', 10), ('G', 8), ('H', 10), ('I', 14), ('J', 7), ('K', 9), ('L', 14), ('M', 7),
        ('N', 10), ('O', 5), ('P', 13),
    ];

    /// <summary>What is run as a test in the sources: "Class.Method".</summary>
    public static HashSet<string> TestsOf(IEnumerable<SourceFile> sources) =>
    [
        .. from file in sources
           from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
           where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTest)
           let owner = method.Ancestors().OfType<ClassDeclarationSyntax>().First()
           select $"{owner.Identifier.Text}.{method.Identifier.Text}",
    ];

    /// <summary>What is wrong with the tables: ids that are in neither or in both, out of order or twice, and tests that are not in the tree.</summary>
    /// <param name="table">The attacks that have their tests.</param>
    /// <param name="later">The others, and what has to exist before they mean anything.</param>
    /// <param name="tests">The tests of the tree.</param>
    public static IEnumerable<string> Mistakes(IReadOnlyList<string[]> table, IReadOnlyList<string[]> later, IReadOnlySet<string> tests)
    {
        (char Group, int Number) before = default;
        HashSet<(char Group, int Number)> listed = [];
        foreach (string[] row in table)
        {
            if (!TryReadId(row[0], out (char Group, int Number) id))
            {
                yield return $"{row[0]} is no id: a capital and a number.";
                continue;
            }

            if (id.CompareTo(before) <= 0)
            {
                yield return $"{row[0]} is out of order or listed twice.";
            }

            before = id;
            listed.Add(id);
            foreach (string test in row[3].Split(", ").Where(test => !tests.Contains(test)))
            {
                yield return $"{row[0]} names {test}, which is no test.";
            }
        }

        HashSet<(char Group, int Number)> waiting = [];
        foreach (string[] row in later)
        {
            if (!TryReadId(row[0], out (char Group, int Number) id) || !waiting.Add(id) || row[1].Length == 0)
            {
                yield return $"{row[0]} is no attack that waits, waits twice, or has no reason.";
            }
        }

        foreach ((char group, int last) in Groups)
        {
            foreach (int number in Enumerable.Range(1, last).Where(number => listed.Contains((group, number)) == waiting.Contains((group, number))))
            {
                yield return $"{group}{number} is {(listed.Contains((group, number)) ? "tested and waits" : "missing")}.";
            }
        }

        foreach ((char group, int number) in waiting.Where(id => !Groups.Any(known => known.Group == id.Group && id.Number <= known.Last)))
        {
            yield return $"{group}{number} waits and is on no list.";
        }
    }

    private static bool TryReadId(string text, out (char Group, int Number) id)
    {
        bool isNumber = int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        id = (text[0], number);
        return isNumber && number > 0 && char.IsAsciiLetterUpper(text[0]) && text[1] != '0';
    }

    private static bool IsTest(AttributeSyntax attribute) => attribute.Name.ToString() is "Fact" or "Theory";
}
