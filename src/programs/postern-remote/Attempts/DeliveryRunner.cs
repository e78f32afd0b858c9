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
internal sealed partial class DeliveryRunner
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
        if (delivery.RequiresTls && session is { MeetsRequireTls: false })
        {
            session.Quit();
            session = null;
        }

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
        else if (session.Began(Tls!) && !delivery.IsReport && !delivery.IsTlsOptional)
        {
            _sessions.GiveBack(session);
        }
        else
        {
            // A reload came in between, or the message asked for less than others: these may ask for more than it was begun with.
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
}
