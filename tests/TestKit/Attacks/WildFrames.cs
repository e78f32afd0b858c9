using System.Buffers.Binary;
using System.Text;

namespace Postern.TestKit;

/// <summary>
/// What a program that was taken over may send: frames of every type that there is, with fields that are right, at their
/// limits, or nonsense. Written from docs/ipc.md, not from the code that reads them; a test compares the two.
/// </summary>
public sealed class WildFrames(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The fields of each type: 1, 2, 4 and 8 bytes as b, h, u and q; a flag f, a byte string s, the rest r.</summary>
    public static IReadOnlyDictionary<ushort, string> Layouts { get; } = new Dictionary<ushort, string>
    {
        [10] = "u",
        [11] = "ussbbbbus",
        [12] = "ussh",
        [13] = "ur",
        [14] = "u",
        [15] = "u",
        [20] = "uq",
        [21] = "ub",
        [22] = "uu",
        [23] = "b",
        [30] = "uqbshssbbbq",
        [31] = "uusshf",
        [32] = "u",
        [33] = "u",
        [34] = "u",
        [35] = "uubss",
        [40] = "uubbuss",
        [41] = "uusf",
        [42] = "u",
        [43] = "us",
        [50] = "uqqssqqff",
        [51] = "ubssussq",
        [52] = "u",
        [60] = "us",
        [61] = "ub",
        [62] = "usf",
        [63] = "ubss",
        [64] = "us",
        [65] = "ubf",
        [66] = "uss",
        [70] = "sssfsss",
        [72] = "ubssfsss",
        [73] = "ur",
        [74] = "ur",
        [75] = "ubs",
        [76] = "u",
        [77] = "s",
        [80] = "u",
        [81] = "ubqqqqqqqqqq",
        [82] = "ussssu",
        [83] = "uqssbhqqqss",
        [84] = "uqf",
        [85] = "uf",
        [86] = "ubqsss",
        [87] = "uuuu",
        [88] = "uf",
        [90] = "",
        [91] = "us",
        [92] = "bsss",
        [93] = "r",
        [94] = "r",
    };

    /// <summary>Numbers that mean something on the channel just now: mostly one of these is named.</summary>
    public IReadOnlyList<uint> Known { get; set; } = [1, 2];

    /// <summary>A whole number below <paramref name="bound"/>.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>The next frame: of one of <paramref name="likely"/> as a rule, whole as a rule.</summary>
    public byte[] Next(IReadOnlyList<ushort> likely)
    {
        ushort[] all = [.. Layouts.Keys];
        ushort type = Below(20) switch { 0 => (ushort)_random.Next(ushort.MaxValue + 1), 1 => all[Below(all.Length)], _ => likely[Below(likely.Count)] };
        byte[] payload = Payload(type);
        payload = Below(40) switch
        {
            0 when payload.Length > 0 => payload[..Below(payload.Length)],
            1 => [.. payload, .. Bytes(1 + Below(4))],
            _ => payload,
        };
        return Frame(type, payload, Below(200) == 0 ? (uint)_random.Next(int.MaxValue) * 2 : (uint)payload.Length);
    }

    /// <summary>A frame as it goes over the wire.</summary>
    public static byte[] Frame(ushort type, byte[] payload, uint length)
    {
        byte[] frame = new byte[6 + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(4), type);
        payload.CopyTo(frame, 6);
        return frame;
    }

    private byte[] Payload(ushort type)
    {
        List<byte> payload = [];
        foreach (char field in Layouts.GetValueOrDefault(type, "r"))
        {
            payload.AddRange(field switch
            {
                'b' => [Small()],
                'f' => [(byte)(Below(30) == 0 ? Below(256) : Below(2))],
                'h' => BitConverter.GetBytes((ushort)(Below(4) == 0 ? _random.Next(ushort.MaxValue + 1) : Below(16))),
                'u' => BitConverter.GetBytes(Number()),
                'q' => BitConverter.GetBytes(Below(3) == 0 ? unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue)) : Number()),
                'r' => Content(),
                _ => Text(),
            });
        }

        return [.. payload];
    }

    private byte Small() => (byte)(Below(8) == 0 ? Below(256) : Below(4));

    private uint Number() => Below(12) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => (uint)_random.NextInt64(uint.MaxValue),
        3 => (uint)Below(100_000),
        _ => Known[Below(Known.Count)],
    };

    private byte[] Content() => Bytes(Below(10) switch { 0 => 0, 1 => 1, 2 => 64 * 1024, 3 => (64 * 1024) + 1, _ => Below(300) });

    private IEnumerable<byte> Text()
    {
        byte[] text = Below(12) switch
        {
            0 => [],
            1 => Bytes(Below(400)),
            2 => Bytes(_random.GetItems([255, 256, 300, 301, 320, 321, 512, 513, 600, 601, 1024, 1025], 1)[0]),
            3 => Encoding.ASCII.GetBytes("a\r\nb@c.test"),
            4 => Encoding.ASCII.GetBytes("../../etc/passwd"),
            5 => Encoding.UTF8.GetBytes("jörg@ü.test"),
            6 => Encoding.ASCII.GetBytes("rfc822;x@b.test"),
            7 => new byte[16],
            _ => Encoding.ASCII.GetBytes($"u{Below(3)}@{_random.GetItems(["a.test", "b.test", "relay.test", "[127.0.0.1]"], 1)[0]}"),
        };
        ushort length = Below(60) == 0 ? (ushort)_random.Next(ushort.MaxValue + 1) : (ushort)text.Length;
        return [.. BitConverter.GetBytes(length), .. text];
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
