using CsCheck;

namespace Postern.Loop.Tests;

public sealed class ByteQueueTests
{
    [Fact]
    public void WhateverIsAppendedAndConsumed_ComesOutInOrder() =>
        Gen.Int[1, 40_000].Array[1, 60].Sample(sizes =>
        {
            var queue = new ByteQueue();
            byte next = 0;
            byte expected = 0;
            foreach (var size in sizes)
            {
                var span = queue.Reserve(size);
                for (var i = 0; i < size; i++)
                {
                    span[i] = unchecked(next++);
                }

                queue.Advance(size);
                var take = Math.Min(queue.Length, (size * 2 / 3) + 1);
                foreach (var value in queue.Span[..take])
                {
                    if (value != unchecked(expected++))
                    {
                        return false;
                    }
                }

                queue.Consume(take);
            }

            return true;
        });

    [Fact]
    public void EmptiedAfterABurst_LetsItsMemoryGo()
    {
        var queue = new ByteQueue();
        queue.Append(new byte[1024 * 1024]);
        queue.Consume(1024 * 1024);
        Assert.True(queue.Reserve(1).Length <= 64 * 1024);
    }
}
