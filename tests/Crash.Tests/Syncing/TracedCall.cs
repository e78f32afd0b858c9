using System.Globalization;

namespace Postern.Crash.Syncing;

/// <summary>One system call of a trace.</summary>
/// <param name="Thread">Who made it.</param>
/// <param name="Name">The call.</param>
/// <param name="Text">All of it: arguments and result.</param>
/// <param name="Begin">The line at which it began.</param>
/// <param name="End">The line at which it returned; later than every other when it never did.</param>
internal sealed record TracedCall(int Thread, string Name, string Text, int Begin, int End)
{
    /// <summary>Whether it is one of those that make durable.</summary>
    internal bool IsSync => Name is "fdatasync" or "fsync";

    /// <summary>Whether it writes into a file.</summary>
    internal bool IsFileWrite => Name.StartsWith("pwrite", StringComparison.Ordinal);

    /// <summary>Whether strace made it fail.</summary>
    internal bool IsInjected => Text.EndsWith("(INJECTED)", StringComparison.Ordinal);

    /// <summary>Whether it returned without an error.</summary>
    internal bool Succeeded => End != int.MaxValue && !Text.Contains(") = -1 ", StringComparison.Ordinal) && !Text.EndsWith("= ?", StringComparison.Ordinal);

    /// <summary>Its first argument: a descriptor.</summary>
    internal string FirstArgument => Text[(Text.IndexOf('(', StringComparison.Ordinal) + 1)..Text.IndexOfAny([',', ')', ' '], Text.IndexOf('(', StringComparison.Ordinal))];

    /// <summary>The trace as calls, in the order in which they began.</summary>
    internal static List<TracedCall> Parse(IReadOnlyList<string> lines)
    {
        List<TracedCall> calls = [];
        Dictionary<int, int> open = [];
        for (var at = 0; at < lines.Count; at++)
        {
            var space = lines[at].IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !int.TryParse(lines[at].AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var thread))
            {
                continue;
            }

            var rest = lines[at][space..].TrimStart();
            if (rest.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (open.Remove(thread, out var begun))
                {
                    calls[begun] = calls[begun] with { Text = calls[begun].Text + rest[(rest.IndexOf("resumed>", StringComparison.Ordinal) + 8)..], End = at };
                }
            }
            else if (rest.IndexOf('(', StringComparison.Ordinal) is > 0 and var bracket && char.IsAsciiLetter(rest[0]))
            {
                var cut = rest.IndexOf(" <unfinished ...>", StringComparison.Ordinal);
                if (cut >= 0)
                {
                    open[thread] = calls.Count;
                }

                calls.Add(new TracedCall(thread, rest[..bracket], cut >= 0 ? rest[..cut] : rest, at, cut >= 0 ? int.MaxValue : at));
            }
        }

        return calls;
    }

    /// <summary>Throws unless the content with the mark was written and then synced, and only then acknowledged.</summary>
    /// <param name="calls">What smtpd and queue did; the client waited for each reply.</param>
    /// <param name="mark">Stands in the content and in the envelope of one message.</param>
    /// <returns>False when the trace has no write of it.</returns>
    internal static bool JudgeAcknowledgement(IReadOnlyList<TracedCall> calls, string mark)
    {
        if (calls.FirstOrDefault(call => call.IsFileWrite && call.Text.Contains(mark, StringComparison.Ordinal)) is not { } first)
        {
            return false;
        }

        // The client waits for each reply, so of the replies after the write the first one is the acknowledgement.
        var acknowledged = calls.First(call => call.Begin > first.Begin && !call.IsFileWrite && call.Text.Contains("\"250 ", StringComparison.Ordinal));
        var last = calls.Last(call => call.IsFileWrite && call.Begin < acknowledged.Begin && call.Text.Contains(mark, StringComparison.Ordinal));
        Assert.True(
            // By whichever thread of queue: smtpd has no files.
            calls.Any(call => call.IsSync && call.FirstArgument == last.FirstArgument && call.Succeeded
                && call.Begin > last.End && call.End < acknowledged.Begin),
            $"no successful sync between the write of {mark} and its 250:\n"
            + string.Join('\n', calls.Where(call => call.Begin >= last.Begin && call.Begin <= acknowledged.Begin).Select(call => call.Text[..Math.Min(call.Text.Length, 150)])));
        return true;
    }
}
