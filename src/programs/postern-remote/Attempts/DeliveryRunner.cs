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
internal sealed class DeliveryRunner
{
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly SessionPool _sessions;
    private readonly Func<TlsClient> _currentTls;

    internal DeliveryRunner(EventLoop loop, EventLog log, SessionPool sessions)
    {
        (_loop, _log, _sessions) = (loop, log, sessions);
        _currentTls = () => Tls!;
    }

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
        var session = await _sessions.TakeAsync(delivery.Hop);
        try
        {
            session = await TransactAllAsync(delivery, session);
        }
        catch (Exception failure)
        {
            // The root of a delivery: a bug that one server's answers bring out must not end all other deliveries, too.
            _log.Error("delivery-failed").Number("delivery", delivery.Number).Quoted("error", failure.ToString()).Write();
            delivery.Session?.Dispose();
            session = null;
        }

        delivery.Session = null;
        delivery.Settle(OutboundDelivery.InternalError);
        delivery.Report();
        if (session is null)
        {
            _sessions.Release();
        }
        else if (session.Began(Tls!) && !delivery.IsReport)
        {
            _sessions.GiveBack(session);
        }
        else
        {
            // A reload came in between, or the message was a report: other messages may ask for more than it was begun with.
            session.Quit();
            _sessions.Release();
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
            var opened = protection is null ? new SessionOpening(null, unusable, false) : await OpenAsync(delivery, target, protection);
            planner.Learn(delivery.Hop, protection ?? HopProtection.None, opened);
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

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<SessionOpening> OpenAsync(OutboundDelivery delivery, HopTarget target, HopProtection protection)
    {
        var setting = new SessionSetting(_loop, _log, HostName, Tls!, _currentTls);
        var opened = await SmtpClientSession.OpenAsync(setting, delivery.Hop, target, protection);
        // From here on it is closed with the delivery, whatever happens.
        delivery.Session = opened.Session;
        Counts?.Note(delivery.Hop, target, protection, opened.Tls);
        if (!opened.LacksTls || protection.IsRequired)
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
