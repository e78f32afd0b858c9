using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Session;
using Postern.Role.Logging;
using Postern.Tls.Sessions;

namespace Postern.Remote.Attempts;

/// <summary>Carries an attempt through: a session, as many transactions as it takes, the results.</summary>
internal sealed class DeliveryRunner(EventLoop loop, EventLog log, SessionPool sessions)
{
    /// <summary>What EHLO says.</summary>
    internal byte[] HostName { get; set; } = [];

    /// <summary>Finds addresses; null before the configuration came.</summary>
    internal HopResolver? Resolver { get; set; }

    /// <summary>Decides how connections are protected; null before the configuration came.</summary>
    internal ProtectionPlanner? Planner { get; set; }

    /// <summary>Does TLS; null before the configuration came.</summary>
    internal TlsClient? Tls { get; set; }

    /// <summary>Counts how sessions were protected; null counts nothing.</summary>
    internal ISessionCounts? Counts { get; set; }

    /// <summary>Runs one attempt to its end and reports it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    internal async ValueTask RunAsync(OutboundDelivery delivery)
    {
        var session = await sessions.TakeAsync(delivery.Hop);
        try
        {
            session = await TransactAllAsync(delivery, session);
        }
        catch (Exception failure)
        {
            // The root of a delivery: a bug that one server's answers bring out must not end all other deliveries, too.
            log.Error("delivery-failed").Number("delivery", delivery.Number).Quoted("error", failure.ToString()).Write();
            delivery.Session?.Dispose();
            session = null;
        }

        delivery.Session = null;
        delivery.Settle(OutboundDelivery.InternalError);
        delivery.Report();
        if (session is null)
        {
            sessions.Release();
        }
        else if (session.Began(Tls!) && !delivery.IsReport)
        {
            sessions.GiveBack(session);
        }
        else
        {
            // A reload came in between, or the message was a report: other messages may ask for more than it was begun with.
            session.Quit();
            sessions.Release();
        }
    }

    /// <summary>Does transactions until every recipient has a result; returns the session if it is still good for something.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SmtpClientSession?> TransactAllAsync(OutboundDelivery delivery, SmtpClientSession? session)
    {
        var isReused = session is not null;
        var search = new HostSearch();
        while (delivery.HasPending && !delivery.IsCancelled)
        {
            session ??= await OpenAsync(delivery, search);
            if (session is null)
            {
                return null;
            }

            delivery.Session = session;
            var transaction = new SmtpTransaction(delivery, delivery.Next(session.MaxRecipients));
            await session.TransactAsync(transaction);
            delivery.Session = null;
            if (session.Failure is { } failure)
            {
                session.Dispose();
                session = null;
                if (transaction.DataBegun)
                {
                    delivery.Settle(failure);
                }
                else if (!isReused)
                {
                    // No content has left: what one host could not do may be done by another (RFC 5321 §5.1).
                    search.Note(failure);
                }
            }
            else if (delivery.HasPending)
            {
                session = BeforeNext(delivery, session);
                search.StayIf(session is null);
            }

            // A connection that was idle says nothing about the host: one fresh one is tried at once.
            isReused = false;
        }

        return session;
    }

    private static SmtpClientSession? BeforeNext(OutboundDelivery delivery, SmtpClientSession session)
    {
        if (!delivery.Content.CanRepeat)
        {
            // The content is gone: the next attempt brings it again for those who are left.
            delivery.Settle(DeliveryResult.Temporary(EnhancedStatus.TooManyRecipients, FaultOf.Peer, "more recipients than the server takes at once"u8));
        }
        else if (!session.IsReusable)
        {
            session.Quit();
            return null;
        }

        return session;
    }

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

            var planner = Planner!;
            var (protection, unusable) = delivery.IsReport ? (planner.PlanReport(target), null) : await planner.PlanAsync(delivery.Hop, target);
            var opened = protection is null ? new SessionOpening(null, unusable, false) : await OpenAsync(delivery.Hop, target, protection);
            planner.Learn(delivery.Hop, protection ?? HopProtection.None, opened);
            if (opened.Session is not null)
            {
                return opened.Session;
            }

            search.Note(opened.Failure!);
        }

        delivery.Settle(search.Failure!);
        return null;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SessionOpening> OpenAsync(Hop hop, HopTarget target, HopProtection protection)
    {
        var setting = new SessionSetting(loop, log, HostName, Tls!);
        var opened = await SmtpClientSession.OpenAsync(setting, hop, target, protection);
        Counts?.Note(hop, target, protection, opened.Tls);
        if (!opened.LacksTls || protection.IsRequired)
        {
            return opened;
        }

        if (protection.Otherwise is { } weaker)
        {
            return await OpenAsync(hop, target, weaker);
        }

        // Nobody asks for TLS, and a server that can't do it is no reason to keep the mail: it would have gone in the clear to one
        // that does not offer it (RFC 7435).
        log.Warning("tls-given-up").Quoted("host", target.Text).Quoted("why", opened.Failure!.Text.Span).Write();
        return await OpenAsync(hop, target, HopProtection.None);
    }
}
