namespace Postern.Sasl;

/// <summary>The pieces that SCRAM's messages are made of (RFC 5802 §7).</summary>
internal static class ScramText
{
    /// <summary>Takes the next attribute, "name=value", and the comma behind it.</summary>
    /// <param name="rest">What is left of the message.</param>
    /// <param name="name">The letter that is due.</param>
    /// <param name="value">Its value: not empty, without a comma.</param>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, byte name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (rest.Length < 3 || rest[0] != name || rest[1] != '=') return false;
        var body = rest[2..];
        int comma = body.IndexOf((byte)',');
        value = comma < 0 ? body : body[..comma];
        rest = comma < 0 ? default : body[(comma + 1)..];
        // A comma at the end would have another attribute behind it.
        return !value.IsEmpty && (comma < 0 || !rest.IsEmpty);
    }

    /// <summary>True for a nonce: printable ASCII.</summary>
    public static bool IsNonce(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (!Ascii.IsGraphic(value)) return false;
        }
        return !text.IsEmpty;
    }

    /// <summary>Escapes a name.</summary>
    public static byte[] Escape(ReadOnlySpan<byte> text)
    {
        var output = new List<byte>(text.Length);
        foreach (byte value in text)
        {
            output.AddRange(value switch { (byte)',' => "=2C"u8, (byte)'=' => "=3D"u8, _ => [value] });
        }
        return [.. output];
    }

    /// <summary>Undoes the escapes of a name: "=2C" for a comma, "=3D" for an equals sign, and no other.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="output">At least as many bytes.</param>
    /// <param name="written">Bytes written.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte value = text[i];
            if (value == 0) return false;
            if (value == '=')
            {
                var escape = text[i..];
                if (escape.StartsWith("=2C"u8)) value = (byte)',';
                else if (!escape.StartsWith("=3D"u8)) return false;
                i += 2;
            }
            output[written++] = value;
        }
        return true;
    }
}
