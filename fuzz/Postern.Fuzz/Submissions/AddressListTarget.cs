using System.Text;
using System.Text.RegularExpressions;
using Postern.CommandLine.Submission;
using Postern.Fuzz.Oracles;
using Postern.Mail;

namespace Postern.Fuzz.Submissions;

/// <summary>A field with recipients: plain lists as a split of text has them, and what was found in any list is found again when it
/// is written in angle brackets.</summary>
internal static partial class AddressListTarget
{
    private static readonly DomainName s_host = DomainName.TryParse("mx.a.test"u8, out var host) ? host : throw new InvalidOperationException();

    internal static void Run(ReadOnlySpan<byte> input)
    {
        List<byte[]> found = [];
        var allocated = Allocated.Begin();
        bool read = AddressList.TryRead(input, found);
        allocated.Demand(input.Length, 80);
        string text = Demand.Latin(input);
        if (!Special().IsMatch(text))
        {
            string[] expected = [.. text.Split([',', ';']).Select(Spaced).Where(address => address.Length > 0)];
            Demand.That(read, "a plain list that is refused");
            Demand.Equal(string.Join('\n', expected), string.Join('\n', found.Select(address => Demand.Latin(address))), "a plain list");
        }
        if (!read) return;
        Demand.That(found.Sum(address => address.Length) <= input.Length, "more than was there");
        string list = string.Join(",\r\n ", found.Select(address => $"<{Demand.Latin(address)}>"));
        List<byte[]> again = [];
        Demand.That(AddressList.TryRead(Encoding.Latin1.GetBytes(list), again), "what was found can't be read");
        Demand.Equal(string.Join('\n', found.Select(address => Demand.Latin(address))), string.Join('\n', again.Select(address => Demand.Latin(address))), "what was found");
        foreach (byte[] address in found)
        {
            if (!LocalAddress.TryRead(address, s_host, out var mailbox)) continue;
            Demand.That(LocalAddress.TryRead(mailbox.Text, s_host, out var same) && same.Equals(mailbox), "another address");
            Demand.That(LocalAddress.TryRead([(byte)'<', .. mailbox.Text, (byte)'>'], s_host, out same) && same.Equals(mailbox), "another address in brackets");
        }
    }

    // White space between words is one space, and none around dots and at signs.
    private static string Spaced(string address) => Tight().Replace(Blank().Replace(address, " ").Trim(' '), "$1");

    [GeneratedRegex(@"[()""\[\]<>:]", RegexOptions.CultureInvariant)]
    private static partial Regex Special();

    [GeneratedRegex(@"[ \t\r\n]+", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();

    [GeneratedRegex(@" ?([.@]) ?", RegexOptions.CultureInvariant)]
    private static partial Regex Tight();
}
