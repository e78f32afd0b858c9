using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Sasl;

namespace Postern.Fuzz.Logins;

/// <summary>A line of Dovecot's, beside patterns: a yes is for the request and the account that it names, and nothing else is one.</summary>
internal static partial class DovecotTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        var read = DovecotLine.Read(input);
        var answer = Answer().Match(text);
        bool isAnswer = read.Word is DovecotWord.Ok or DovecotWord.Failed or DovecotWord.Unable;
        bool isNumber = answer.Success && uint.TryParse(answer.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        Demand.Equal(isNumber, isAnswer, "an answer");
        if (!isAnswer) return;
        Demand.Equal(uint.Parse(answer.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture), read.Request, "its number");
        Demand.Equal(answer.Groups["word"].Value == "OK", read.Word == DovecotWord.Ok, "a yes");
        bool isTemporary = answer.Groups["word"].Value == "CONT" || (answer.Groups["word"].Value == "FAIL" && Temporary().IsMatch(text));
        Demand.Equal(isTemporary, read.Word == DovecotWord.Unable, "neither yes nor no");
        var users = User().Matches(text);
        if (read.User.Length > 0) Demand.Equal(1, users.Count, "accounts");
        if (read.User.Length > 0 && read.User.All(char.IsAscii)) Demand.Equal(users[0].Groups["name"].Value.ToLowerInvariant(), read.User, "the account");
    }

    [GeneratedRegex(@"\A(?<word>OK|FAIL|CONT)\t(?<number>[0-9]{1,20})(?:\t|\z)")]
    private static partial Regex Answer();

    [GeneratedRegex(@"\t(?:temp|code=temp_fail)(?=\t|\z)")]
    private static partial Regex Temporary();

    [GeneratedRegex(@"(?<=\t)user=(?<name>[^\t]*)(?=\t|\z)", RegexOptions.Singleline)]
    private static partial Regex User();
}
