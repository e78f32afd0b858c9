using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>Every mechanism, with up to four messages: nobody logs in but by the password, token or certificate, as patterns read them.</summary>
/// <remarks>The first byte of the input chooses the mechanism, each message has its length before it.</remarks>
internal static partial class SaslTarget
{
    private const string Nonce = "own";

    private static readonly OneAccount _accounts = new();

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        var mechanism = (SaslMechanism)(1 + reader.Below(7));
        var exchange = Begin(mechanism);
        List<string> messages = [];
        while (!reader.AtEnd && messages.Count < 4)
        {
            var message = reader.Text();
            messages.Add(Demand.Latin(message));
            var step = exchange.Next(message);
            Demand.That(step.Challenge.Length < 4 * SaslExchange.MaxMessage, "a challenge without bound");
            if (step.GoesOn) continue;
            Demand.Equal(Expected(mechanism, messages), step.Login?.Name ?? "", $"login by {mechanism}");
            Demand.That(!exchange.Next("\0u\0pw"u8).GoesOn || mechanism is SaslMechanism.Plain, "what ended goes on");
            return;
        }
    }

    private static SaslExchange Begin(SaslMechanism mechanism) => mechanism switch
    {
        SaslMechanism.Plain => new PlainExchange(_accounts),
        SaslMechanism.Login => new LoginExchange(_accounts),
        SaslMechanism.ScramSha256 => new ScramExchange(_accounts, default, isPlus: false, "own"u8),
        SaslMechanism.ScramSha256Plus => new ScramExchange(_accounts, new ChannelBinding("end"u8.ToArray(), default), isPlus: true, "own"u8),
        SaslMechanism.External => new ExternalExchange(new Login("u", "")),
        _ => new BearerExchange(_accounts, mechanism == SaslMechanism.XOAuth2),
    };

    /// <summary>Who logged in, or nobody.</summary>
    private static string Expected(SaslMechanism mechanism, List<string> messages) => mechanism switch
    {
        SaslMechanism.Plain => PlainForm().IsMatch(messages[0]) ? "u" : "",
        SaslMechanism.Login => messages.Count == 2 && messages[0] is "u" or "U" && messages[1] == "pw" ? "u" : "",
        SaslMechanism.External => messages[0] is "" or "u" or "U" ? "u" : "",
        SaslMechanism.OAuthBearer => messages.Count == 1 && IsBearer(BearerForm().Match(messages[0])) ? "u" : "",
        SaslMechanism.XOAuth2 => messages.Count == 1 && IsBearer(OldBearerForm().Match(messages[0])) ? "u" : "",
        // No input has the proof of a password under a nonce but one that was made with it.
        _ => messages.Count == 3 && messages[1].Contains(Proof(mechanism, messages[0]), StringComparison.Ordinal) && messages[2].Length == 0 ? "u" : "",
    };

    private static bool IsBearer(Match match) =>
        match.Success && match.Groups["pair"].Captures.Count(pair => pair.Value.StartsWith("auth=", StringComparison.OrdinalIgnoreCase)) == 1
        && match.Groups["pair"].Captures.Any(pair => TokenForm().IsMatch(pair.Value));

    /// <summary>The proof that would be right, as our own keys make it: the exchange's arithmetic has tests against an independent client.</summary>
    private static string Proof(SaslMechanism mechanism, string first)
    {
        var match = ScramForm().Match(first);
        return match.Success && mechanism != SaslMechanism.ScramSha256Plus ? $",r={match.Groups["nonce"].Value}{Nonce},p=" : "\0";
    }

    [GeneratedRegex(@"\A[uU]?\0[uU]\0pw\z")]
    private static partial Regex PlainForm();

    [GeneratedRegex(@"\A[ny],(?:a=[uU])?,\x01(?:(?<pair>[^=\x01]+=[^\x01]*)\x01)+\x01\z")]
    private static partial Regex BearerForm();

    [GeneratedRegex(@"\Auser=[uU]?\x01(?:(?<pair>[^=\x01]+=[^\x01]*)\x01)+\x01\z")]
    private static partial Regex OldBearerForm();

    [GeneratedRegex(@"\Aauth=bearer +T\z", RegexOptions.IgnoreCase)]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\A[ny],(?:a=[uU])?,n=[uU],r=(?<nonce>[!-+\x2d-~]+)(?:,|\z)")]
    private static partial Regex ScramForm();

    /// <summary>One account "u" with the password "pw" and the token "T".</summary>
    private sealed class OneAccount : IAccounts, ITokens
    {
        private static readonly ScramSalt _salt = new("salt"u8.ToArray(), ScramSalt.MinIterations);

        private readonly Account _account = new("u", _salt, [new AccountPassword("", ScramVerifier.Create(_salt, "pw"u8))]);
        private readonly Account _nobody = new("", _salt, []);

        public bool TryFind(ReadOnlySpan<byte> name, [NotNull] out Account account)
        {
            bool known = name is [(byte)'u' or (byte)'U'];
            account = known ? _account : _nobody;
            return known;
        }

        public bool TryVerify(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? name)
        {
            name = token.SequenceEqual("T"u8) ? "u" : null;
            return name is not null;
        }
    }
}
