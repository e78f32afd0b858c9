using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Text;

namespace Postern.Fuzz.Addresses;

/// <summary>Addresses, beside a pattern; written out and read again they are the same.</summary>
internal static partial class MailboxTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        foreach (bool utf8 in new[] { false, true })
        {
            bool read = Mailbox.TryParse(input, utf8, out var mailbox, out var fault);
            Demand.Equal(read, fault == AddressFault.None, "a fault");
            Demand.Equal(read, Mailbox.IsValid(input, utf8), "an address that is only judged");
            Demand.Equal(IsAddress(input, utf8, out string name), read, $"an address (UTF-8: {utf8})");
            if (mailbox is not null) There(input, mailbox, name, utf8);
        }
        if (Utf8Text.IsValid(input) && Encoding.UTF8.GetString(input) is { Length: <= Mailbox.MaxLength } text)
            Demand.Equal(Mailbox.IsValid(input, allowUtf8: true), Mailbox.TryParse(text, out _), "the address as a text");
    }

    private static void There(ReadOnlySpan<byte> input, Mailbox mailbox, string name, bool utf8)
    {
        Demand.Equal(name, Demand.Latin(mailbox.LocalPart), "the local part");
        Demand.That(mailbox.Text.Length <= Mailbox.MaxLength, "too long a form");
        Demand.That(Mailbox.TryParse(mailbox.Text, utf8, out var again) && again.Equals(mailbox), "the form is another address");
        Demand.Same(mailbox.Text, again!.Text, "the form of the form");
        Demand.Equal(mailbox.GetHashCode(), again.GetHashCode(), "the hash of an equal one");
        Demand.That(Mailbox.TryCreate(mailbox.LocalPart, mailbox.Domain, out again) && again.Equals(mailbox), "the parts are another address");
        Demand.Same(mailbox.Text, again!.Text, "the form of the parts");
        Span<byte> domain = new byte[1024];
        Demand.That(Mailbox.TryReadDomain(input, utf8, domain, out int length), "an address without a domain");
        Demand.Same(mailbox.Domain.Text, domain[..length], "the domain alone");
        Demand.That(utf8 || mailbox.IsAscii, "an address beyond ASCII");
        Demand.That(!mailbox.Text.ContainsAnyInRange((byte)0, (byte)0x1f) && !mailbox.Text.Contains((byte)0x7f), "a control character");
    }

    /// <summary>RFC 5321 §4.1.2 and RFC 6531 §3.3, with the limits of §4.5.3.1.</summary>
    internal static bool IsAddress(ReadOnlySpan<byte> input, bool utf8, out string name)
    {
        var match = Form().Match(Demand.Latin(input));
        name = match.Groups["dots"].Success ? match.Groups["dots"].Value : Pair().Replace(match.Groups["quoted"].Value, "$1");
        if (!match.Success || match.Groups["local"].Length > Mailbox.MaxLocalPart || input.Length > Mailbox.MaxLength) return false;
        if (!utf8 && !Postern.Text.Ascii.IsAscii(input)) return false;
        if (!Utf8Text.IsIdentifier(Encoding.Latin1.GetBytes(name))) return false;
        byte[] domain = Encoding.Latin1.GetBytes(match.Groups["domain"].Value);
        if (!MailDomain.TryParse(domain, utf8, out var parsed, out _)) return false;
        // The form may be longer than what was written: a name of another script.
        int local = Dots().IsMatch(name) ? name.Length : name.Length + 2 + name.Count(value => value is '"' or '\\');
        return local <= Mailbox.MaxLocalPart && local + 1 + parsed.Text.Length <= Mailbox.MaxLength;
    }

    private const string Atom = @"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\x80-\xff]+";

    [GeneratedRegex($@"^(?<local>(?<dots>{Atom}(?:\.{Atom})*)|""(?<quoted>(?:[\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\x20-\x7e])+)"")@(?<domain>.*)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex($@"^{Atom}(?:\.{Atom})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dots();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
