namespace Postern.Posix.Tests;

/// <summary>Bytes from the kernel's generator.</summary>
public sealed class RandomBytesTests
{
    // Below, at and beyond what one call of the kernel is sure to give whole.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void EveryByte_IsFilled(int count)
    {
        // A place that is zero in all of twenty takes was never written: by chance that happens once in 2^160.
        var seen = new byte[count];
        for (var i = 0; i < 20; i++)
        {
            var taken = RandomBytes.Take(count);
            Assert.Equal(count, taken.Length);
            for (var at = 0; at < count; at++)
            {
                seen[at] |= taken[at];
            }
        }

        Assert.DoesNotContain((byte)0, seen);
    }
}
