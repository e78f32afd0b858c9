using System.Buffers;
using Postern.Mail;

namespace Postern.CommandLine.Sendmail;

/// <summary>Reads the arguments of sendmail: its options are one letter with the value behind or next to it.</summary>
/// <remarks>
/// Arguments are hostile when a careless program passes its users' text on. What an option of another sendmail could do
/// with files (-C, -X, -D, -O QueueDirectory) exists here not at all: harmless ones are ignored, the rest is refused.
/// </remarks>
internal static class SendmailParser
{
    /// <summary>Letters that may stand together behind one dash; all but t and i mean nothing here.</summary>
    private static readonly SearchValues<char> _flags = SearchValues.Create("tinvmUG");

    private static readonly SearchValues<char> _debugging = SearchValues.Create("0123456789.-,");

    /// <summary>Letters whose value is attached or the next argument; the second half is ignored.</summary>
    private const string WithValue = "frFNRVB" + "hpLXO";

    /// <summary>Judges the arguments.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="options">What they say.</param>
    /// <param name="problem">What is wrong with them, when this returns false.</param>
    internal static bool TryParse(IReadOnlyList<string> arguments, out SendmailOptions options, out string problem)
    {
        options = new SendmailOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                options.Recipients.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                options.Recipients.Add(argument);
                continue;
            }

            var letter = argument[1];
            string? value = null;
            if (WithValue.Contains(letter, StringComparison.Ordinal))
            {
                value = argument.Length > 2 ? argument[2..] : ++i < arguments.Count ? arguments[i] : null;
            }

            if (!(value is null ? TakeFlag(argument, options) : TakeValue(letter, value, options)))
            {
                problem = value is not null ? $"-{letter} can't be {value}"
                    : WithValue.Contains(letter, StringComparison.Ordinal) ? $"{argument} needs a value" : $"unknown option {argument}";
                return false;
            }
        }

        problem = string.Empty;
        return true;
    }

    private static bool TakeFlag(string argument, SendmailOptions options)
    {
        switch (argument)
        {
            case "-bm":
                return true;
            case "-bp":
                options.Mode = SendmailMode.List;
                return true;
            case "-bs":
                options.Mode = SendmailMode.Session;
                return true;
            case "-bi" or "-I":
                options.Mode = SendmailMode.Aliases;
                return true;
            case "-q":
                options.Mode = SendmailMode.Flush;
                return true;
            case "-oi":
                options.IgnoreDots = true;
                return true;
            case "-Am" or "-Ac":
                return true;
            default:
                return IsIgnored(argument) || TakeLetters(argument.AsSpan(1), options);
        }
    }

    /// <summary>-o… and -e… (how errors are told), -d… (debugging): every caller of old sends them.</summary>
    private static bool IsIgnored(string argument) =>
        (argument[1] is 'o' or 'e' && argument.Length > 2) || (argument[1] == 'd' && argument.AsSpan(2).IndexOfAnyExcept(_debugging) < 0);

    private static bool TakeLetters(ReadOnlySpan<char> letters, SendmailOptions options)
    {
        options.ReadRecipients |= letters.Contains('t');
        options.IgnoreDots |= letters.Contains('i');
        return letters.IndexOfAnyExcept(_flags) < 0;
    }

    private static bool TakeValue(char letter, string value, SendmailOptions options)
    {
        switch (letter)
        {
            case 'f' or 'r':
                options.Sender = value;
                return true;
            case 'F':
                options.FullName = value;
                return true;
            case 'N':
                return TakeNotify(value, options);
            case 'R':
                options.Return = Same(value, "full") ? ReturnContent.Full : ReturnContent.Headers;
                return Same(value, "full") || Same(value, "hdrs");
            case 'V':
                options.EnvelopeId = value;
                return value.Length <= Envelope.MaxEnvelopeId && value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
            case 'B':
                options.Body = Same(value, "8BITMIME") ? BodyType.EightBitMime : BodyType.SevenBit;
                return Same(value, "8BITMIME") || Same(value, "7BIT");
            default:
                return true;
        }
    }

    private static bool TakeNotify(string value, SendmailOptions options)
    {
        options.Notify = NotifyOn.Unspecified;
        foreach (var range in value.AsSpan().Split(','))
        {
            var word = value[range];
            options.Notify |= Same(word, "never") ? NotifyOn.Never
                : Same(word, "success") ? NotifyOn.Success
                : Same(word, "failure") ? NotifyOn.Failure
                : Same(word, "delay") ? NotifyOn.Delay
                : (NotifyOn)0x80;
        }

        return options.Notify != NotifyOn.Unspecified && DeliveryRequests.IsValid(options.Notify);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
