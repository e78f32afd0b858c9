using Postern.Dns.Resolving;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Resolving;

public class CachingResolverTests
{
    private static readonly DnsQuestion _question = new(Names.Of("example.org"), DnsType.A);

    private readonly SlowResolver _slow = new();
    private readonly CachingResolver _resolver;

    public CachingResolverTests() => _resolver = new CachingResolver(_slow, new AnswerCache(new ManualClock()));

    [Fact]
    public async Task QuestionsAtTheSameTime_AreAskedOnce()
    {
        Task<Resolution> first = _resolver.ResolveAsync(_question).AsTask();
        Task<Resolution> second = _resolver.ResolveAsync(new DnsQuestion(Names.Of("EXAMPLE.org"), DnsType.A)).AsTask();
        Task<Resolution> other = _resolver.ResolveAsync(_question with { Type = DnsType.Aaaa }).AsTask();
        Assert.Equal(2, _slow.Asked.Count);
        Assert.False(first.IsCompleted || second.IsCompleted || other.IsCompleted);

        var answer = new Resolution.NoSuchName { TimeToLive = 60 };
        _slow.Asked[0].SetResult(answer);
        Assert.Same(answer, await first);
        Assert.Same(answer, await second);
        Assert.False(other.IsCompleted);
    }

    // Whoever waited for something else goes on inside of the asking, and asks the same.
    [Fact]
    public async Task QuestionThatIsAskedWhileItIsBeingAsked_IsAskedOnce()
    {
        Task<Resolution>? inner = null;
        _slow.OnAsked = () =>
        {
            _slow.OnAsked = static () => { };
            inner = _resolver.ResolveAsync(_question).AsTask();
        };
        Task<Resolution> outer = _resolver.ResolveAsync(_question).AsTask();
        Assert.Single(_slow.Asked);

        var answer = new Resolution.NoSuchName { TimeToLive = 60 };
        _slow.Asked[0].SetResult(answer);
        Assert.Same(answer, await outer);
        Assert.Same(answer, await inner!);
    }

    // A loop's work must stay on its thread, and of several continuations of one task the runtime gives all but one to others.
    [Fact]
    public void AllWhoWait_GoOnAtOnceOnTheThreadOfTheAnswer()
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var threads = new List<int>();
            Task[] waiting = [WaitAsync(threads), WaitAsync(threads), WaitAsync(threads)];
            _slow.Asked[0].SetResult(new Resolution.NoSuchName { TimeToLive = 60 });

            Assert.Equal([Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId, Environment.CurrentManagedThreadId], threads);
            Assert.All(waiting, one => Assert.True(one.IsCompletedSuccessfully));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    [Fact]
    public async Task FailureOfTheResolver_LeavesNobodyWaiting()
    {
        Task<Resolution> first = _resolver.ResolveAsync(_question).AsTask();
        Task<Resolution> second = _resolver.ResolveAsync(_question).AsTask();
        _slow.Asked[0].SetException(new InvalidOperationException("ours"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<TaskCanceledException>(() => second);
        _ = _resolver.ResolveAsync(_question).AsTask();
        Assert.Equal(2, _slow.Asked.Count);
    }

    [Fact]
    public async Task RememberedAnswer_IsNotAskedForAgain()
    {
        ValueTask<Resolution> first = _resolver.ResolveAsync(_question);
        _slow.Asked[0].SetResult(new Resolution.NoSuchName { TimeToLive = 60 });
        Resolution answer = await first;

        Assert.Same(answer, await _resolver.ResolveAsync(_question));
        Assert.Single(_slow.Asked);
    }

    [Fact]
    public async Task AnswerThatMayNotBeRemembered_IsAskedForAgain()
    {
        ValueTask<Resolution> first = _resolver.ResolveAsync(_question);
        _slow.Asked[0].SetResult(new Resolution.NoSuchName());
        await first;
        _ = _resolver.ResolveAsync(_question).AsTask();

        Assert.Equal(2, _slow.Asked.Count);
    }

    [Fact]
    public async Task AnswerThatIsThereAtOnce_LeavesNothingUnderWay()
    {
        var fixture = new ResolverFixture();
        fixture.Network.Datagrams = asked => [new(asked.Reply(code: 3).Build())];
        var resolver = new CachingResolver(fixture.Resolver, new AnswerCache(fixture.Clock));
        for (int i = 0; i < 3; i++)
            Assert.IsType<Resolution.NoSuchName>(await resolver.ResolveAsync(_question));

        // No SOA: each was asked anew.
        Assert.Equal(3, fixture.Network.Log.Count);
    }

    private async Task WaitAsync(List<int> threads)
    {
        await _resolver.ResolveAsync(_question);
        threads.Add(Environment.CurrentManagedThreadId);
    }

    private sealed class SlowResolver : INameResolver
    {
        internal List<TaskCompletionSource<Resolution>> Asked { get; } = [];

        internal Action OnAsked { get; set; } = static () => { };

        public ValueTask<Resolution> ResolveAsync(DnsQuestion question)
        {
            var mine = new TaskCompletionSource<Resolution>();
            Asked.Add(mine);
            OnAsked();
            return new ValueTask<Resolution>(mine.Task);
        }
    }
}
