using System.Buffers;
using System.Buffers.Text;

namespace Postern.Text;

/// <summary>Base64 as protocols have it (RFC 4648 §4): one spelling for each sequence of bytes.</summary>
/// <remarks>The library's reader passes over white space, wherever it stands: two texts that two readers take for the same, or for
/// different ones. It does refuse bits behind the last byte that are not zero.</remarks>
public static class Base64Text
{
    private static readonly SearchValues<byte> s_digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>Bytes of text for so many bytes.</summary>
    public static int LengthFor(int bytes) => Base64.GetMaxEncodedToUtf8Length(bytes);

    /// <summary>Decodes.</summary>
    /// <param name="text">Groups of four characters, the last one padded; may be empty.</param>
    /// <param name="output">At least three bytes for each group.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when it is not the one spelling of some bytes.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        written = 0;
        int padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        if (text.Length % 4 != 0 || text[..^padding].ContainsAnyExcept(s_digits)) return false;
        if (Base64.DecodeFromUtf8(text, output, out _, out int decoded) != OperationStatus.Done) return false;
        written = decoded;
        return true;
    }

    /// <summary>Encodes.</summary>
    /// <param name="bytes">Any bytes.</param>
    public static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[LengthFor(bytes.Length)];
        _ = Encode(bytes, text);
        return text;
    }

    /// <summary>Encodes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="output">At least <see cref="LengthFor"/> as many bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> output) =>
        Base64.EncodeToUtf8(bytes, output, out _, out int written) == OperationStatus.Done
            ? written
            : throw new ArgumentException("The output is shorter than LengthFor says.", nameof(output));
}
