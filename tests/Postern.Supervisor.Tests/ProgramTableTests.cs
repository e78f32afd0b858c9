using System.Text.RegularExpressions;
using Postern.Ipc;
using Postern.TestKit.Servers;

namespace Postern.Supervisor.Tests;

/// <summary>The graph of who may talk to whom, against the page that promises it.</summary>
public sealed class ProgramTableTests
{
    private static readonly string _page = File.ReadAllText(Path.Join(Root(), "docs", "architecture.md"));

    [Fact]
    public void Channels_AreThoseOfTheDocumentation()
    {
        // "queue ── local ── directory" are two channels.
        var drawn = Regex.Matches(_page, @"(?<=(?<one>\w+) ── )(?<other>\w+\b)(?<!each)")
            .Select(match => Pair(match.Groups["one"].Value, match.Groups["other"].Value)).ToHashSet();
        var made = ProgramTable.Channels.Select(pair => Pair(pair.One.ToString(), pair.Other.ToString())).ToList();
        Assert.Equal(drawn.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        Assert.Contains("local ── each deliver", _page, StringComparison.Ordinal);
    }

    [Fact]
    public void TheOneWhoIsAsked_StartsFirst()
    {
        var order = ProgramTable.Standing.Select(program => program.Name).ToList();
        // The first of a pair asks the second.
        Assert.All(ProgramTable.Channels, pair => Assert.True(order.IndexOf(pair.One) > order.IndexOf(pair.Other), pair.ToString()));
        Assert.Contains($"who asks: {string.Join(", ", ProgramTable.Standing.Select(program => program.ShortName))}.", _page.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryProgram_HasAUserOfItsOwnAsDocumented()
    {
        var rows = Regex.Matches(_page, @"^\| `(postern-\w+)` \| ([\w-]+) \|", RegexOptions.Multiline).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        Assert.All(ProgramTable.Standing, program => Assert.Equal(rows[program.File], program.User));
        Assert.Equal(rows[ProgramTable.Config.File], ProgramTable.Config.User);
        Assert.Equal(ProgramTable.Standing.Count, ProgramTable.Standing.Select(program => program.User).Distinct().Count());
        Assert.DoesNotContain("root", ProgramTable.Standing.Select(program => program.User));
    }

    // What the tests of whole servers examine: a new program has to come into their list, and so before their eyes.
    [Fact]
    public void EveryStandingProgram_IsExaminedByTheTestsOfWholeServers() => Assert.Equal(
        StandingProgram.All,
        ProgramTable.Standing.Select(program => new StandingProgram(
            program.File, program.User, ProgramTable.Channels.Count(channel => channel.One == program.Name || channel.Other == program.Name))));

    [Fact]
    public void Slices_AreInTheOrderOfThePrograms()
    {
        // postern-config counts descriptors, not names.
        Assert.Equal(Enumerable.Range(1, 11).Select(number => (ProgramName)number), ProgramTable.Slices);
    }

    private static string Pair(string one, string other) =>
        string.Join('-', new[] { one, other }.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Postern.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the tree.");
        }

        return folder;
    }
}
