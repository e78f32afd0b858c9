using Postern.Queue.Schedule;

namespace Postern.Queue.Tests.Delivery;

public sealed class SenderTurnsTests
{
    private const int Many = 200_000;

    /// <summary>What a waiting recipient may take beside its entries: 160 bytes in all, of which they are 72 and the way to them is some 50.</summary>
    private const int MostBytesEach = 32;

    [Fact]
    public void RecipientsOfManySenders_TakeLittleMemory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var turns = Filled();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Many, 0, MostBytesEach);
        Assert.Equal(Many, turns.Count);
    }

    [Fact]
    public void RecipientsOfManySenders_AllComeOutOnce()
    {
        var turns = Filled();
        HashSet<int> taken = [];
        while (turns.TryTake(out var recipient))
        {
            Assert.True(taken.Add(recipient));
        }

        Assert.Equal((Many, 0), (taken.Count, turns.Count));
    }

    [Fact]
    public void MailingBeforeEverybody_KeepsNobodyElseWaiting()
    {
        var turns = new SenderTurns<int>();
        for (var recipient = 0; recipient < Many; recipient++)
        {
            turns.Add(sender: 0, recipient);
        }

        turns.Add(sender: 1, Many);
        turns.Add(sender: -1, Many + 1);
        List<int> first = [];
        for (var turn = 0; turn < 3; turn++)
        {
            Assert.True(turns.TryTake(out var recipient));
            first.Add(recipient);
        }

        Assert.Equal([0, Many, Many + 1], first);
    }

    private static SenderTurns<int> Filled()
    {
        var turns = new SenderTurns<int>();
        for (var recipient = 0; recipient < Many; recipient++)
        {
            turns.Add(sender: unchecked(recipient * 0x61C88647), recipient);
        }

        return turns;
    }
}
