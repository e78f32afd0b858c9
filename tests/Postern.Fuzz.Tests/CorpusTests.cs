namespace Postern.Fuzz.Tests;

/// <summary>Every checked-in input through its target.</summary>
public sealed class CorpusTests
{
    private const int MaxBytes = 1024 * 1024;

    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryInputOfTheCorpus_SatisfiesItsOracle(string name)
    {
        var target = Targets.Find(name)!;
        var corpus = Corpus.Of(target);
        Assert.True(corpus.Count > 0, $"fuzz/corpus/{name} holds no input.");
        List<string> failures = [];
        foreach (var (file, bytes) in corpus)
        {
            if (Record.Exception(() => target.Run(bytes)) is { } failure) failures.Add($"fuzz/corpus/{name}/{file}: {failure}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void TheEmptyInput_IsAnInputToo() => Assert.All(Targets.All, target => target.Run([]));

    [Fact]
    public void TheCorporaAreSmall_AndBelongToTargets()
    {
        string[] folders = Directory.GetDirectories(Path.Join(Corpus.Root, "corpus"));
        Assert.Equal(Targets.All.Select(target => target.Name).Order(StringComparer.Ordinal), folders.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.InRange(folders.SelectMany(Directory.GetFiles).Sum(file => new FileInfo(file).Length), 1, MaxBytes);
    }

    [Fact]
    public void EveryTargetHasAName_ForTheShell() =>
        Assert.All(Targets.All, target => Assert.Matches("^[a-z]+(-[a-z]+)*$", target.Name));
}
