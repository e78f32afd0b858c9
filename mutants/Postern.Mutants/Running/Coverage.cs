namespace Postern.Mutants.Running;

/// <summary>Which test cases reach which places, and how long they take.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<int, List<TestCase>> _byPlace = [];

    /// <summary>Cases that fail without any mistake, here: nothing can be learned from them.</summary>
    public List<string> Unfit { get; } = [];

    public int Cases { get; private set; }

    /// <summary>Runs every case once alone, and short ones a second time, as the first pays for the compiler.</summary>
    public static Coverage Of(TestWorker worker)
    {
        const int Short = 300;
        var coverage = new Coverage();
        var names = worker.List();
        for (int number = 0; number < names.Count; number++)
        {
            var first = Run(worker, number);
            var second = first is { Milliseconds: < Short } ? Run(worker, number) : first;
            if (first is null || second is null)
            {
                coverage.Unfit.Add(names[number]);
                continue;
            }
            var found = new TestCase(number, names[number], Math.Min(first.Value.Milliseconds, second.Value.Milliseconds));
            coverage.Cases++;
            foreach (int place in first.Value.Places.Union(second.Value.Places)) coverage.At(place).Add(found);
        }
        return coverage;
    }

    /// <summary>The cases that reach a place.</summary>
    public IReadOnlyList<TestCase> Reaching(int place) => At(place);

    private List<TestCase> At(int place)
    {
        if (!_byPlace.TryGetValue(place, out var cases)) _byPlace[place] = cases = [];
        return cases;
    }

    private static (int Milliseconds, int[] Places)? Run(TestWorker worker, int number)
    {
        worker.Send($"cover {number}");
        string[]? words = worker.Receive(Allowance.Start)?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is null || words[0] != "passed") return null;
        return (Allowance.Parse(words[1]), [.. words.Skip(2).Select(Allowance.Parse)]);
    }
}

/// <summary>One test, or one row of one.</summary>
/// <param name="Number">Its number in the worker.</param>
/// <param name="Name">Its name.</param>
/// <param name="Milliseconds">How much work it is for the processor.</param>
internal sealed record TestCase(int Number, string Name, int Milliseconds)
{
    /// <summary>How many mutants it noticed so far: the keen ones are asked first.</summary>
    public int Kills { get; set; }

    public double Rank => (Milliseconds + 1.0) / (1 + Kills);
}
