using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;

namespace Postern.Fuzz.Addresses;

/// <summary>Who wrote a message: plain lists as a split of text has them, what was found is found again, and the header is read the
/// same however it is cut, with no second From in it.</summary>
internal static partial class AuthorTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        Field(input);
        string seen = Pieces.SameHoweverCut(input, pieces =>
        {
            var scanner = new AuthorScanner();
            foreach (byte[] piece in pieces) scanner.Feed(piece);
            var fault = scanner.Read(allowUtf8: true, out var from, out var sender);
            Demand.That((fault == AuthorFault.None) == (from.Length > 0), "a fault with authors, or none without");
            return fault == AuthorFault.None ? $"{Joined(from)} {sender}" : "";
        });
        if (seen.Length == 0) return;
        string header = Demand.Latin(input);
        if (EmptyLine().Match(header) is { Success: true } end) header = header[..end.Index];
        Demand.That(From().Count(header) == 1, "not one From, and none is missed");
        Demand.That(Sender().Count(header) == (seen[^1] == ' ' ? 0 : 1), "a Sender that is missed");
    }

    private static void Field(ReadOnlySpan<byte> value)
    {
        bool read = AuthorList.TryParse(value, allowUtf8: true, out var found);
        Demand.That(read ? found.Length is > 0 and <= AuthorList.MaxMailboxes : found.Length == 0, "more or fewer than there may be");
        string text = Demand.Latin(value);
        if (!Special().IsMatch(text))
        {
            var plain = text.Split(',').Select(one => Mailbox.TryParse(Encoding.Latin1.GetBytes(one.Trim(' ', '\t')), allowUtf8: true, out var mailbox) ? mailbox : null).ToArray();
            bool isGood = plain.Length <= AuthorList.MaxMailboxes && plain.All(mailbox => mailbox is not null);
            Demand.Equal(isGood, read, "a plain list");
            if (isGood) Demand.Equal(Joined(plain!), Joined(found), "a plain list");
        }
        if (!read) return;
        string list = string.Join(",\r\n ", found.Select(mailbox => $"\"a, b\" (c) <{Demand.Latin(mailbox.Text)}>"));
        Demand.That(AuthorList.TryParse(Encoding.Latin1.GetBytes(list), allowUtf8: true, out var again), "what was found can't be read");
        Demand.Equal(Joined(found), Joined(again), "what was found");
    }

    private static string Joined(Mailbox[] mailboxes) => string.Join('\n', mailboxes.Select(mailbox => Demand.Latin(mailbox.Text)));

    // "a b" is none to either, and what has no special character has neither quotes nor folds.
    [GeneratedRegex(@"[()""\[\]<>\\\r\n]", RegexOptions.CultureInvariant)]
    private static partial Regex Special();

    [GeneratedRegex(@"(?:^|\n)\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex EmptyLine();

    [GeneratedRegex(@"(?:^|\n)from[ \t]*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex From();

    [GeneratedRegex(@"(?:^|\n)sender[ \t]*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sender();
}
