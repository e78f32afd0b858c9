using System.Security.Cryptography;
using System.Text;

namespace Postern.Sasl.Tests;

/// <summary>A client of SCRAM-SHA-256, written from RFC 5802 §3 and on nothing of ours.</summary>
internal sealed class ScramClient(string name, string password, string head = "n,,", byte[]? binding = null)
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";

    private readonly string _bare = $"n={name},r={Nonce}";
    private byte[] _serverKey = [];
    private string _signed = "";

    internal string First => head + _bare;

    /// <summary>The answer to the server's challenge.</summary>
    internal string Final(string challenge, Func<string, string>? changeNonce = null)
    {
        var parts = challenge.Split(',').ToDictionary(part => part[0], part => part[2..]);
        Assert.StartsWith(Nonce, parts['r']);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(parts['s']),
            int.Parse(parts['i'], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        _serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        var withoutProof = $"c={Convert.ToBase64String([.. Encoding.UTF8.GetBytes(head), .. binding ?? []])},r={(changeNonce ?? (nonce => nonce))(parts['r'])}";
        _signed = $"{_bare},{challenge},{withoutProof}";
        var signature = HMACSHA256.HashData(SHA256.HashData(key), Encoding.UTF8.GetBytes(_signed));
        return $"{withoutProof},p={Convert.ToBase64String([.. key.Zip(signature, (a, b) => (byte)(a ^ b))])}";
    }

    /// <summary>What a server that knows the password says at the end.</summary>
    internal string Farewell => "v=" + Convert.ToBase64String(HMACSHA256.HashData(_serverKey, Encoding.UTF8.GetBytes(_signed)));
}
