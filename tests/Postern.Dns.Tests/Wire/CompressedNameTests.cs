using Postern.Dns.Wire;

namespace Postern.Dns.Tests.Wire;

/// <summary>Names as they stand in messages, with pointers right and wrong (RFC 1035 §4.1.4; attack I10).</summary>
public class CompressedNameTests
{
    // Offset 12 "example.org", 25 "mx" + pointer to 12, 30 pointer to 25.
    private static readonly byte[] _message =
        [.. new byte[12], .. Message.Name("example.org"), 2, (byte)'m', (byte)'x', .. Message.Pointer(12), .. Message.Pointer(25)];

    public static TheoryData<string, byte[]> Faults => new()
    {
        { "pointer to itself", Message.Pointer(12) },
        { "pointer forward", [.. Message.Pointer(14), 1, (byte)'a', 0] },
        { "label, then pointer to that label", [1, (byte)'a', .. Message.Pointer(12)] },
        { "pointer into the middle of its own name", [3, 1, (byte)'a', 0, .. Message.Pointer(13)] },
        { "pointer into the header", Message.Pointer(0) },
        { "pointer to the last octet of the header", Message.Pointer(11) },
        { "pointer past the end", Message.Pointer(0x3fff) },
        { "half a pointer", [0xc0] },
        { "label type 01", [0x40, 0] },
        { "label type 10", [0x80, 0] },
        { "label of 64 octets", [64, .. new byte[64], 0] },
        { "label longer than the message", [5, (byte)'a'] },
        { "no root label", [1, (byte)'a'] },
        { "nothing", [] },
        { "256 octets", LabelsOf(63, 63, 63, 62) },
        { "endless labels", [.. Enumerable.Repeat<byte[]>([1, (byte)'a'], 200).SelectMany(label => label), 0] },
    };

    [Theory]
    [InlineData(12, "example.org", 25)]
    [InlineData(20, "org", 25)]
    [InlineData(25, "mx.example.org", 30)]
    // A pointer to a name that ends in a pointer.
    [InlineData(30, "mx.example.org", 32)]
    public void BackwardPointer_IsFollowed(int offset, string expected, int end)
    {
        Assert.True(TryReadAt(_message, offset, out DnsName? name, out int next));
        Assert.Equal(expected, name!.ToString());
        Assert.Equal(end, next);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void FaultyName_IsRefused(string reason, byte[] name) =>
        Assert.False(TryReadAt([.. new byte[12], .. name], 12, out _, out _), reason);

    [Fact]
    public void NameOf255Octets_IsRead()
    {
        Assert.True(TryReadAt([.. new byte[12], .. LabelsOf(63, 63, 63, 61)], 12, out DnsName? name, out _));
        Assert.Equal(255, name!.Wire.Length);
    }

    [Fact]
    public void NameThatPassesThe255OctetsByAPointer_IsRefused()
    {
        byte[] first = LabelsOf(63, 63, 63, 61);
        Assert.True(TryReadAt([.. new byte[12], .. first, .. Message.Pointer(12)], 12 + 255, out _, out _));
        Assert.False(TryReadAt([.. new byte[12], .. first, 1, (byte)'a', .. Message.Pointer(12)], 12 + 255, out _, out _));
    }

    [Fact]
    public void TwoPointersAtEachOther_AreRefused()
    {
        // 12: label and pointer to 16; 16: pointer to 12.
        byte[] message = [.. new byte[12], 1, (byte)'a', .. Message.Pointer(16), .. Message.Pointer(12)];
        Assert.False(TryReadAt(message, 16, out _, out _));
        Assert.False(TryReadAt(message, 12, out _, out _));
    }

    [Theory]
    [InlineData(WireReader.MaxPointers, true)]
    [InlineData(WireReader.MaxPointers + 1, false)]
    public void ChainOfPointers_IsFollowedToItsLimit(int pointers, bool isRead)
    {
        var message = new List<byte>([.. new byte[12], 0]);
        int target = 12;
        for (int i = 0; i < pointers; i++)
        {
            int here = message.Count;
            message.AddRange(Message.Pointer(target));
            target = here;
        }
        Assert.Equal(isRead, TryReadAt([.. message], target, out _, out _));
    }

    [Theory]
    // Types 01 and 10 hold no offset, even where one would lead to a name.
    [InlineData(0x40)]
    [InlineData(0x80)]
    [InlineData(0xbf)]
    public void OtherLabelTypeBehindAName_IsRefused(byte head) =>
        Assert.False(TryReadAt([.. new byte[12], .. Enumerable.Repeat((byte)0, 0x3f20), head, 12], 12 + 0x3f20, out _, out _));

    [Fact]
    public void NameThatLeavesItsRecord_IsRefused()
    {
        // The data is said to be 3 octets long, the name in it goes on behind them.
        var reader = new WireReader([.. new byte[12], .. Message.Name("example.org")]);
        Assert.True(reader.TryReadBytes(12, out _));
        Assert.True(reader.TryReadPart(3, out WireReader data));
        Assert.False(data.TryReadName(null, out _));
    }

    private static bool TryReadAt(byte[] message, int offset, out DnsName? name, out int next)
    {
        var reader = new WireReader(message);
        Assert.True(reader.TryReadBytes(offset, out _));
        bool done = reader.TryReadName(null, out name);
        next = message.Length - reader.Remaining;
        return done;
    }

    private static byte[] LabelsOf(params int[] lengths) =>
        [.. lengths.SelectMany(length => new[] { (byte)length }.Concat(Enumerable.Repeat((byte)'a', length))), 0];
}
