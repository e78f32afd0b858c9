using System.Runtime.CompilerServices;
using Postern.Queue.Table;

namespace Postern.Queue.Tests;

public sealed class BlockTableTests
{
    private const int Longest = 10_000;

    [Fact]
    public void Runs_NeverOverlap()
    {
        var table = new BlockTable<int>();
        var random = new Random(1);
        List<(int First, int Count, int Mark)> runs = [];
        for (var mark = 1; mark < 5000; mark++)
        {
            if (runs.Count > 0 && random.Next(2) == 0)
            {
                var place = random.Next(runs.Count);
                Check(table, runs[place]);
                table.Remove(runs[place].First, runs[place].Count);
                runs.RemoveAt(place);
            }

            var count = random.Next(3) > 0 ? 1 : random.Next(random.Next(10) == 0 ? Longest : 20);
            var first = table.Add(count);
            for (var index = first; index < first + count; index++)
            {
                table[index] = mark;
            }

            runs.Add((first, count, mark));
        }

        runs.ForEach(run => Check(table, run));
        Assert.Equal(runs.Sum(run => run.Count), table.Count);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 4, 4)]
    [InlineData(5, 8, 8)]
    [InlineData(Longest, Longest - 1, 16_384)]
    public void FreeRun_IsUsedAgainForItsSize(int count, int next, int taken)
    {
        var table = new BlockTable<int>();
        for (var i = 0; i < 1000; i++)
        {
            table.Remove(table.Add(count), count);
            table.Remove(table.Add(next), next);
        }

        Assert.Equal((0, taken), (table.Count, table.Bound));
    }

    // A million messages are to fit 200 MiB with all that leads to them.
    [Fact]
    public void Entries_StaySmall()
    {
        Assert.Equal(48, Unsafe.SizeOf<MessageEntry>());
        Assert.Equal(24, Unsafe.SizeOf<RecipientEntry>());
    }

    private static void Check(BlockTable<int> table, (int First, int Count, int Mark) run) =>
        Assert.All(Enumerable.Range(run.First, run.Count), index => Assert.Equal(run.Mark, table[index]));
}
