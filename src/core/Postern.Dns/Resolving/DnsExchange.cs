using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>What to make of a datagram that came while waiting for an answer.</summary>
public enum DatagramVerdict
{
    /// <summary>Not the answer to what was asked: go on waiting as if it had not come.</summary>
    Stray = 0,
    /// <summary>More strays than chance explains: somebody is guessing, so ask where guessing does not help, by TCP.</summary>
    Flooded,
    /// <summary>The answer to what was asked, but cut off: ask by TCP (RFC 7766 §5).</summary>
    Truncated,
    /// <summary>The answer to what was asked, but not well-formed.</summary>
    Malformed,
    Answered,
}

/// <summary>Judges what comes in reply to one query to one server (RFC 5452 §9.1). Pure: knows nothing of sockets and time.</summary>
/// <remarks>
/// The sender's address and port are the connected socket's business. A wrong datagram is never an error: if it ended the
/// exchange, anybody who can forge one could keep names from being resolved without having to guess anything.
/// </remarks>
public sealed class DnsExchange(DnsQuery query)
{
    /// <summary>
    /// Strays that are put up with. Late doubles explain one or two; each further one is a guess at 16 bits of identifier, about
    /// 15 of port and one per letter, so twenty come nowhere near. Arbitrary.
    /// </summary>
    public const int MaxStrays = 20;

    private int _strays;

    /// <summary>Whether anything came that was not the answer: then silence may mean that the server changes names in passing.</summary>
    public bool HasSeenStrays => _strays > 0;

    /// <summary>Judges one datagram; the response is there only with <see cref="DatagramVerdict.Answered"/>.</summary>
    public DatagramVerdict Judge(ReadOnlySpan<byte> datagram, out DnsResponse? response)
    {
        response = null;
        if (!IsReply(datagram, out DnsHeader header, out DnsQuestion asked) || !query.Question.Name.EqualsWithCase(asked.Name))
            return ++_strays > MaxStrays ? DatagramVerdict.Flooded : DatagramVerdict.Stray;
        // Looked at before the records, which a server may have cut anywhere.
        if (header.IsTruncated)
            return DatagramVerdict.Truncated;
        return DnsResponse.TryParse(datagram, out response) ? DatagramVerdict.Answered : DatagramVerdict.Malformed;
    }

    /// <summary>
    /// Judges the one message that came back by TCP. The letter case may be another here: nobody can slip a message into the
    /// connection without seeing it, and there are forwarders that write all names in lower case.
    /// </summary>
    public bool TryJudgeStream(ReadOnlySpan<byte> message, out DnsResponse? response)
    {
        response = null;
        if (!IsReply(message, out DnsHeader header, out _) || header.IsTruncated)
            return false;
        return DnsResponse.TryParse(message, out response);
    }

    private bool IsReply(ReadOnlySpan<byte> message, out DnsHeader header, out DnsQuestion asked)
    {
        asked = default;
        if (!DnsHeader.TryRead(message, out header) || header.Id != query.Id || !header.IsResponse || header.Opcode != 0)
            return false;
        var reader = new WireReader(message);
        return header.Questions == 1
            && reader.TryReadBytes(DnsHeader.Length, out _)
            && DnsQuestion.TryRead(ref reader, out asked)
            && asked == query.Question;
    }
}
