using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Postern.Ipc.Tests.Frames;

/// <summary>The fields of a frame as docs/ipc.md has them, and payloads made of them without the code under test.</summary>
/// <param name="text">
/// One word a field: h, u, q and i are numbers of 2, 4 and 8 bytes, the last signed; f is a yes or no; bN a byte of at most N, cN one
/// that is not 0 either; sN a byte string and tN a text of at most N bytes; xN a byte string of just N; rN the rest of at most N.
/// </param>
internal sealed class Layout(string text)
{
    private readonly (char Kind, int Max)[] _fields =
        [.. text.Split(' ').Select(word => (word[0], word.Length == 1 ? 0 : int.Parse(word[1..], CultureInfo.InvariantCulture)))];

    /// <summary>Values that no two fields of one kind share, short ones.</summary>
    public object[] Samples => [.. _fields.Select(Sample)];

    /// <summary>The largest and longest values that each field may have.</summary>
    public object[] Largest => [.. _fields.Select(Limit)];

    /// <summary>Zeros and empty strings.</summary>
    public object[] Smallest => [.. _fields.Select(Least)];

    /// <summary>Whether the last field runs to the end.</summary>
    public bool IsOpen => _fields[^1].Kind == 'r';

    /// <summary>Payloads with one field that is not legal, each with what is wrong about it.</summary>
    public IEnumerable<(string Fault, byte[] Payload)> Illegal
    {
        get
        {
            for (var at = 0; at < _fields.Length; at++)
            {
                foreach (var value in Beyond(_fields[at]))
                {
                    var values = Samples;
                    values[at] = value;
                    yield return ($"field {at} is {Shown(value)}", Payload(values));
                }
            }
        }
    }

    /// <summary>The bytes of a payload with these values.</summary>
    public byte[] Payload(object[] values) => [.. _fields.Zip(values).SelectMany(pair => Bytes(pair.First.Kind, pair.Second))];

    private static object Sample((char Kind, int Max) field, int at) => field.Kind switch
    {
        'h' => (ushort)(0x1102 + at),
        'u' => 0x81020304u + (uint)at,
        'q' => 0x8102030405060708UL + (ulong)at,
        'i' => -0x0102030405060708L - at,
        'f' => true,
        'b' or 'c' => (byte)field.Max,
        'x' => Enumerable.Repeat((byte)at, field.Max).ToArray(),
        't' => $"t{at}",
        _ => Encoding.ASCII.GetBytes($"{at}@"),
    };

    private static object Limit((char Kind, int Max) field, int at) => field.Kind switch
    {
        'h' => ushort.MaxValue,
        'u' => uint.MaxValue,
        'q' => ulong.MaxValue,
        'i' => at % 2 == 0 ? long.MinValue : long.MaxValue,
        't' => new string(at % 2 == 0 ? ' ' : '~', field.Max),
        's' or 'r' => Enumerable.Repeat((byte)0xff, field.Max).ToArray(),
        _ => Sample(field, at),
    };

    private static object Least((char Kind, int Max) field) => field.Kind switch
    {
        'h' => (ushort)0,
        'u' => 0u,
        'q' => 0UL,
        'i' => 0L,
        'f' => false,
        'b' => (byte)0,
        'c' => (byte)1,
        'x' => new byte[field.Max],
        't' => "",
        _ => Array.Empty<byte>(),
    };

    private static IEnumerable<object> Beyond((char Kind, int Max) field) => field.Kind switch
    {
        'f' => [(byte)2, (byte)0xff],
        'b' => [(byte)(field.Max + 1), (byte)0xff],
        'c' => [(byte)0, (byte)(field.Max + 1), (byte)0xff],
        'x' => [Array.Empty<byte>(), new byte[field.Max - 1], new byte[field.Max + 1]],
        't' => [new string('t', field.Max + 1), "\x1f", "a\x7f", "\n"],
        's' or 'r' => [new byte[field.Max + 1]],
        _ => [],
    };

    private static byte[] Bytes(char kind, object value)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value switch
        {
            string text => (ulong)text.Length,
            byte[] bytes => (ulong)bytes.Length,
            bool yes => yes ? 1u : 0u,
            long signed => unchecked((ulong)signed),
            _ => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
        });
        return kind switch
        {
            'f' or 'b' or 'c' => number[..1],
            'h' => number[..2],
            'u' => number[..4],
            's' or 'x' => [.. number[..2], .. (byte[])value],
            't' => [.. number[..2], .. Encoding.Latin1.GetBytes((string)value)],
            'r' => (byte[])value,
            _ => number,
        };
    }

    private static string Shown(object value) => value switch
    {
        string { Length: < 5 } text => Convert.ToHexString(Encoding.Latin1.GetBytes(text)),
        string text => $"{text.Length} characters",
        byte[] bytes => $"{bytes.Length} bytes",
        _ => value.ToString()!,
    };
}
