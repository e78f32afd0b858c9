using System.Runtime.CompilerServices;
using System.Text;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Session;

namespace Postern.Remote.Attempts;

/// <content>Which host gets a message, and over what kind of a session.</content>
internal sealed partial class DeliveryRunner
{
    /// <summary>Opens a session with the next address that gives one; else settles the attempt and returns null.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SmtpClientSession?> OpenAsync(OutboundDelivery delivery, HostSearch search)
    {
        if (search.Resolution is null)
        {
            search.Resolution = await Resolver!.ResolveAsync(delivery.Hop);
            delivery.Tell(search.Resolution.Exchangers);
        }

        while (search.TryNext(out var target))
        {
            if (delivery.IsCancelled)
            {
                return null;
            }

            var opened = await OpenAsync(delivery, target);
            if (opened.Session is { } session)
            {
                return delivery.IsCancelled ? Drop(session) : session;
            }

            search.Note(opened.Failure!);
        }

        delivery.Settle(search.Failure!);
        return null;
    }

    // Nobody wants the message sent any more.
    private static SmtpClientSession? Drop(SmtpClientSession session)
    {
        session.Quit();
        return null;
    }

    /// <summary>Opens a session with one host, protected as the host, the administrator and the message ask for it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SessionOpening> OpenAsync(OutboundDelivery delivery, HopTarget target)
    {
        var (hop, planner) = (delivery.Hop, Planner!);
        if (delivery.RequiresTls)
        {
            var required = Judge(await OpenAsync(delivery, target, await planner.PlanRequiredAsync(hop, target)), target);
            // RFC 8689 §5: a notification had better go as others do than be lost.
            if (required.Session is not null || delivery is not { HasSender: true, Sender: null })
            {
                return required;
            }
        }

        return await OpenAsync(delivery, target, delivery.IsReport ? (planner.PlanReport(target), null)
            : delivery.IsTlsOptional ? await planner.PlanOptionalAsync(hop, target)
            : await planner.PlanAsync(hop, target));
    }

    /// <summary>Takes a session only where a message that requires TLS may go. What a host says or shows for certain is final, as RFC 8689 §4.2.1 has it;
    /// what may be an accident is tried again.</summary>
    private static SessionOpening Judge(SessionOpening opened, HopTarget target)
    {
        if (opened.Session is { MeetsRequireTls: false } session)
        {
            session.Quit();
            var why = $"the message requires TLS, and {Encoding.ASCII.GetString(target.Text)} does not offer REQUIRETLS";
            return opened with { Session = null, Failure = DeliveryResult.Permanent(EnhancedStatus.RequireTlsNeeded, FaultOf.Peer, Encoding.ASCII.GetBytes(why)) };
        }

        return opened.Session is not null || opened.Tls is SessionTls.NotReached or SessionTls.NotNow or SessionTls.Broken or SessionTls.Established ? opened
            : opened with { Failure = DeliveryResult.Permanent(EnhancedStatus.EncryptionNeeded, FaultOf.Peer, opened.Failure!.Text.Span) };
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SessionOpening> OpenAsync(OutboundDelivery delivery, HopTarget target, (HopProtection? Protection, DeliveryResult? Failure) plan)
    {
        var opened = plan.Protection is null ? new SessionOpening(null, plan.Failure, false) : await OpenAsync(delivery, target, plan.Protection);
        Planner!.Learn(delivery.Hop, plan.Protection ?? HopProtection.None, opened);
        return opened;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SessionOpening> OpenAsync(OutboundDelivery delivery, HopTarget target, HopProtection protection)
    {
        var setting = new SessionSetting(_loop, _log, HostName, Tls!, _currentTls);
        var opened = await SmtpClientSession.OpenAsync(setting, delivery.Hop, target, protection);
        // From here on it is closed with the delivery, whatever happens.
        delivery.Session = opened.Session;
        Counts?.Note(delivery.Hop, target, protection, opened.Tls);
        // What is not offered would not be on another connection, either.
        if (!opened.LacksTls || protection.IsRequired || opened.Tls != SessionTls.Broken)
        {
            return opened;
        }

        if (protection.Otherwise is { } weaker)
        {
            return await OpenAsync(delivery, target, weaker);
        }

        // Nobody asks for TLS, and a server that can't do it is no reason to keep the mail: it would have gone in the clear to one
        // that does not offer it (RFC 7435).
        _log.Warning("tls-given-up").Quoted("host", target.Text).Quoted("why", opened.Failure!.Text.Span).Write();
        return await OpenAsync(delivery, target, HopProtection.None);
    }
}
