using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Postern.Sasl;

/// <summary>The base64 of tokens (RFC 7515 §2): the other alphabet, no padding, one spelling for each sequence of bytes.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<byte> s_digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(s_digits) || text.Length % 4 == 1) return false;
        var output = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromUtf8(text, output, out _, out int written) != OperationStatus.Done) return false;
        bytes = output[..written];
        return true;
    }
}
