using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>docs/attacks.tsv says of every attack on our list which tests show that it fails.</summary>
internal static class AttackRules
{
    /// <summary>The groups and numbers that may not be missing from the list.</summary>
    public static readonly (char Group, int First, int Last)[] Required =
    [
        ('A', 1, 34), ('B', 1, 17), ('E', 1, 35), ('F', 1, 8), ('G', 1, 2), ('G', 6, 8), ('H', 1, 9), ('I', 1, 11), ('K', 1, 5), ('K', 7, 9),
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

    /// <summary>What is wrong with the table: ids missing, out of order or twice, and tests that are not in the tree.</summary>
    public static IEnumerable<string> Mistakes(IReadOnlyList<string[]> table, IReadOnlySet<string> tests)
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

        foreach ((char group, int first, int last) in Required)
        {
            foreach (int number in Enumerable.Range(first, last - first + 1).Where(number => !listed.Contains((group, number))))
            {
                yield return $"{group}{number} is missing.";
            }
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
