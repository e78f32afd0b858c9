using Postern.Dns.Wire;
using Postern.Loop;

namespace Postern.Dns.Resolving;

/// <summary>Answers from a cache, and puts a question that several ask at once to the resolver behind it only once.</summary>
/// <remarks>
/// The second half is protection, not thrift: with n equal queries under way a forger's guess hits any of them, and his chance
/// grows with n (RFC 5452 §5). Not safe for several threads.
/// </remarks>
public sealed class CachingResolver : INameResolver
{
    private readonly AnswerCache _cache;
    private readonly SharedWork<DnsQuestion, Resolution> _asking;

    public CachingResolver(INameResolver resolver, AnswerCache cache)
    {
        _cache = cache;
        _asking = new SharedWork<DnsQuestion, Resolution>(async question =>
        {
            Resolution resolution = await resolver.ResolveAsync(question);
            cache.Add(question, resolution);
            return resolution;
        });
    }

    public ValueTask<Resolution> ResolveAsync(DnsQuestion question) =>
        _cache.TryGet(question, out Resolution? resolution) ? new ValueTask<Resolution>(resolution) : _asking.GetAsync(question);
}
