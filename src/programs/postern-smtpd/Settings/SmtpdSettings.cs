using System.Text;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Posix.Sockets;
using Postern.Smtp;
using Postern.Text;

namespace Postern.Smtpd.Settings;

/// <summary>The configuration in force; a session keeps the one that it began under.</summary>
internal sealed class SmtpdSettings
{
    /// <summary>Networks and listeners: far more than anyone configures, few enough to walk through.</summary>
    private const int MaxEntries = 4096;

    private readonly List<IpNetwork> _trusted = [];
    private readonly List<(IpAddress Address, ushort Port, ServiceKind Service)> _listeners = [];

    private SmtpdSettings(in SmtpdSlice head, DomainName domain)
    {
        Domain = domain;
        HostName = Encoding.ASCII.GetBytes(head.HostName);
        MessageSize = (long)Math.Min(head.MessageSize, long.MaxValue / 4);
        Recipients = (int)Math.Min(head.Recipients, int.MaxValue);
        Connections = (int)Math.Min(head.Connections, int.MaxValue);
        ConnectionsPerClient = (int)Math.Min(head.ConnectionsPerClient, int.MaxValue);
        CommandTime = TimeSpan.FromSeconds(head.CommandSeconds);
        SessionTime = TimeSpan.FromSeconds(head.SessionSeconds);
        var limits = new EhloOffer { Extensions = default, MaxSize = MessageSize, MaxRecipients = Recipients, MaxHold = head.MaxHoldSeconds };
        Replies = new StandingReplies(head.HostName, limits, head.OffersTls, head.Logins);
        OffersTls = head.OffersTls;
    }

    /// <summary>The same as a domain, which is ours.</summary>
    internal DomainName Domain { get; }

    /// <summary>The name of this server.</summary>
    internal byte[] HostName { get; }

    /// <summary>The largest message in bytes.</summary>
    internal long MessageSize { get; }

    /// <summary>Recipients per message.</summary>
    internal int Recipients { get; }

    /// <summary>Sessions at one time.</summary>
    internal int Connections { get; }

    /// <summary>Sessions at one time from one address, or from one /64 of IPv6.</summary>
    internal int ConnectionsPerClient { get; }

    /// <summary>How long a client may take for a command, or for the next piece of content.</summary>
    internal TimeSpan CommandTime { get; }

    /// <summary>How long a session may take in all.</summary>
    internal TimeSpan SessionTime { get; }

    /// <summary>How much a user may send, and what is told of her.</summary>
    internal SendingSlice Sending { get; private set; }

    /// <summary>True when TLS is on offer.</summary>
    internal bool OffersTls { get; }

    /// <summary>The replies that depend on the configuration.</summary>
    internal StandingReplies Replies { get; }

    /// <summary>Reads a slice.</summary>
    /// <returns>False when it is not one of ours.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> slice, out SmtpdSettings? settings)
    {
        settings = null;
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var first) || type != SmtpdSlice.Type || !SmtpdSlice.TryRead(ref first, out var head)) return false;
        if (!DomainName.TryParse(head.HostName, out var domain)) return false;
        var read = new SmtpdSettings(head, domain);
        while (frames.TryNext(out type, out var reader))
        {
            if (!read.Take(type, ref reader)) return false;
        }

        settings = read;
        return frames.AtEnd;
    }

    /// <summary>True for a client that may relay and is exempt from the limits per client.</summary>
    internal bool IsTrusted(IpAddress client)
    {
        foreach (var network in _trusted)
        {
            if (network.Contains(client)) return true;
        }

        return false;
    }

    /// <summary>Tells what is spoken at a listening address.</summary>
    internal bool TryFindService(SocketAddress listening, out ServiceKind service)
    {
        foreach (var listener in _listeners)
        {
            service = listener.Service;
            // Port 0 lets the kernel choose: then the address alone has to do.
            if (listener.Address == listening.Address && (listener.Port == listening.Port || listener.Port == 0)) return true;
        }

        service = default;
        return false;
    }

    private bool Take(ushort type, ref FrameReader reader)
    {
        if (type == ListenerSlice.Type)
        {
            if (!ListenerSlice.TryRead(ref reader, out var listener) || listener.Address.Length != IpAddress.Size) return false;
            _listeners.Add((IpAddress.FromBytes(listener.Address), listener.Port, listener.Service));
            return _listeners.Count <= MaxEntries;
        }

        if (type == SendingSlice.Type)
        {
            var isGood = SendingSlice.TryRead(ref reader, out var sending);
            Sending = sending;
            return isGood;
        }

        if (type != TrustedSlice.Type || !TrustedSlice.TryRead(ref reader, out var trusted) || trusted.Address.Length != IpAddress.Size) return false;
        if (!IpNetwork.TryCreate(IpAddress.FromBytes(trusted.Address), trusted.Prefix, out var network)) return false;
        _trusted.Add(network);
        return _trusted.Count <= MaxEntries;
    }
}
