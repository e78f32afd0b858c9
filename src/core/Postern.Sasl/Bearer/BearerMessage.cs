namespace Postern.Sasl;

/// <summary>What OAUTHBEARER (RFC 7628 §3.1) and XOAUTH2 put into their one message: whom to act as, and a token.</summary>
internal readonly ref struct BearerMessage
{
    private const byte Separator = 1;

    private static ReadOnlySpan<byte> End => [Separator, Separator];

    /// <summary>Whom to act as, escaped in OAUTHBEARER; may be empty there.</summary>
    public ReadOnlySpan<byte> Identity { get; private init; }

    /// <summary>The token: what stands behind "Bearer".</summary>
    public ReadOnlySpan<byte> Token { get; private init; }

    /// <summary>Reads OAUTHBEARER's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out BearerMessage message)
    {
        message = default;
        if (!ScramHeader.TryRead(text, out var header, out int length) || header.Binding == 'p') return false;
        text = text[length..];
        if (text.IsEmpty || text[0] != Separator || !TryReadToken(text[1..], out var token)) return false;
        message = new BearerMessage { Identity = header.Identity, Token = token };
        return true;
    }

    /// <summary>Reads XOAUTH2's.</summary>
    public static bool TryReadOld(ReadOnlySpan<byte> text, out BearerMessage message)
    {
        message = default;
        int end = text.IndexOf(Separator);
        if (end < 0 || !text.StartsWith("user="u8) || !TryReadToken(text[(end + 1)..], out var token)) return false;
        message = new BearerMessage { Identity = text[5..end], Token = token };
        return true;
    }

    /// <summary>Finds "auth" among the pairs; an empty one ends them.</summary>
    private static bool TryReadToken(ReadOnlySpan<byte> pairs, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (!pairs.EndsWith(End)) return false;
        pairs = pairs[..^1];
        while (!pairs.IsEmpty)
        {
            int end = pairs.IndexOf(Separator);
            var pair = pairs[..end];
            pairs = pairs[(end + 1)..];
            int equals = pair.IndexOf((byte)'=');
            if (equals < 1) return false;
            if (!Ascii.EqualsIgnoreCase(pair[..equals], "auth"u8)) continue;
            var value = pair[(equals + 1)..];
            // Two of them would be two answers to who this is.
            if (!token.IsEmpty || !Ascii.StartsWithIgnoreCase(value, "Bearer "u8)) return false;
            token = value[7..].TrimStart((byte)' ');
            if (token.IsEmpty) return false;
        }
        return !token.IsEmpty;
    }
}
