using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Postern.Tls.Keys;

namespace Postern.Keyholder.Issuance;

/// <summary>Writes requests to a certificate authority and signs them with the account's key (RFC 8555 §6.2, RFC 7515).</summary>
internal static class AccountRequest
{
    private static readonly SearchValues<byte> _base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Writes one.</summary>
    /// <param name="key">The account's key.</param>
    /// <param name="account">The account's address; empty where the key stands for it.</param>
    /// <param name="nonce">The authority's nonce.</param>
    /// <param name="url">Where it goes.</param>
    /// <param name="payload">What it says: JSON, or nothing.</param>
    /// <returns>Null when a text is none that can stand in it.</returns>
    internal static byte[]? Write(SigningKey key, ReadOnlySpan<byte> account, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> url, ReadOnlySpan<byte> payload)
    {
        if (!IsNonce(nonce) || !IsUrl(url) || (!account.IsEmpty && !IsUrl(account)))
        {
            return null;
        }

        ReadOnlySpan<byte> who = account.IsEmpty ? [.. "\"jwk\":"u8, .. PublicKey(key)] : [.. "\"kid\":\""u8, .. account, (byte)'"'];
        var head = Encode([.. "{\"alg\":\"ES256\","u8, .. who, .. ",\"nonce\":\""u8, .. nonce, .. "\",\"url\":\""u8, .. url, .. "\"}"u8]);
        var body = Encode(payload);
        var signature = Encode(key.Sign([.. head, (byte)'.', .. body]));
        return
        [
            .. "{\"protected\":\""u8, .. head, .. "\",\"payload\":\""u8, .. body, .. "\",\"signature\":\""u8, .. signature, .. "\"}"u8,
        ];
    }

    /// <summary>The thumbprint of a key (RFC 7638).</summary>
    internal static byte[] Thumbprint(SigningKey key) => Encode(SigningKey.Sha256(PublicKey(key)));

    /// <summary>Bytes as base64url without padding (RFC 7515 §2).</summary>
    internal static byte[] Encode(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(bytes));

    /// <summary>The public key as JWK, its fields in the order that a thumbprint wants (RFC 7638 §3.2).</summary>
    private static byte[] PublicKey(SigningKey key)
    {
        var point = key.PublicPoint;
        var half = point.Length / 2;
        return
        [
            .. "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""u8, .. Encode(point.AsSpan(0, half)), .. "\",\"y\":\""u8, .. Encode(point.AsSpan(half)), .. "\"}"u8,
        ];
    }

    private static bool IsNonce(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(_base64Url);

    /// <summary>An address of HTTPS, of printable characters that mean nothing within JSON's quotes.</summary>
    private static bool IsUrl(ReadOnlySpan<byte> text) =>
        text.StartsWith("https://"u8) && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.ContainsAny((byte)'"', (byte)'\\');
}
