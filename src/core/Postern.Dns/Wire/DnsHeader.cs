using System.Buffers.Binary;

namespace Postern.Dns.Wire;

/// <summary>The first twelve octets of a message (RFC 1035 §4.1.1).</summary>
/// <param name="Id">Chosen by the asker, repeated by the answerer.</param>
/// <param name="Flags">QR, OPCODE, AA, TC, RD, RA, Z, AD, CD and RCODE as they stand on the wire.</param>
/// <param name="Questions">QDCOUNT.</param>
/// <param name="Answers">ANCOUNT.</param>
/// <param name="Authorities">NSCOUNT.</param>
/// <param name="Additionals">ARCOUNT.</param>
public readonly record struct DnsHeader(
    ushort Id, ushort Flags, ushort Questions, ushort Answers, ushort Authorities, ushort Additionals)
{
    /// <summary>Octets of a header.</summary>
    public const int Length = 12;

    internal const ushort ResponseFlag = 0x8000;
    internal const ushort AuthoritativeFlag = 0x0400;
    internal const ushort TruncatedFlag = 0x0200;
    internal const ushort RecursionDesiredFlag = 0x0100;
    internal const ushort RecursionAvailableFlag = 0x0080;
    internal const ushort AuthenticDataFlag = 0x0020;

    /// <summary>QR: a response, not a query.</summary>
    public bool IsResponse => (Flags & ResponseFlag) != 0;

    /// <summary>OPCODE; 0 is an ordinary query.</summary>
    public int Opcode => Flags >> 11 & 0xf;

    public bool IsAuthoritative => (Flags & AuthoritativeFlag) != 0;

    /// <summary>TC: there is more than fitted.</summary>
    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    public bool IsRecursionAvailable => (Flags & RecursionAvailableFlag) != 0;

    /// <summary>AD: the server says that it has verified the signatures (RFC 4035 §3.2.3).</summary>
    public bool IsAuthenticData => (Flags & AuthenticDataFlag) != 0;

    /// <summary>The four bits of RCODE that stand in the header.</summary>
    public int ResponseCode => Flags & 0xf;

    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        header = default;
        if (message.Length < Length)
            return false;
        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes twelve octets.</summary>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], Questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], Answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], Authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], Additionals);
    }
}
