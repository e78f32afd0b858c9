using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>Asks the configured recursive resolvers in turn, with bounded patience, and follows aliases. Keeps nothing but who answered last.</summary>
/// <remarks>Not safe for several threads; any number of questions may be under way on one loop.</remarks>
public sealed class StubResolver : INameResolver
{
    /// <summary>Servers that are asked; resolv.conf(5) has the same limit.</summary>
    public const int MaxServers = 3;

    private readonly NameServer[] _servers;
    private readonly IDnsTransport _transport;
    private readonly TimeProvider _clock;
    private readonly IRandomSource _random;

    // The server that answered last is asked first: a dead first server must not cost two seconds with each question.
    private int _first;

    /// <param name="servers">In order of preference; those past <see cref="MaxServers"/> are not asked.</param>
    public StubResolver(IReadOnlyList<NameServer> servers, IDnsTransport transport, TimeProvider clock, IRandomSource random)
    {
        _servers = [.. servers.Take(MaxServers)];
        _transport = transport;
        _clock = clock;
        _random = random;
    }

    public async ValueTask<Resolution> ResolveAsync(DnsQuestion question)
    {
        var deadline = new Deadline(_clock, ResolverTimeouts.Overall);
        var chain = new AliasChain(question);
        while (true)
        {
            (ServerReply reply, bool isTrusted) = await AskServersAsync(chain.Next, deadline);
            if (reply.Response is null)
                return new Resolution.Unavailable(reply.Reason);
            Resolution? resolution = chain.Follow(reply.Response, isTrusted && reply.Response.Header.IsAuthenticData);
            if (resolution is not null)
                return resolution;
        }
    }

    private async ValueTask<(ServerReply Reply, bool IsTrusted)> AskServersAsync(DnsQuestion question, Deadline deadline)
    {
        if (_servers.Length == 0)
            return (ServerReply.Failed(UnavailableReason.NoServer), false);
        UnavailableReason reason = UnavailableReason.TimedOut;
        bool[] hasFailed = new bool[_servers.Length];
        int first = _first;
        TimeSpan wait = ResolverTimeouts.FirstWait;
        for (int round = 0; round < ResolverTimeouts.Rounds; round++, wait *= 2)
        {
            for (int i = 0; i < _servers.Length && !deadline.HasPassed; i++)
            {
                int at = (first + i) % _servers.Length;
                if (hasFailed[at])
                    continue;
                ServerReply reply = await new ServerExchange(_transport, _random, _servers[at], deadline).AskAsync(question, wait);
                if (reply.Response is not null)
                {
                    _first = at;
                    return (reply, _servers[at].IsTrusted);
                }
                // Only silence is worth a second try: who said no would say it again.
                if (reply.Reason == UnavailableReason.TimedOut)
                    continue;
                hasFailed[at] = true;
                reason = reply.Reason;
            }
        }
        return (ServerReply.Failed(reason), false);
    }
}
