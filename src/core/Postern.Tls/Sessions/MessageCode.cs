using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>HMAC-SHA256 (RFC 2104).</summary>
public static unsafe class MessageCode
{
    private const int Size = 32;

    /// <summary>Makes the code of a text.</summary>
    /// <exception cref="InvalidOperationException">No memory.</exception>
    public static byte[] Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        var code = new byte[Size];
        fixed (byte* keyStart = key, start = text, output = code)
        {
            return CryptoCalls.Authenticate(CryptoCalls.Sha256(), keyStart, key.Length, start, (nuint)text.Length, output, null) is not null
                ? code
                : throw new InvalidOperationException("no HMAC");
        }
    }
}
