using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>The file of accounts, beside patterns, and there and back again. Names beyond ASCII have a target of their own (punycode).</summary>
internal static partial class AccountTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        bool read = AccountFile.TryRead(input, out var accounts, out var fault);
        string text = Demand.Latin(input);
        string[] lines = text.Split('\n');
        if (!read)
        {
            Demand.That(fault!.Line >= 1 && fault.Line <= lines.Length, "a fault behind the end");
            return;
        }
        var kept = lines.Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Demand.Equal(kept.Length, accounts!.Sum(account => account.Passwords.Count), "passwords");
        foreach (string line in kept)
        {
            var match = Line().Match(line);
            Demand.That(match.Success, "a line that is none was taken");
            int iterations = int.Parse(match.Groups["i"].Value, CultureInfo.InvariantCulture);
            Demand.That(iterations is >= ScramSalt.MinIterations and <= ScramSalt.MaxIterations, "iterations without limit");
            string name = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(match.Groups["name"].Value));
            string label = match.Groups["label"].Value is "-" ? "" : match.Groups["label"].Value;
            var account = accounts!.SingleOrDefault(one => one.Name == Lower(name));
            Demand.That(account is not null, "an account is missing");
            Demand.Equal(1, account!.Passwords.Count(one => one.Label == label), "passwords of a label");
            Demand.Equal(match.Groups["salt"].Value, Convert.ToBase64String(account.Salt.Salt.Span), "salt");
        }
        byte[] written = AccountFile.Write(accounts!);
        Demand.That(AccountFile.TryRead(written, out var again, out _), "what was written can't be read");
        Demand.Same(written, AccountFile.Write(again!), "there and back");
    }

    private static string Lower(string text) => string.Concat(text.Select(one => char.IsAsciiLetterUpper(one) ? (char)(one | 0x20) : one));

    [GeneratedRegex(@"\A(?<name>[!-~\x80-\xff]{1,254})\t(?<label>-|[!-~](?:[ -~]{0,62}[!-~])?)\tSCRAM-SHA-256\$(?<i>[0-9]{1,20}):(?<salt>[A-Za-z0-9+/]+={0,2})\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=\z")]
    private static partial Regex Line();
}
