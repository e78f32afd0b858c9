using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.Dns.Exchangers;

/// <summary>One exchanger of a route with what is known about where it is, or the end of the route.</summary>
public abstract record ExchangerStep
{
    private ExchangerStep()
    {
    }

    /// <summary>A host and where to connect to, in that order; the name that its aliases lead to is its own without any.</summary>
    public sealed record Host(
        MailExchanger Exchanger, IReadOnlyList<IpAddress> Addresses, DnsName CanonicalName, bool IsAuthenticated) : ExchangerStep;

    /// <summary>A host without addresses: go on; if no other was found either, the domain fails with 5.4.4 (an implicit one with 5.1.2).</summary>
    public sealed record NoAddress(MailExchanger Exchanger) : ExchangerStep;

    /// <summary>A host whose addresses nobody could tell: go on; the mail has to be kept if no other takes it.</summary>
    public sealed record Unavailable(MailExchanger Exchanger, UnavailableReason Reason) : ExchangerStep;

    /// <summary>This host's own address: the last step. If there was no host before it, the domain fails with 5.4.6.</summary>
    public sealed record LoopsToSelf(MailExchanger Exchanger) : ExchangerStep;

    /// <summary>There is no further host.</summary>
    public sealed record End : ExchangerStep;
}

/// <summary>Goes through the hosts of a route; addresses are looked up only when it comes to them.</summary>
public sealed class ExchangerWalk
{
    /// <summary>Addresses that are given for a route altogether, so that no domain can have us connect for hours. Arbitrary.</summary>
    public const int MaxAddresses = 40;

    private readonly MailExchangers _lookup;
    private readonly MailRoute.Exchangers _route;
    private readonly OwnIdentity _self;

    // Looked up, but not handed out yet: the rest of a group of equal preference.
    private readonly Queue<ExchangerStep> _ready = new();
    private int _at;
    private int _given;

    internal ExchangerWalk(MailExchangers lookup, MailRoute.Exchangers route, OwnIdentity self)
    {
        _lookup = lookup;
        _route = route;
        _self = self;
    }

    /// <summary>The next step; <see cref="ExchangerStep.End"/> from then on when there is none.</summary>
    public async ValueTask<ExchangerStep> NextAsync()
    {
        if (_ready.Count == 0)
            await LookUpAsync();
        return _ready.Count > 0 ? _ready.Dequeue() : new ExchangerStep.End();
    }

    // RFC 5321 §5.1: where we are one of the exchangers, those of equal preference go, too. By address that shows only after
    // looking up all of the group, so a host that knows its addresses looks up group by group, others host by host.
    private async ValueTask LookUpAsync()
    {
        if (_at >= _route.InOrder.Count || _given >= MaxAddresses)
            return;
        ushort preference = _route.InOrder[_at].Preference;
        do
        {
            MailExchanger exchanger = _route.InOrder[_at++];
            ExchangerStep step = await StepAsync(exchanger);
            if (step is ExchangerStep.LoopsToSelf)
            {
                _ready.Clear();
                _at = _route.InOrder.Count;
            }
            // A host for which no address is left was looked up only to see whether it is us.
            if (step is not ExchangerStep.Host { Addresses.Count: 0 })
                _ready.Enqueue(step);
        }
        while (_self.KnowsAddresses && _at < _route.InOrder.Count && _route.InOrder[_at].Preference == preference);
    }

    private async ValueTask<ExchangerStep> StepAsync(MailExchanger exchanger)
    {
        switch (await _lookup.AddressesAsync(exchanger.Name))
        {
            case HostAddresses.Found found:
                if (found.InOrder.Any(_self.Has))
                    return new ExchangerStep.LoopsToSelf(exchanger);
                IpAddress[] addresses = [.. found.InOrder.Take(MaxAddresses - _given)];
                _given += addresses.Length;
                return new ExchangerStep.Host(exchanger, addresses, found.CanonicalName, found.IsAuthenticated);
            case HostAddresses.Unavailable failure:
                return new ExchangerStep.Unavailable(exchanger, failure.Reason);
            default:
                return new ExchangerStep.NoAddress(exchanger);
        }
    }
}
