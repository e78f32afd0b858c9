namespace Postern.Sasl;

/// <summary>The head of a client's first message (RFC 5802 §7, gs2-header): binding and identity.</summary>
internal readonly ref struct ScramHeader
{
    /// <summary>What the client says of bindings: 'n' it has none, 'y' it has but thinks that the server has none, 'p' it uses one.</summary>
    public byte Binding { get; private init; }

    /// <summary>The kind of binding after 'p'.</summary>
    public ReadOnlySpan<byte> BindingName { get; private init; }

    /// <summary>Whom to act as, still escaped; empty for the account itself.</summary>
    public ReadOnlySpan<byte> Identity { get; private init; }

    /// <summary>Reads it.</summary>
    /// <param name="message">The client's first message.</param>
    /// <param name="header">The head.</param>
    /// <param name="length">Its bytes, with the comma that ends it.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, out ScramHeader header, out int length)
    {
        header = default;
        length = 0;
        int first = message.IndexOf((byte)',');
        if (first < 1) return false;
        var flag = message[..first];
        bool named = flag.StartsWith("p="u8);
        if (named ? !IsName(flag[2..]) : !(flag.SequenceEqual("n"u8) || flag.SequenceEqual("y"u8))) return false;
        var rest = message[(first + 1)..];
        int second = rest.IndexOf((byte)',');
        if (second < 0) return false;
        var identity = rest[..second];
        if (!identity.IsEmpty && (!identity.StartsWith("a="u8) || identity.Length == 2)) return false;
        header = new ScramHeader { Binding = flag[0], BindingName = named ? flag[2..] : default, Identity = identity.IsEmpty ? default : identity[2..] };
        length = first + second + 2;
        return true;
    }

    private static bool IsName(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (!Ascii.IsLetterOrDigit(value) && value is not ((byte)'.' or (byte)'-')) return false;
        }
        return !text.IsEmpty;
    }
}
