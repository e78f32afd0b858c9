using Postern.Text;

namespace Postern.Smtp;

/// <summary>One command line taken apart into its verb and its argument (RFC 5321 §4.1.1).</summary>
/// <remarks>Every line has a reading: what no one knows is <see cref="CommandVerb.Unknown"/>.</remarks>
public readonly ref struct CommandLine
{
    private static readonly (byte[] Name, CommandVerb Verb)[] Verbs =
    [
        // The order of a usual session, so that the usual verbs are found first.
        ("MAIL"u8.ToArray(), CommandVerb.Mail),
        ("RCPT"u8.ToArray(), CommandVerb.Rcpt),
        ("DATA"u8.ToArray(), CommandVerb.Data),
        ("BDAT"u8.ToArray(), CommandVerb.Bdat),
        ("EHLO"u8.ToArray(), CommandVerb.Ehlo),
        ("QUIT"u8.ToArray(), CommandVerb.Quit),
        ("RSET"u8.ToArray(), CommandVerb.Rset),
        ("STARTTLS"u8.ToArray(), CommandVerb.StartTls),
        ("AUTH"u8.ToArray(), CommandVerb.Auth),
        ("LHLO"u8.ToArray(), CommandVerb.Lhlo),
        ("HELO"u8.ToArray(), CommandVerb.Helo),
        ("NOOP"u8.ToArray(), CommandVerb.Noop),
        ("VRFY"u8.ToArray(), CommandVerb.Vrfy),
        ("EXPN"u8.ToArray(), CommandVerb.Expn),
        ("HELP"u8.ToArray(), CommandVerb.Help),
    ];

    private CommandLine(CommandVerb verb, ReadOnlySpan<byte> argument)
    {
        Verb = verb;
        Argument = argument;
    }

    /// <summary>What is asked for.</summary>
    public CommandVerb Verb { get; }

    /// <summary>What follows the verb, without the space around it. RFC 5321 §4.1.1 asks to tolerate trailing white space.</summary>
    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line that the framer found, without its CRLF.</param>
    public static CommandLine Parse(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        var word = space < 0 ? line.TrimEnd((byte)'\t') : line[..space];
        var argument = space < 0 ? default : line[space..].Trim(" \t"u8);
        foreach (var (name, verb) in Verbs)
        {
            // Ascii folds A to Z and nothing else: no Kelvin sign becomes a k.
            if (Ascii.EqualsIgnoreCase(word, name)) return new CommandLine(verb, argument);
        }
        return new CommandLine(ForeignProtocol.IsStart(line) ? CommandVerb.ForeignProtocol : CommandVerb.Unknown, argument);
    }
}
