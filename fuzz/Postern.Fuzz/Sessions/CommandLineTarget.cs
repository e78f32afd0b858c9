using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>A command line, beside a pattern: its verb, its argument, and whether it is another protocol's.</summary>
internal static partial class CommandLineTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        string word = space < 0 ? text.TrimEnd('\t') : text[..space];
        string argument = space < 0 ? "" : text[space..].Trim(' ', '\t');
        var line = Smtp.CommandLine.Parse(input);
        bool isVerb = Verb().IsMatch(word) && Enum.TryParse<CommandVerb>(word, ignoreCase: true, out _);
        bool isForeign = Foreign().IsMatch(text);
        Demand.Equal(isForeign, ForeignProtocol.IsStart(input), "another protocol");
        Demand.Equal(isVerb ? word.ToUpperInvariant() : isForeign ? "FOREIGNPROTOCOL" : "UNKNOWN", $"{line.Verb}".ToUpperInvariant(), "the verb");
        Demand.Equal(argument, Demand.Latin(line.Argument), "the argument");
    }

    [GeneratedRegex(@"^(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|BDAT|RSET|NOOP|VRFY|EXPN|HELP|QUIT|STARTTLS|AUTH)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verb();

    [GeneratedRegex(@"^(?:(?:GET|POST|CONNECT|PUT|HEAD|OPTIONS|DELETE|PATCH|TRACE) |PRI \* HTTP/|SSH-|[\x00-\x08\x0b\x0c\x0e-\x1f!-@\[-`{-\x7f])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();
}
