using System.Diagnostics.CodeAnalysis;
using Postern.Dns.Records;
using Postern.Text;

namespace Postern.Dns.Wire;

/// <summary>Takes apart the records of a response (RFC 1035 §4.1.3).</summary>
internal static class RecordReader
{
    private const uint MaxTimeToLive = int.MaxValue;

    /// <summary>Reads owner, type, class, time to live and the data as a reader of its own; false when any of it is cut short.</summary>
    internal static bool TryReadFrame(ref WireReader reader, DnsName? known, out RecordFrame frame)
    {
        frame = default;
        if (!reader.TryReadName(known, out DnsName? owner))
            return false;
        if (!reader.TryReadUInt16(out ushort type) || !reader.TryReadUInt16(out ushort dnsClass))
            return false;
        if (!reader.TryReadUInt32(out uint timeToLive) || !reader.TryReadUInt16(out ushort length))
            return false;
        if (!reader.TryReadPart(length, out WireReader data))
            return false;
        frame = new RecordFrame { Owner = owner, Type = (DnsType)type, Class = dnsClass, TimeToLive = timeToLive, Data = data };
        return true;
    }

    /// <summary>
    /// Judges the data of a record. False when it is not what its type demands, down to the last octet; true with no record
    /// when the type or class is none of ours.
    /// </summary>
    internal static bool TryReadRecord(RecordFrame frame, out DnsRecord? record)
    {
        record = null;
        if (frame.Class != DnsQuestion.InternetClass)
            return true;
        // RFC 2181 §8: a value with the top bit set counts as zero.
        uint timeToLive = frame.TimeToLive > MaxTimeToLive ? 0 : frame.TimeToLive;
        WireReader data = frame.Data;
        bool isWellFormed = frame.Type switch
        {
            DnsType.A or DnsType.Aaaa => TryReadAddress(ref data, frame, timeToLive, out record),
            DnsType.Cname => TryReadAlias(ref data, frame.Owner, timeToLive, out record),
            DnsType.Mx => TryReadExchanger(ref data, frame.Owner, timeToLive, out record),
            DnsType.Ptr => PointerRecord.TryRead(ref data, frame.Owner, timeToLive, out record),
            DnsType.Srv => ServiceRecord.TryRead(ref data, frame.Owner, timeToLive, out record),
            DnsType.Txt => TryReadText(ref data, frame.Owner, timeToLive, out record),
            DnsType.Tlsa => TryReadAssociation(ref data, frame.Owner, timeToLive, out record),
            _ => true,
        };
        // Data left over means that RDLENGTH and the content disagree: then nothing behind it can be trusted to be in step.
        return isWellFormed && (record is null || data.AtEnd);
    }

    /// <summary>How long a "no" may be remembered: the lesser of the SOA's time to live and its MINIMUM field (RFC 2308 §5).</summary>
    internal static bool TryReadNegativeTimeToLive(RecordFrame frame, out uint seconds)
    {
        seconds = 0;
        WireReader data = frame.Data;
        if (!data.TrySkipName() || !data.TrySkipName() || !data.TryReadBytes(16, out _))
            return false;
        if (!data.TryReadUInt32(out uint minimum) || !data.AtEnd)
            return false;
        seconds = Math.Min(frame.TimeToLive > MaxTimeToLive ? 0 : frame.TimeToLive, minimum);
        return true;
    }

    private static bool TryReadAddress(
        ref WireReader data, RecordFrame frame, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!data.TryReadBytes(frame.Type == DnsType.A ? 4 : 16, out ReadOnlySpan<byte> octets))
            return false;
        record = new AddressRecord(frame.Owner, timeToLive, frame.Type, IpAddress.FromBytes(octets));
        return true;
    }

    private static bool TryReadAlias(
        ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!data.TryReadName(owner, out DnsName? target))
            return false;
        record = new AliasRecord(owner, timeToLive, target);
        return true;
    }

    private static bool TryReadExchanger(
        ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!data.TryReadUInt16(out ushort preference) || !data.TryReadName(owner, out DnsName? exchanger))
            return false;
        record = new ExchangerRecord(owner, timeToLive, preference, exchanger);
        return true;
    }

    private static bool TryReadText(
        ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        // One string at least (RFC 1035 §3.3.14). Joined they are shorter than the data, which is at most 64 KiB.
        if (data.AtEnd)
            return false;
        byte[] joined = new byte[data.Remaining - 1];
        int length = 0;
        while (!data.AtEnd)
        {
            if (!data.TryReadByte(out byte count) || !data.TryReadBytes(count, out ReadOnlySpan<byte> text))
                return false;
            text.CopyTo(joined.AsSpan(length));
            length += count;
        }
        record = new TextRecord(owner, timeToLive, joined[..length]);
        return true;
    }

    private static bool TryReadAssociation(
        ref WireReader data, DnsName owner, uint timeToLive, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!data.TryReadByte(out byte usage) || !data.TryReadByte(out byte selector) || !data.TryReadByte(out byte matching))
            return false;
        if (data.AtEnd || !data.TryReadBytes(data.Remaining, out ReadOnlySpan<byte> association))
            return false;
        record = new CertificateAssociationRecord(owner, timeToLive, usage, selector, matching, association.ToArray());
        return true;
    }
}

/// <summary>A record whose data has not been looked at yet.</summary>
internal ref struct RecordFrame
{
    internal DnsName Owner { get; init; }

    internal DnsType Type { get; init; }

    internal ushort Class { get; init; }

    internal uint TimeToLive { get; init; }

    internal WireReader Data { get; init; }
}
