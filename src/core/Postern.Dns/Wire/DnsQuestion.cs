namespace Postern.Dns.Wire;

/// <summary>What is asked: a name and a record type, always in class IN (RFC 1035 §4.1.2). Equal without regard to letter case.</summary>
public readonly record struct DnsQuestion(DnsName Name, DnsType Type)
{
    /// <summary>Class IN, the Internet (RFC 1035 §3.2.4).</summary>
    internal const ushort InternetClass = 1;

    /// <summary>Reads one question; false when it is cut short or of another class.</summary>
    internal static bool TryRead(ref WireReader reader, out DnsQuestion question)
    {
        question = default;
        if (!reader.TryReadName(null, out DnsName? name) || !reader.TryReadUInt16(out ushort type))
            return false;
        if (!reader.TryReadUInt16(out ushort dnsClass) || dnsClass != InternetClass)
            return false;
        question = new DnsQuestion(name, (DnsType)type);
        return true;
    }

    public override string ToString() => $"{Name} {Type.ToString().ToUpperInvariant()}";
}
