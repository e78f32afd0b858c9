namespace Postern.Crash.Power;

/// <summary>One way in which the power can fail just before a flush: what reached the disk of all that was written since the last one.</summary>
/// <param name="Name">Says which way, for the message of a failure.</param>
/// <param name="Survivors">What is there, in order.</param>
internal sealed record PowerCut(string Name, IReadOnlyList<DiskWrite> Survivors)
{
    /// <summary>How many random ones each interval has.</summary>
    private const int Seeds = 16;

    /// <summary>The ways that are tried for the writes between two flushes.</summary>
    internal static IEnumerable<PowerCut> Of(IReadOnlyList<DiskWrite> writes, Random random)
    {
        yield return new PowerCut("nothing", []);
        if (writes.Count == 0)
        {
            yield break;
        }

        yield return new PowerCut("everything", writes);
        foreach (var seed in Enumerable.Range(0, Seeds))
        {
            yield return Some(writes, random, seed);
        }

        var missing = random.Next(writes.Count);
        yield return new PowerCut($"all but write {missing}", [.. writes.Where((_, index) => index != missing)]);
        foreach (var after in new[] { false, true })
        {
            var torn = random.Next(writes.Count);
            if (writes[torn].Sectors > 1)
            {
                var sectors = random.Next(1, writes[torn].Sectors);
                yield return new PowerCut(
                    $"write {torn} torn after {sectors} sectors, later ones {(after ? "there" : "missing")}",
                    [.. writes.Take(torn), writes[torn].Torn(sectors), .. after ? writes.Skip(torn + 1) : []]);
            }
        }
    }

    /// <summary>Whole writes, or pieces of them: few of them, half, or most.</summary>
    private static PowerCut Some(IReadOnlyList<DiskWrite> writes, Random random, int seed)
    {
        var pieces = seed % 2 == 0 ? writes : [.. writes.SelectMany(write => write.Pieces())];
        double[] shares = [0.1, 0.5, 0.9];
        var share = shares[seed % shares.Length];
        List<int> kept = [.. Enumerable.Range(0, pieces.Count).Where(_ => random.NextDouble() < share)];
        return new PowerCut(
            $"of {pieces.Count} {(seed % 2 == 0 ? "writes" : "pieces")} {string.Join(' ', kept.Take(50))}", [.. kept.Select(index => pieces[index])]);
    }
}
