using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;

namespace Postern.Fuzz.Addresses;

/// <summary>Enhanced status codes and message ids, beside a pattern and a number of any size.</summary>
internal static partial class StatusTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var match = Form().Match(Demand.Latin(input));
        Demand.Equal(match.Success, EnhancedStatus.TryRead(input, out var status, out int consumed), "a status");
        Demand.Equal(match.Success ? match.Length : 0, consumed, "its length");
        bool whole = match.Success && match.Groups["end"].Length == 0;
        Demand.Equal(whole, EnhancedStatus.TryParse(input, out _), "a status alone");
        if (match.Success) Demand.Equal($"{match.Groups["status"].Value}", status.ToString(), "the status written");
        Id(input);
    }

    private static void Id(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        var number = BigInteger.Zero;
        bool known = text.Length == MessageId.TextLength;
        foreach (char value in text)
        {
            int digit = "0123456789abcdefghjkmnpqrstvwxyz".IndexOf(value, StringComparison.Ordinal);
            known &= digit >= 0;
            number = (number * 32) + digit;
        }
        known &= number <= ulong.MaxValue;
        Demand.Equal(known, MessageId.TryParse(input, out var id), "a message id");
        Demand.Equal(known, MessageId.TryParse(text, out _), "a message id as a text");
        if (known) Demand.Equal((number.ToString(CultureInfo.InvariantCulture), text), (id.Value.ToString(CultureInfo.InvariantCulture), id.ToString()), "the id");
        // Any number can be an id.
        var any = new InputReader(input).UInt64();
        Demand.That(MessageId.TryParse(new MessageId(any).ToString(), out id) && id.Value == any, "an id that comes back as another");
        Demand.That(MessageId.TryParse(Encoding.ASCII.GetBytes(id.ToString()), out id) && id.Value == any, "an id that comes back as another");
    }

    [GeneratedRegex(@"^(?<status>[245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2}))(?<end> |\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
