using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Remote.Protection.Sts;

namespace Postern.Micro;

/// <summary>Plays the directory: no address is ours, so everything is relayed.</summary>
internal sealed class ForeignDirectory : IChannelEvents
{
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != AddressQuestionFrame.Type || !AddressQuestionFrame.TryRead(ref reader, out var question))
        {
            return false;
        }

        channel.Send(new AddressAnswerFrame { Question = question.Question, Verdict = AddressVerdict.Foreign });
        return true;
    }

    public void OnChannelClosed(Channel channel, bool hostile)
    {
    }
}

/// <summary>Plays the name servers, which nobody asks: everything goes along a route.</summary>
internal sealed class NoNames : INameResolver
{
    public ValueTask<Resolution> ResolveAsync(DnsQuestion question) => new(new Resolution.Unavailable(UnavailableReason.ServerFailure));
}

/// <summary>Domains without a policy.</summary>
internal sealed class NoPolicies : IPolicyFetch
{
    public ValueTask<FetchedPolicy> FetchAsync(string domain) => new(new FetchedPolicy(null, "there is none"));
}
