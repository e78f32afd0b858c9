using System.Buffers.Binary;

namespace Postern.Dns.Wire;

/// <summary>One query as it goes to one server: the question with an identifier and a letter case that a forger has to guess.</summary>
public sealed class DnsQuery
{
    /// <summary>Header, longest question and the OPT record.</summary>
    public const int MaxLength = DnsHeader.Length + DnsName.MaxWireLength + 4 + OptLength;

    /// <summary>Random octets that one query takes: two for the identifier, 32 for the letter case.</summary>
    public const int RandomLength = 2 + ((DnsName.MaxWireLength + 7) / 8);

    /// <summary>
    /// The datagram size that we offer: what passes without fragments nearly everywhere, since a forger can replace the second
    /// fragment without knowing what the first one holds (DNS Flag Day 2020; RFC 9715 §3 recommends at most 1400).
    /// </summary>
    public const ushort DatagramSize = 1232;

    private const int OptLength = 11;
    private const uint DnssecOkFlag = 0x8000;

    /// <param name="question">What to ask.</param>
    /// <param name="random"><see cref="RandomLength"/> octets that nobody else can know.</param>
    public DnsQuery(DnsQuestion question, ReadOnlySpan<byte> random)
    {
        Id = BinaryPrimitives.ReadUInt16BigEndian(random);
        Question = question with { Name = question.Name.WithLetterCase(random[2..]) };
    }

    public ushort Id { get; }

    /// <summary>The question in the letter case in which it is sent.</summary>
    public DnsQuestion Question { get; }

    /// <summary>False leaves the OPT record out, for a server that answered a query with it by FORMERR (RFC 6891 §7).</summary>
    public bool UsesEdns { get; init; } = true;

    /// <summary>DO: signatures are wanted in the answer (RFC 3225 §3).</summary>
    public bool IsDnssecOk { get; init; }

    /// <summary>Writes the message; returns its length, at most <see cref="MaxLength"/>.</summary>
    /// <remarks>AD is set to hear whether the server verified the answer, without being sent the signatures (RFC 6840 §5.7).</remarks>
    public int Write(Span<byte> message)
    {
        new DnsHeader(
            Id, DnsHeader.RecursionDesiredFlag | DnsHeader.AuthenticDataFlag, 1, 0, 0, UsesEdns ? (ushort)1 : (ushort)0).Write(message);
        int at = DnsHeader.Length;
        Question.Name.Wire.CopyTo(message[at..]);
        at += Question.Name.Wire.Length;
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)Question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], DnsQuestion.InternetClass);
        at += 4;
        return UsesEdns ? at + WriteOpt(message[at..]) : at;
    }

    // RFC 6891 §6.1.2: the class holds the size, the time to live the extended code, version 0 and the flags.
    private int WriteOpt(Span<byte> record)
    {
        record[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], DatagramSize);
        BinaryPrimitives.WriteUInt32BigEndian(record[5..], IsDnssecOk ? DnssecOkFlag : 0);
        BinaryPrimitives.WriteUInt16BigEndian(record[9..], 0);
        return OptLength;
    }
}
