using CsCheck;

namespace Postern.Dns.Tests.Wire;

/// <summary>Generators of names and of whole responses.</summary>
internal static class WireGen
{
    internal static Gen<string> HostName { get; } =
        Gen.Char["abcxyzABC019-_"].Array[1, 12].Select(letters => new string(letters)).Array[1, 6].Select(labels => string.Join('.', labels));

    private static Gen<byte[]> Owner { get; } = Gen.Frequency(
        (30, Gen.Const(Message.Pointer(12))),
        (10, HostName.Select(Message.Name)),
        (1, Gen.Int[0, 0x3fff].Select(Message.Pointer)));

    private static Gen<(int Type, byte[] Data)> Content { get; } = Gen.OneOf(
        Gen.Byte.Array[4].Select(octets => (1, octets)),
        Gen.Byte.Array[16].Select(octets => (28, octets)),
        Owner.Select(name => (5, name)),
        Gen.Select(Gen.Int[0, 65535], Owner).Select((preference, name) => (15, Message.Mx(preference, name))),
        Gen.String[Gen.Char["ab\0\u00ff"], 0, 255].Array[1, 5].Select(strings => (16, Message.Strings(strings))),
        Gen.Byte.Array[4, 70].Select(octets => (52, octets)),
        Gen.UInt.Select(minimum => (6, Message.Soa(minimum))),
        Gen.Select(Gen.Int[60, 65535], Gen.Byte.Array[0, 40]));

    /// <summary>Responses that are mostly well-formed.</summary>
    internal static Gen<byte[]> Response { get; } =
        Gen.Select(Owner, Content, Gen.Int[1, 3], Gen.UInt).Array[0, 12].Select(records =>
        {
            Message message = Message.For(15);
            foreach ((byte[] owner, (int type, byte[] data), int section, uint ttl) in records.OrderBy(record => record.Item3))
                message.Raw(section, owner, Message.U16(type), Message.U16(1), Message.U32(ttl), Message.U16(data.Length), data);
            return message.Build();
        });
}
