using System.Text;

namespace Postern.Smtp.Tests;

/// <summary>Turns test literals into bytes and back: one character is one byte.</summary>
internal static class Bytes
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
