using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>Logging in at a server, with up to four of its messages: what is answered, and which servers are believed, as patterns and the framework's arithmetic have it.</summary>
/// <remarks>The first byte of the input chooses the mechanism, each message has its length before it.</remarks>
internal static partial class SaslClientTarget
{
    private const string Nonce = "ours";
    private const string Name = "u,s";
    private const string Password = "pw";

    // More rounds take longer and say no more.
    private const int MaxRounds = 5000;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        var mechanism = (SaslMechanism)(1 + reader.Below(3));
        using var credentials = new ClientCredentials(Encoding.ASCII.GetBytes(Name), Encoding.ASCII.GetBytes(Password));
        var exchange = ClientExchange.Choose(offered => offered == mechanism, credentials, default, Encoding.ASCII.GetBytes(Nonce))!;
        List<string> said = [];
        while (!reader.AtEnd && said.Count < 4)
        {
            var challenge = reader.Text();
            said.Add(Demand.Latin(challenge));
            if (Form().Match(said[0]) is { Success: true } rounds && Rounds(rounds) > MaxRounds && mechanism == SaslMechanism.ScramSha256) return;
            var answer = exchange.Answer(challenge);
            Demand.Equal(Expected(mechanism, said), answer is null ? "nothing" : Demand.Latin(answer), "an answer");
            Demand.Equal(
                mechanism switch { SaslMechanism.Plain => true, SaslMechanism.Login => said.Count == 2, _ => said.Count == 2 && answer is not null },
                exchange.IsSatisfied, "belief");
        }
    }

    private static string Expected(SaslMechanism mechanism, List<string> said) => (mechanism, said.Count) switch
    {
        (SaslMechanism.Login, 1) => Name,
        (SaslMechanism.Login, 2) => Password,
        (SaslMechanism.ScramSha256, 1) when Work(said[0]) is { } work => work.Answer,
        (SaslMechanism.ScramSha256, 2) when Work(said[0]) is { } work && Farewell().Match(said[1]) is { Success: true } match && match.Groups[1].Value == work.Signature => "",
        _ => "nothing",
    };

    /// <summary>RFC 5802 §3, written once more; null for a challenge that is not to be answered.</summary>
    private static (string Answer, string Signature)? Work(string challenge)
    {
        var match = Form().Match(challenge);
        if (!match.Success || Rounds(match) < 4096 || !IsCanonical(match.Groups["salt"].Value)) return null;
        var salted = Rfc2898DeriveBytes.Pbkdf2(Password, Convert.FromBase64String(match.Groups["salt"].Value), (int)Rounds(match), HashAlgorithmName.SHA256, 32);
        byte[] key = HMACSHA256.HashData(salted, "Client Key"u8);
        string bare = $"c=biws,r={match.Groups["nonce"].Value}";
        byte[] all = Encoding.Latin1.GetBytes($"n=u=2Cs,r={Nonce},{challenge},{bare}");
        byte[] proof = HMACSHA256.HashData(SHA256.HashData(key), all);
        for (int i = 0; i < proof.Length; i++) proof[i] ^= key[i];
        return ($"{bare},p={Convert.ToBase64String(proof)}", Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), all)));
    }

    private static decimal Rounds(Match match) => decimal.Parse(match.Groups["rounds"].Value, CultureInfo.InvariantCulture) is <= 600_000 and var rounds ? rounds : 0;

    private static bool IsCanonical(string text) => Convert.ToBase64String(Convert.FromBase64String(text)) == text;

    [GeneratedRegex(@"\Ar=(?<nonce>ours[!-+\x2d-~]+),s=(?<salt>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)),i=(?<rounds>[0-9]{1,20})(?:,[\s\S]+)?\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\Av=([A-Za-z0-9+/=]{44})(?:,[\s\S]+)?\z")]
    private static partial Regex Farewell();
}
