namespace Postern.Fuzz.Tests;

/// <summary>Changes inputs the way fuzzers do, without looking at what is reached: the same changes for the same seed.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus, int maxLength)
{
    private static readonly byte[][] s_tokens =
    [
        "\r\n"u8.ToArray(), "\r\n.\r\n"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), "\0"u8.ToArray(), " "u8.ToArray(), "<"u8.ToArray(), ">"u8.ToArray(),
        "@"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), "."u8.ToArray(), ":"u8.ToArray(), "="u8.ToArray(), "+00"u8.ToArray(), "xn--"u8.ToArray(),
        "\u00fc"u8.ToArray(), [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0xc0, 0x0c], "[]"u8.ToArray(), "18446744073709551616"u8.ToArray(), ","u8.ToArray(),
    ];

    private readonly Random _random = new(seed);

    internal byte[] Next()
    {
        List<byte> bytes = [.. corpus[_random.Next(corpus.Count)]];
        for (int change = 0, changes = 1 + _random.Next(4); change < changes; change++) Change(bytes);
        return [.. bytes.Take(maxLength)];
    }

    private void Change(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1);
        int length = _random.Next(Math.Min(bytes.Count - at, 16) + 1);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, s_tokens[_random.Next(s_tokens.Length)]);
                break;
            case 5:
                byte[] other = corpus[_random.Next(corpus.Count)];
                int from = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 64)]);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), 1 + _random.Next(_random.Next(8) == 0 ? 300 : 4)));
                break;
        }
    }
}
