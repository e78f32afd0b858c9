using System.Diagnostics.CodeAnalysis;

namespace Postern.Dns.Wire;

/// <summary>A response that was well-formed to its end, cut down to what we use: the answer section and how long a "no" holds.</summary>
/// <remarks>
/// Authority and additional records are read for their form only: an address that came along unasked is never used, so that a
/// server can't slip in addresses for names that are not its own.
/// </remarks>
public sealed class DnsResponse
{
    /// <summary>Octets of a message: what the length in front of it can say over TCP (RFC 1035 §4.2.2).</summary>
    public const int MaxLength = 65535;

    /// <summary>
    /// Records that are kept of the answer section; further ones are checked for their form and dropped. The largest sets of
    /// real mail domains have some tens; 64 KiB could hold 4,000. Arbitrary in between.
    /// </summary>
    public const int MaxRecords = 512;

    // Root owner, type, class, time to live, empty data.
    private const int ShortestRecord = 11;

    private DnsResponse(DnsHeader header, DnsQuestion question)
    {
        Header = header;
        Question = question;
    }

    public DnsHeader Header { get; }

    public DnsQuestion Question { get; }

    /// <summary>All twelve bits of it, when the response had an OPT record.</summary>
    public DnsResponseCode ResponseCode { get; private set; }

    /// <summary>Records of class IN and of the types of <see cref="DnsRecord"/>, in the order of the message.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; private set; } = [];

    /// <summary>Seconds for which the absence may be remembered, from the SOA in the authority section; none: not at all (RFC 2308 §5).</summary>
    public uint? NegativeTimeToLive { get; private set; }

    /// <summary>
    /// Judges a whole message without the length prefix of TCP. False unless it is a response to an ordinary query with exactly
    /// one question and every record that the header counts is there and well-formed. Octets behind the last record are not read.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsResponse? response)
    {
        response = null;
        if (message.Length > MaxLength || !DnsHeader.TryRead(message, out DnsHeader header))
            return false;
        if (!header.IsResponse || header.Opcode != 0 || header.Questions != 1)
            return false;
        var reader = new WireReader(message);
        if (!reader.TryReadBytes(DnsHeader.Length, out _) || !DnsQuestion.TryRead(ref reader, out DnsQuestion question))
            return false;
        // Counts of 65,535 over an empty body end here, before any work is done for them.
        if (header.Answers + header.Authorities + header.Additionals > reader.Remaining / ShortestRecord)
            return false;
        var parsed = new DnsResponse(header, question) { ResponseCode = (DnsResponseCode)header.ResponseCode };
        if (!parsed.TryReadAnswers(ref reader) || !parsed.TryReadAuthorities(ref reader) || !parsed.TryReadAdditionals(ref reader))
            return false;
        response = parsed;
        return true;
    }

    private bool TryReadAnswers(ref WireReader reader)
    {
        var answers = new List<DnsRecord>(Math.Min((int)Header.Answers, MaxRecords));
        DnsName known = Question.Name;
        for (int i = 0; i < Header.Answers; i++)
        {
            if (!RecordReader.TryReadFrame(ref reader, known, out RecordFrame frame))
                return false;
            known = frame.Owner;
            if (frame.Type == DnsType.Opt || !RecordReader.TryReadRecord(frame, out DnsRecord? record))
                return false;
            if (record is not null && answers.Count < MaxRecords)
                answers.Add(record);
        }
        Answers = answers;
        return true;
    }

    private bool TryReadAuthorities(ref WireReader reader)
    {
        for (int i = 0; i < Header.Authorities; i++)
        {
            if (!RecordReader.TryReadFrame(ref reader, Question.Name, out RecordFrame frame) || frame.Type == DnsType.Opt)
                return false;
            if (frame.Type != DnsType.Soa || frame.Class != DnsQuestion.InternetClass)
                continue;
            if (!RecordReader.TryReadNegativeTimeToLive(frame, out uint seconds))
                return false;
            NegativeTimeToLive = NegativeTimeToLive is uint earlier ? Math.Min(earlier, seconds) : seconds;
        }
        return true;
    }

    private bool TryReadAdditionals(ref WireReader reader)
    {
        bool hasOpt = false;
        for (int i = 0; i < Header.Additionals; i++)
        {
            if (!RecordReader.TryReadFrame(ref reader, Question.Name, out RecordFrame frame))
                return false;
            if (frame.Type != DnsType.Opt)
                continue;
            // RFC 6891 §6.1.1: one at most, and it belongs to the root.
            if (hasOpt || !frame.Owner.IsRoot || !AreOptions(frame.Data))
                return false;
            hasOpt = true;
            ResponseCode = (DnsResponseCode)(frame.TimeToLive >> 24 << 4 | (uint)Header.ResponseCode);
        }
        return true;
    }

    // RFC 6891 §6.1.2: code, length, value. None of them means anything to us.
    private static bool AreOptions(WireReader data)
    {
        while (!data.AtEnd)
        {
            if (!data.TryReadUInt16(out _) || !data.TryReadUInt16(out ushort length) || !data.TryReadBytes(length, out _))
                return false;
        }
        return true;
    }
}
