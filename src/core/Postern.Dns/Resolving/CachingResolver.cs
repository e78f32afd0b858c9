using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>Answers from a cache, and puts a question that several ask at once to the resolver behind it only once.</summary>
/// <remarks>
/// The second half is protection, not thrift: with n equal queries under way a forger's guess hits any of them, and his chance
/// grows with n (RFC 5452 §5). Not safe for several threads.
/// </remarks>
public sealed class CachingResolver(INameResolver resolver, AnswerCache cache) : INameResolver
{
    private readonly Dictionary<DnsQuestion, Task<Resolution>> _underWay = [];

    public ValueTask<Resolution> ResolveAsync(DnsQuestion question)
    {
        if (cache.TryGet(question, out Resolution? resolution))
            return new ValueTask<Resolution>(resolution);
        if (_underWay.TryGetValue(question, out Task<Resolution>? other))
            return new ValueTask<Resolution>(other);
        // In its place before it is asked: what the asking wakes on the way may want the same answer.
        Task<Task<Resolution>> asking = new(() => AskAsync(question));
        Task<Resolution> mine = asking.Unwrap();
        _underWay.Add(question, mine);
        asking.RunSynchronously(TaskScheduler.Default);
        return new ValueTask<Resolution>(mine);
    }

    private async Task<Resolution> AskAsync(DnsQuestion question)
    {
        try
        {
            Resolution resolution = await resolver.ResolveAsync(question);
            cache.Add(question, resolution);
            return resolution;
        }
        finally
        {
            _underWay.Remove(question);
        }
    }
}
