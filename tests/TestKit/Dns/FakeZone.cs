using System.Globalization;
using System.Net;
using System.Text;

namespace Postern.TestKit.Dns;

/// <summary>What a <see cref="FakeNameServer"/> says to a question.</summary>
/// <param name="Code">RCODE.</param>
/// <param name="Records">Owner, type and data of each record, in order.</param>
internal sealed record FakeReply(int Code, IReadOnlyList<(string Owner, int Type, byte[] Data)> Records);

/// <summary>What a <see cref="FakeNameServer"/> knows.</summary>
/// <remarks>
/// <para>"example.org MX" = "10 mx.example.org"; "mx.example.org A" = "192.0.2.1", "192.0.2.2"; AAAA, CNAME, PTR, TXT likewise; SRV =
/// "0 1 465 mx.example.org"; TLSA = "3 1 1 " and hexadecimal digits. Names in any letter case. A name with some record has the others not (NODATA), any other name
/// does not exist (NXDOMAIN). CNAME is followed.</para>
/// <para>Instead of records one word: SERVFAIL, REFUSED, FORMERR, NXDOMAIN, or DROP for no answer at all; for every type of a name
/// with "example.org *".</para>
/// </remarks>
internal sealed class FakeZone
{
    private const int MaxAliases = 20;

    private static readonly Dictionary<string, int> _types = new()
    {
        ["A"] = 1,
        ["NS"] = 2,
        ["CNAME"] = 5,
        ["SOA"] = 6,
        ["PTR"] = 12,
        ["MX"] = 15,
        ["TXT"] = 16,
        ["AAAA"] = 28,
        ["SRV"] = 33,
        ["TLSA"] = 52,
    };

    private static readonly Dictionary<string, int> _codes = new()
    {
        ["FORMERR"] = 1,
        ["SERVFAIL"] = 2,
        ["NXDOMAIN"] = 3,
        ["REFUSED"] = 5,
    };

    private readonly Dictionary<string, string[]> _sets = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    internal FakeZone(IReadOnlyDictionary<string, string[]> sets)
    {
        foreach ((string key, string[] values) in sets)
        {
            string[] words = key.Split(' ');
            if (words.Length != 2 || (words[1] != "*" && !_types.ContainsKey(words[1])))
                throw new ArgumentException($"\"{key}\" is not a name and a type.", nameof(sets));
            _sets.Add(key, values);
            _names.Add(words[0]);
        }
    }

    internal static string TypeName(int type) =>
        _types.FirstOrDefault(entry => entry.Value == type).Key ?? type.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null: no answer.</summary>
    internal FakeReply? Answer(string name, int type)
    {
        var records = new List<(string Owner, int Type, byte[] Data)>();
        for (int i = 0; i < MaxAliases; i++)
        {
            string[]? values = _sets.GetValueOrDefault($"{name} {TypeName(type)}") ?? _sets.GetValueOrDefault($"{name} *");
            if (values is ["DROP"])
                return null;
            if (values is [var word] && _codes.TryGetValue(word, out int code))
                return new FakeReply(code, records);
            if (values is not null)
            {
                records.AddRange(values.Select(value => (name, type, Data(type, value))));
                return new FakeReply(0, records);
            }
            if (!_sets.TryGetValue($"{name} CNAME", out string[]? alias))
                break;
            records.Add((name, 5, Data(5, alias[0])));
            name = alias[0].TrimEnd('.');
        }
        return new FakeReply(_names.Contains(name) ? 0 : 3, records);
    }

    private static byte[] Data(int type, string value)
    {
        string[] words = value.Split(' ');
        return type switch
        {
            1 or 28 => IPAddress.Parse(value).GetAddressBytes(),
            2 or 5 or 12 => FakeQuery.NameOnWire(value),
            15 => [.. FakeQuery.U16(int.Parse(words[0], CultureInfo.InvariantCulture)), .. FakeQuery.NameOnWire(words[1])],
            16 => Strings(value),
            33 => [.. words.Take(3).SelectMany(word => FakeQuery.U16(int.Parse(word, CultureInfo.InvariantCulture))), .. FakeQuery.NameOnWire(words[3])],
            52 => [.. words.Take(3).Select(word => byte.Parse(word, CultureInfo.InvariantCulture)), .. Convert.FromHexString(words[3])],
            _ => throw new ArgumentException($"Type {type} can't be written.", nameof(type)),
        };
    }

    // A long text becomes several strings of 255 octets.
    private static byte[] Strings(string text) =>
        text.Length == 0 ? [0] : [.. Encoding.Latin1.GetBytes(text).Chunk(255).SelectMany(chunk => new[] { (byte)chunk.Length }.Concat(chunk))];
}
