using System.Text;

namespace Postern.Mail.Tests;

/// <summary>Turns test literals into bytes and back: one character is one byte.</summary>
internal static class Latin
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
