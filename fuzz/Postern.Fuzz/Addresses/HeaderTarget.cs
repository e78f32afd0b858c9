using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Mail;

namespace Postern.Fuzz.Addresses;

/// <summary>The scanner of headers: the same however the content is cut, beside one that has all of it.</summary>
internal static class HeaderTarget
{
    private const int MaxKept = 320;

    private static readonly Mailbox s_mailbox = Mailbox.TryParse("u@a.test"u8, allowUtf8: false, out var mailbox) ? mailbox : throw new InvalidOperationException();

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var seen = Pieces.SameHoweverCut(input, pieces =>
        {
            var scanner = new HeaderScanner(s_mailbox);
            foreach (byte[] piece in pieces) scanner.Feed(piece);
            bool ended = scanner.Ended;
            scanner.Finish();
            return new Seen(scanner.ReceivedCount, scanner.WasDeliveredBefore, scanner.HasDate, scanner.HasMessageId, scanner.HasFrom, scanner.IsTlsOptional, scanner.HeaderLength, ended);
        });
        Demand.Equal(Reference(Demand.Latin(input)), seen, "the header");
        _ = LeadingFold.IsAt(input);
    }

    private static Seen Reference(string content)
    {
        (int received, long length, bool ended) = (0, 0, false);
        List<string> names = [];
        List<bool> optional = [];
        bool delivered = false;
        for (int at = 0; at < content.Length && !ended;)
        {
            int end = content.IndexOf('\n', at) is var feed and >= 0 ? feed + 1 : content.Length;
            string line = content[at..end];
            length = at = end;
            bool whole = line.Length <= MaxKept;
            string kept = whole ? line.TrimEnd('\r', '\n') : line[..MaxKept];
            ended = kept.Length == 0 && line.EndsWith('\n');
            int colon = kept.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            string name = kept[..colon].TrimEnd(' ', '\t').ToUpperInvariant();
            if (Encoding.Latin1.GetBytes(kept[..colon]).Any(value => value > 0x7f)) continue;
            names.Add(name);
            if (name == "TLS-REQUIRED") optional.Add(whole && kept[(colon + 1)..].Trim(' ', '\t').Equals("No", StringComparison.OrdinalIgnoreCase));
            received += name == "RECEIVED" ? 1 : 0;
            delivered |= whole && name == "DELIVERED-TO" && kept[(colon + 1)..].Trim(' ', '\t').Equals("u@a.test", StringComparison.OrdinalIgnoreCase);
        }
        return new Seen(received, delivered, names.Contains("DATE"), names.Contains("MESSAGE-ID"), names.Contains("FROM"), optional is [true], length, ended);
    }

    private readonly record struct Seen(int Received, bool Delivered, bool Date, bool MessageId, bool From, bool TlsOptional, long Length, bool Ended);
}
