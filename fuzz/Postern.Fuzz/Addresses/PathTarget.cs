using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;

namespace Postern.Fuzz.Addresses;

/// <summary>The paths of MAIL and RCPT, beside a pattern that finds the address in them.</summary>
internal static partial class PathTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var match = Form().Match(Demand.Latin(input));
        byte[] address = Encoding.Latin1.GetBytes(match.Groups["address"].Value);
        foreach (bool utf8 in new[] { false, true })
        {
            bool isAddress = match.Success && Mailbox.IsValid(address, utf8);
            bool isPostmaster = match.Success && match.Groups["address"].Value.Equals("postmaster", StringComparison.OrdinalIgnoreCase);
            bool sends = ReversePath.TryRead(input, utf8, out var reverse, out int consumed, out var fault);
            Demand.Equal(isAddress || (match.Success && address.Length == 0), sends, "a reverse path");
            Demand.Equal(sends, fault == AddressFault.None, "its fault");
            if (sends) Demand.Equal((match.Length, address.Length == 0), (consumed, reverse.Sender is null), "what was read");
            bool takes = ForwardPath.TryRead(input, utf8, out var forward, out consumed, out fault);
            Demand.Equal(isAddress || isPostmaster, takes, "a forward path");
            Demand.Equal(takes, fault == AddressFault.None, "its fault");
            if (takes) Demand.Equal((match.Length, isPostmaster), (consumed, forward.Recipient is null), "what was read");
            if (isAddress && Mailbox.TryParse(address, utf8, out var mailbox)) Demand.Equal((mailbox, mailbox), (reverse.Sender!, forward.Recipient!), "the address");
        }
    }

    [GeneratedRegex(@"^(?:<(?<address>""(?:\\.|[^\\""])*""[^> ]*|[^""> @][^> ]*|)>|(?<address>[^<"" >][^> ]*))(?= |\z)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
