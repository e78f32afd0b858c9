using System.Buffers.Binary;
using System.Text;

namespace Postern.Dns.Tests.Wire;

/// <summary>Puts messages together octet by octet, right and wrong ones alike, without using the code under test.</summary>
internal sealed class Message
{
    internal const ushort ResponseFlags = 0x8180;

    private readonly List<byte> _body = [];
    private readonly ushort[] _counts = new ushort[4];

    internal ushort Id { get; set; } = 0x1234;

    internal ushort Flags { get; set; } = ResponseFlags;

    /// <summary>A name as labels; "." is the root.</summary>
    internal static byte[] Name(string text)
    {
        var wire = new List<byte>();
        foreach (string label in text.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            wire.Add((byte)label.Length);
            wire.AddRange(Encoding.Latin1.GetBytes(label));
        }
        return [.. wire, 0];
    }

    internal static byte[] Pointer(int offset) => U16(0xc000 | offset);

    internal static byte[] U16(int value) => unchecked([(byte)(value >> 8), (byte)value]);

    internal static byte[] U32(uint value)
    {
        byte[] octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }

    internal static byte[] Mx(int preference, byte[] name) => [.. U16(preference), .. name];

    internal static byte[] Soa(uint minimum) =>
        [.. Name("ns.example.org"), .. Name("root.example.org"), .. U32(1), .. U32(2), .. U32(3), .. U32(4), .. U32(minimum)];

    internal static byte[] Strings(params string[] strings) =>
        [.. strings.SelectMany(s => new[] { (byte)s.Length }.Concat(Encoding.Latin1.GetBytes(s)))];

    /// <summary>A question for example.org (its name at offset 12) to hang records onto.</summary>
    internal static Message For(int type) => new Message().Question("example.org", type);

    internal Message Question(string name, int type, int dnsClass = 1) => Raw(0, Name(name), U16(type), U16(dnsClass));

    internal Message Answer(byte[] owner, int type, byte[] data, uint ttl = 300, int dnsClass = 1) =>
        Raw(1, owner, U16(type), U16(dnsClass), U32(ttl), U16(data.Length), data);

    internal Message Authority(byte[] owner, int type, byte[] data, uint ttl = 300) =>
        Raw(2, owner, U16(type), U16(1), U32(ttl), U16(data.Length), data);

    internal Message Additional(byte[] owner, int type, byte[] data, uint ttl = 300, int dnsClass = 1) =>
        Raw(3, owner, U16(type), U16(dnsClass), U32(ttl), U16(data.Length), data);

    /// <summary>Any octets, counted as one entry of a section (0 question, 1 answer, 2 authority, 3 additional).</summary>
    internal Message Raw(int section, params byte[][] parts)
    {
        _counts[section]++;
        foreach (byte[] part in parts)
            _body.AddRange(part);
        return this;
    }

    internal Message Count(int section, int count)
    {
        _counts[section] = (ushort)count;
        return this;
    }

    internal byte[] Build() => [.. U16(Id), .. U16(Flags), .. _counts.SelectMany(count => U16(count)), .. _body];
}
