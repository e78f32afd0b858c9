using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Text;

namespace Postern.Fuzz.Addresses;

/// <summary>Domain names, beside a pattern; the one form of a name is a name whose form is itself.</summary>
internal static partial class DomainTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        bool ascii = Postern.Text.Ascii.IsAscii(input);
        bool expected = ascii && IsName(Demand.Latin(input));
        Demand.Equal(expected, DomainName.TryParse(input, out var plain), "a name");
        Demand.Equal(expected, DomainName.IsValid(input), "a name that is only judged");
        bool read = DomainName.TryParse(input, allowUtf8: true, out var name, out var fault);
        Demand.Equal(read, fault == AddressFault.None, "a fault");
        if (ascii) Demand.Equal(expected, read, "an ASCII name where UTF-8 is allowed");
        if (plain is not null) Demand.Same(Encoding.ASCII.GetBytes(Demand.Latin(input).ToLowerInvariant()), plain.Text, "its one form");
        if (Utf8Text.IsValid(input) && Encoding.UTF8.GetString(input) is { Length: <= DomainName.MaxLength } text)
            Demand.Equal(read, DomainName.TryParse(text, out _), "the name as a text");
        if (name is null) return;
        Demand.That(name.Text.Length <= DomainName.MaxLength && IsName(Demand.Latin(name.Text)), "a form that is no name");
        Demand.That(DomainName.TryParse(name.Text, out var again) && again.Equals(name), "a form that is another name");
        Demand.That(name.IsWithin(again!) && again!.GetHashCode() == name.GetHashCode(), "a name that is not within itself");
        Demand.That(MailDomain.TryParse(input, allowUtf8: true, out var domain, out _) && name.Equals(domain.Name), "a name that is no mail domain");
    }

    /// <summary>RFC 5321 §4.1.2, without what others take for an IPv4 address.</summary>
    internal static bool IsName(string text)
    {
        if (text.Length > DomainName.MaxLength || !Name().IsMatch(text)) return false;
        string[] labels = text.ToLowerInvariant().Split('.');
        return !Number().IsMatch(labels[^1]) && labels.All(label => label.Length <= DomainName.MaxLabel);
    }

    [GeneratedRegex(@"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.(?!\z)|\z))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?:[0-9]+|0x[0-9a-f]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
