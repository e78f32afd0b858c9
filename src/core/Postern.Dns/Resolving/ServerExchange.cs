using System.Buffers.Binary;
using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>What one server made of one question: a response to use, or why there is none.</summary>
internal readonly record struct ServerReply(DnsResponse? Response, UnavailableReason Reason)
{
    internal static ServerReply Failed(UnavailableReason reason) => new(null, reason);
}

/// <summary>Puts one question to one server: by datagram, by TCP where that is called for, without EDNS where it must be.</summary>
internal sealed class ServerExchange(IDnsTransport transport, IRandomSource random, NameServer server, Deadline deadline)
{
    // More than we offer to take: what is longer than that is read, judged and probably refused, not cut by us.
    private const int DatagramBuffer = 4096;

    /// <summary>Asks; waits for a datagram no longer than given, and never beyond the deadline.</summary>
    internal async ValueTask<ServerReply> AskAsync(DnsQuestion question, TimeSpan wait)
    {
        ServerReply reply = await AskAsync(NewQuery(question, usesEdns: true), wait);
        // RFC 6891 §7: a server that doesn't know EDNS says FORMERR (or, older ones, NOTIMP).
        if (reply.Response?.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented)
            reply = await AskAsync(NewQuery(question, usesEdns: false), wait);
        return reply.Response is null ? reply : Judge(reply.Response);
    }

    private static ServerReply Judge(DnsResponse response)
    {
        switch (response.ResponseCode)
        {
            // A referral, or "I have nothing" from a server that doesn't resolve for others: no proof of absence. Taken for one,
            // it would send mail to the A record of a domain that has MX records, or bounce it.
            case DnsResponseCode.NoError or DnsResponseCode.NameError
                when response.Answers.Count == 0 && !response.Header.IsRecursionAvailable && !response.Header.IsAuthoritative:
                return ServerReply.Failed(UnavailableReason.BadAnswer);
            case DnsResponseCode.NoError or DnsResponseCode.NameError:
                return new ServerReply(response, UnavailableReason.None);
            case DnsResponseCode.ServerFailure:
                return ServerReply.Failed(UnavailableReason.ServerFailure);
            case DnsResponseCode.Refused:
                return ServerReply.Failed(UnavailableReason.Refused);
            default:
                return ServerReply.Failed(UnavailableReason.BadAnswer);
        }
    }

    // Each query has an identifier and a letter case of its own, and by way of its socket a port: nothing learned from one
    // helps with the next.
    private DnsQuery NewQuery(DnsQuestion question, bool usesEdns)
    {
        Span<byte> octets = stackalloc byte[DnsQuery.RandomLength];
        random.Fill(octets);
        return new DnsQuery(question, octets) { UsesEdns = usesEdns };
    }

    private async ValueTask<ServerReply> AskAsync(DnsQuery query, TimeSpan wait)
    {
        byte[] message = new byte[2 + DnsQuery.MaxLength];
        int length = query.Write(message.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)length);
        var exchange = new DnsExchange(query);
        ServerReply? reply = await AskByDatagramAsync(exchange, message.AsMemory(2, length), deadline.Within(wait));
        return reply ?? await AskByStreamAsync(exchange, message.AsMemory(0, 2 + length), deadline.Within(ResolverTimeouts.StreamWait));
    }

    // Null: to be asked by TCP.
    private async ValueTask<ServerReply?> AskByDatagramAsync(DnsExchange exchange, ReadOnlyMemory<byte> query, Deadline until)
    {
        using IDnsSocket? socket = transport.OpenDatagram(server);
        if (socket is null || !await socket.SendAsync(query, until.Remaining))
            return ServerReply.Failed(UnavailableReason.NetworkError);
        byte[] buffer = new byte[DatagramBuffer];
        while (true)
        {
            DnsReceipt receipt = until.HasPassed ? DnsReceipt.TimedOut : await socket.ReceiveAsync(buffer, until.Remaining);
            if (receipt.Status == DnsReceiptStatus.Closed)
                return ServerReply.Failed(UnavailableReason.NetworkError);
            if (receipt.Status == DnsReceiptStatus.TimedOut)
                return exchange.HasSeenStrays ? null : ServerReply.Failed(UnavailableReason.TimedOut);
            switch (exchange.Judge(buffer.AsSpan(0, receipt.Length), out DnsResponse? response))
            {
                case DatagramVerdict.Answered:
                    return new ServerReply(response, UnavailableReason.None);
                case DatagramVerdict.Stray:
                    continue;
                default:
                    return null;
            }
        }
    }

    private async ValueTask<ServerReply> AskByStreamAsync(DnsExchange exchange, ReadOnlyMemory<byte> query, Deadline until)
    {
        if (until.HasPassed)
            return ServerReply.Failed(UnavailableReason.TimedOut);
        using IDnsSocket? socket = await transport.ConnectStreamAsync(server, until.Remaining);
        if (socket is null || !await socket.SendAsync(query, until.Remaining))
            return ServerReply.Failed(until.HasPassed ? UnavailableReason.TimedOut : UnavailableReason.NetworkError);
        // RFC 1035 §4.2.2: two octets of length before each message, in a stream that may bring them one by one.
        byte[] prefix = new byte[2];
        if (await ReadWholeAsync(socket, prefix, until) is UnavailableReason failure and not UnavailableReason.None)
            return ServerReply.Failed(failure);
        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        failure = await ReadWholeAsync(socket, message, until);
        if (failure != UnavailableReason.None)
            return ServerReply.Failed(failure);
        return exchange.TryJudgeStream(message, out DnsResponse? response)
            ? new ServerReply(response, UnavailableReason.None)
            : ServerReply.Failed(UnavailableReason.BadAnswer);
    }

    private static async ValueTask<UnavailableReason> ReadWholeAsync(IDnsSocket socket, Memory<byte> octets, Deadline until)
    {
        while (!octets.IsEmpty)
        {
            if (until.HasPassed)
                return UnavailableReason.TimedOut;
            DnsReceipt receipt = await socket.ReceiveAsync(octets, until.Remaining);
            if (receipt.Status == DnsReceiptStatus.TimedOut)
                return UnavailableReason.TimedOut;
            if (receipt.Status == DnsReceiptStatus.Closed || receipt.Length == 0)
                return UnavailableReason.NetworkError;
            octets = octets[receipt.Length..];
        }
        return UnavailableReason.None;
    }
}
