using System.Buffers;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>A server's reply: the same however it is cut, beside patterns; nothing unprintable is kept of it.</summary>
internal static partial class ReplyTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var seen = Pieces.SameHoweverCut(input, Read);
        Demand.Equal(Reference(Demand.Latin(input)), seen, "the reply");
        Demand.That(seen.Text.All(value => value is >= ' ' and <= '~'), "an unprintable text");
        Demand.That(seen.Status is not { } status || status.Class == seen.Code / 100, "a status of another class");
    }

    private static Reply Read(IReadOnlyList<byte[]> pieces)
    {
        var reader = new ReplyReader();
        reader.Begin();
        (var status, int total) = (OperationStatus.NeedMoreData, 0);
        foreach (byte[] piece in pieces)
        {
            if (status != OperationStatus.NeedMoreData) break;
            status = reader.Read(piece, out int consumed);
            total += consumed;
        }
        Demand.Equal(status == OperationStatus.InvalidData, reader.Fault != ReplyFault.None, "a fault");
        return status == OperationStatus.Done ? new(status, reader.Code, reader.Status, Demand.Latin(reader.Text), total) : new(status, 0, null, "", 0);
    }

    private static Reply Reference(string input)
    {
        (string text, EnhancedStatus? first, int code, int lines) = ("", null, 0, 0);
        var none = new Reply(OperationStatus.InvalidData, 0, null, "", 0);
        for (int at = 0; ; lines++)
        {
            var match = Line().Match(input[at..]);
            if (!match.Success)
            {
                string rest = input[at..];
                bool differs = rest.Length > 3 && lines > 0 && rest[..3] != $"{code}";
                bool begins = Partial().IsMatch(rest) && !differs && (rest.Length == 0 || lines < ReplyReader.MaxLines);
                return begins ? none with { Verdict = OperationStatus.NeedMoreData } : none;
            }
            int number = int.Parse(match.Groups["code"].Value, System.Globalization.CultureInfo.InvariantCulture);
            if (lines == ReplyReader.MaxLines || (lines > 0 && number != code)) return none;
            code = number;
            string line = match.Groups["text"].Value is { Length: > ReplyReader.MaxText } longer ? longer[..ReplyReader.MaxText] : match.Groups["text"].Value;
            bool hasStatus = EnhancedStatus.TryRead(System.Text.Encoding.Latin1.GetBytes(line), out var status, out int consumed) && status.Class == code / 100;
            if (hasStatus && lines == 0) first = status;
            text = Append(text, (hasStatus ? line[consumed..] : line).Trim(' ', '\t'));
            at += match.Length;
            if (match.Groups["more"].Length == 0) return new(OperationStatus.Done, code, first, text, at);
        }
    }

    private static string Append(string text, string more)
    {
        if (more.Length == 0) return text;
        if (text.Length is > 0 and < ReplyReader.MaxText) text += " ";
        foreach (char value in more)
        {
            string sign = value is >= ' ' and <= '~' ? $"{value}" : $"\\x{(int)value:X2}";
            if (text.Length + sign.Length > ReplyReader.MaxText) return text;
            text += sign;
        }
        return text;
    }

    [GeneratedRegex(@"^(?<code>[2-5][0-9][0-9])(?:(?:(?<more>-)| )(?<text>[^\r\n\0]*))?\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?:[2-5](?:[0-9](?:[0-9](?:\r|[ -][^\r\n\0]*\r?)?)?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Partial();

    private sealed record Reply(OperationStatus Verdict, int Code, EnhancedStatus? Status, string Text, int Length);
}
