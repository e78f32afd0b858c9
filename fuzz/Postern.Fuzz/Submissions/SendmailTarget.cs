using Postern.CommandLine.Sendmail;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Submissions;

/// <summary>The arguments of sendmail, separated by NUL: a value means the same behind its letter and in an argument of its own, and
/// behind "--" everything is a recipient.</summary>
internal static class SendmailTarget
{
    private const string WithValue = "frFNRVBhpLXO";

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] arguments = [.. Demand.Latin(input).Split('\0').Where(argument => argument.Length > 0)];
        bool read = SendmailParser.TryParse(arguments, out var options, out string problem);
        Demand.Equal(read, problem.Length == 0, "a problem");
        if (!read) return;
        Demand.That(SendmailParser.TryParse([.. Apart(arguments)], out var apart, out _), "values in arguments of their own");
        Demand.Equal(Told(options), Told(apart), "values in arguments of their own");
        if (arguments.Contains("--")) return;
        Demand.That(SendmailParser.TryParse([.. arguments, "--", "-x", "--"], out var more, out _), "recipients behind --");
        Demand.Equal(Told(options) + "|-x|--", Told(more), "recipients behind --");
    }

    private static IEnumerable<string> Apart(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                foreach (string rest in arguments[i..]) yield return rest;
                yield break;
            }
            bool takes = argument.Length >= 2 && argument[0] == '-' && WithValue.Contains(argument[1], StringComparison.Ordinal);
            yield return takes ? argument[..2] : argument;
            if (takes) yield return argument.Length > 2 ? argument[2..] : arguments[++i];
        }
    }

    private static string Told(SendmailOptions options) => string.Join('|',
    [
        options.Mode.ToString(), $"{options.ReadRecipients}", $"{options.IgnoreDots}", options.Sender ?? "-", options.FullName, $"{options.Notify}",
        $"{options.Return}", options.EnvelopeId, $"{options.Body}", .. options.Recipients,
    ]);
}
