namespace Postern.Fuzz.Tests;

/// <summary>A short blind run of every target, the same each time; <c>./test --fuzz</c> makes long ones that see where they get.</summary>
public sealed class MutationTests
{
    private const int Seed = 20261127;

    public static TheoryData<string> Names => CorpusTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void ChangedInputs_SatisfyTheOracle(string name)
    {
        var target = Targets.Find(name)!;
        var mutator = new Mutator(Seed, [.. Corpus.Of(target).Select(input => input.Bytes)], target.MaxLength);
        for (int run = 0; run < target.Mutations; run++)
        {
            byte[] input = mutator.Next();
            if (Record.Exception(() => target.Run(input)) is { } failure) Assert.Fail($"{Convert.ToHexString(input)}: {failure}");
        }
    }
}
