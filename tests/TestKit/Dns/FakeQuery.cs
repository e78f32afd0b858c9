using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.TestKit.Dns;

/// <summary>A query to a <see cref="FakeNameServer"/>, and its answers on the wire. Written apart from Postern.Dns on purpose.</summary>
internal sealed class FakeQuery
{
    private const int TimeToLive = 60;

    private readonly byte[] _query;
    private readonly int _questionEnd;

    private FakeQuery(byte[] query, int nameEnd, string name)
    {
        _query = query;
        _questionEnd = nameEnd + 4;
        Name = name;
        Type = query[nameEnd] << 8 | query[nameEnd + 1];
        // The only additional record that a query has is the OPT record: root, type, and the size as class.
        DatagramSize = query[11] == 0 ? 512 : query[_questionEnd + 3] << 8 | query[_questionEnd + 4];
    }

    /// <summary>In the letter case of the query, without the final dot.</summary>
    internal string Name { get; }

    internal int Type { get; }

    /// <summary>The longest datagram that the asker takes.</summary>
    internal int DatagramSize { get; }

    internal static bool TryRead(byte[] query, [NotNullWhen(true)] out FakeQuery? asked)
    {
        asked = null;
        var labels = new List<string>();
        int at = 12;
        while (at < query.Length && query[at] is > 0 and < 64 && at + query[at] < query.Length)
        {
            labels.Add(Encoding.Latin1.GetString(query, at + 1, query[at]));
            at += query[at] + 1;
        }
        int length = at + 5 + (query.Length > 11 && query[11] > 0 ? 11 : 0);
        if (at >= query.Length || query[at] != 0 || query.Length < length || (query[2] & 0xf8) != 0)
            return false;
        asked = new FakeQuery(query, at + 1, string.Join('.', labels));
        return true;
    }

    internal static byte[] U16(int value) => [(byte)(value >> 8 & 255), (byte)(value & 255)];

    internal static byte[] NameOnWire(string name)
    {
        string[] labels = name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries);
        return [.. labels.SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.Latin1.GetBytes(label))), 0];
    }

    public override string ToString() => $"{Name.ToLowerInvariant()} {FakeZone.TypeName(Type)}";

    internal byte[] AnswerTruncated() => Answer(0x8380, new FakeReply(0, []), inLowerCase: false);

    internal byte[] Answer(FakeReply reply, bool isAuthentic, bool inLowerCase) =>
        Answer(0x8180 | (isAuthentic ? 0x20 : 0) | reply.Code, reply, inLowerCase);

    private byte[] Answer(int flags, FakeReply reply, bool inLowerCase)
    {
        // A "no" carries an SOA that says for how long it holds.
        bool isNo = (flags & 0x0200) == 0 && reply.Code is 0 or 3 && reply.Records.All(record => record.Type == 5 && Type != 5);
        bool hasOpt = _query[11] > 0;
        byte[] question = inLowerCase
            ? [.. NameOnWire(Name.ToLowerInvariant()), .. _query[(_questionEnd - 4).._questionEnd]]
            : _query[12.._questionEnd];
        byte[] soa = [.. NameOnWire("ns.test"), .. NameOnWire("root.test"), .. new byte[16], 0, 0, 0, TimeToLive];
        return
        [
            _query[0], _query[1], .. U16(flags), 0, 1, .. U16(reply.Records.Count), 0, (byte)(isNo ? 1 : 0), 0, (byte)(hasOpt ? 1 : 0),
            .. question,
            .. reply.Records.SelectMany(record => Record(record.Owner, record.Type, record.Data)),
            .. isNo ? Record("test", 6, soa) : [],
            .. hasOpt ? new byte[] { 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0 } : [],
        ];
    }

    private byte[] Record(string owner, int type, byte[] data)
    {
        byte[] name = owner.Equals(Name, StringComparison.OrdinalIgnoreCase) ? [0xc0, 12] : NameOnWire(owner);
        return [.. name, .. U16(type), 0, 1, 0, 0, 0, TimeToLive, .. U16(data.Length), .. data];
    }
}
