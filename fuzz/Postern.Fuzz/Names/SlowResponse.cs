using System.Buffers.Binary;
using System.Globalization;

namespace Postern.Fuzz.Names;

/// <summary>An answer of a name server, read once more: by recursion, without an eye to cost, and told as lines of text.</summary>
internal sealed class SlowResponse(byte[] message)
{
    private const int HeaderLength = 12;
    private int _at = HeaderLength;

    /// <summary>The answers, a line each; null when the message has to be refused.</summary>
    internal List<string>? Read()
    {
        try
        {
            return ReadWhole();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void Insist(bool good)
    {
        if (!good) throw new InvalidDataException();
    }

    private List<string> ReadWhole()
    {
        Insist(message.Length is >= HeaderLength and <= 65535 && (message[2] & 0xf8) == 0x80);
        int[] counts = [.. Enumerable.Range(2, 4).Select(index => (int)BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2 * index)))];
        Insist(counts[0] == 1);
        string question = Name(message.Length);
        int type = Number(2, message.Length);
        Insist(Number(2, message.Length) == 1);
        Insist(counts[1] + counts[2] + counts[3] <= (message.Length - _at) / 11);
        List<string> lines = [$"? {question} {type}"];
        for (int i = 0; i < counts[1]; i++)
        {
            if (Record(section: 1) is { } line && lines.Count <= 512) lines.Add(line);
        }
        long? negative = null;
        for (int i = 0; i < counts[2]; i++)
        {
            if (Record(section: 2) is { } seconds) negative = Math.Min(negative ?? long.MaxValue, long.Parse(seconds, CultureInfo.InvariantCulture));
        }
        int? extended = null;
        for (int i = 0; i < counts[3]; i++)
        {
            if (Record(section: 3) is not { } code) continue;
            Insist(extended is null);
            extended = int.Parse(code, CultureInfo.InvariantCulture);
        }
        lines.Add($"= {(extended ?? 0) << 4 | message[3] & 0xf} {negative}");
        return lines;
    }

    // What the section is interested in: an answer, a negative time to live, or the upper bits of the code.
    private string? Record(int section)
    {
        string owner = Name(message.Length);
        (int type, int kind) = (Number(2, message.Length), Number(2, message.Length));
        long seconds = unchecked((uint)Number(4, message.Length));
        int length = Number(2, message.Length);
        (int start, int end) = (_at, _at + length);
        Insist(end <= message.Length);
        Insist(type != 41 || section == 3);
        long live = seconds > int.MaxValue ? 0 : seconds;
        string? told = section switch
        {
            1 when kind == 1 => Answer(type, end) is { } answer ? $"{owner} {live} {type} {answer}" : null,
            2 when kind == 1 && type == 6 => Soa(end, live),
            3 when type == 41 => Options(owner, end, seconds),
            _ => null,
        };
        Insist(told is null || _at == end);
        _at = end;
        return told;
    }

    private string? Answer(int type, int end) => type switch
    {
        1 => Hex(4, end),
        28 => Hex(16, end),
        5 or 12 => Name(end),
        33 => $"{Number(2, end)} {Number(2, end)} {Number(2, end)} {Name(end)}",
        15 => $"{Number(2, end)} {Name(end)}",
        16 => Texts(end),
        52 => $"{Number(1, end)} {Number(1, end)} {Number(1, end)} {Rest(end)}",
        _ => null,
    };

    private string Soa(int end, long live)
    {
        _ = Name(end);
        _ = Name(end);
        _ = Hex(16, end);
        return Math.Min(live, unchecked((uint)Number(4, end))).ToString(CultureInfo.InvariantCulture);
    }

    private string Options(string owner, int end, long seconds)
    {
        Insist(owner == "00");
        while (_at < end)
        {
            _ = Number(2, end);
            _ = Hex(Number(2, end), end);
        }
        return (seconds >> 24).ToString(CultureInfo.InvariantCulture);
    }

    private string Texts(int end)
    {
        string joined = "";
        Insist(_at < end);
        while (_at < end) joined += Hex(Number(1, end), end);
        return joined;
    }

    private string Rest(int end)
    {
        Insist(_at < end);
        return Hex(end - _at, end);
    }

    private string Hex(int count, int end)
    {
        Insist(_at + count <= end);
        _at += count;
        return Convert.ToHexString(message, _at - count, count);
    }

    private int Number(int count, int end) => unchecked((int)uint.Parse(Hex(count, end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private string Name(int end)
    {
        string name = Labels(ref _at, _at, end, 0);
        Insist(name.Length <= 2 * 255);
        return name;
    }

    // From one place on; what a pointer leads to begins before the labels that end with it.
    private string Labels(ref int at, int begin, int end, int pointers)
    {
        Insist(at < end);
        int head = message[at];
        if (head == 0)
        {
            at++;
            return "00";
        }
        if (head < 64)
        {
            Insist(at + 1 + head <= end);
            string label = Convert.ToHexString(message, at, head + 1);
            at += head + 1;
            return label + Labels(ref at, begin, end, pointers);
        }
        Insist(head >= 192 && at + 2 <= end && pointers < 64);
        int target = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) & 0x3fff;
        Insist(target < begin && target >= HeaderLength);
        at += 2;
        return Labels(ref target, target, message.Length, pointers + 1);
    }
}
