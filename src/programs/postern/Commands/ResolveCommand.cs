using System.CommandLine;
using System.Text;
using System.Text.Json;
using Postern.CommandLine.Output;
using Postern.CommandLine.Resolving;
using Postern.CommandLine.Server;
using Postern.CommandLine.Submission;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern resolve</c>: where mail for an address would go, and why.</summary>
internal static class ResolveCommand
{
    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var address = new Argument<string>("address") { Description = "The address." };
        var command = new Command("resolve", "Say where mail for an address would go.") { address };
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!, parsed.GetValue(address)!));
        return command;
    }

    private static int Run(Invocation invocation, string file, string text)
    {
        var slices = invocation.LoadSlices(file);
        var settings = SliceLoader.Settings(slices);
        var address = LocalAddress.Recipient(Encoding.UTF8.GetBytes(text), settings.MailDomain, ExitCode.Usage);
        var routing = SliceLoader.Routing(slices[ProgramName.Queue], settings.HostName);
        var steps = new List<Step>();
        var outcome = MeaningOutcome.Found;
        if (routing.HopFor(address) == NextHop.Local)
        {
            using var directory = invocation.StartDirectory(slices[ProgramName.Directory]);
            outcome = Follow(directory.Channel, routing, address, steps);
        }
        else
        {
            steps.Add(new Step(address.Bytes.ToArray(), Describe(routing, address)));
        }

        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer => Write(writer, outcome, steps));
        }
        else
        {
            steps.ForEach(step => invocation.Screen.Line($"{Shown.Address(step.Address)} goes to {step.Goal}"));
        }

        return outcome switch
        {
            MeaningOutcome.Found => ExitCode.Success,
            MeaningOutcome.Unknown or MeaningOutcome.Literal => ExitCode.NoUser,
            MeaningOutcome.Unavailable => ExitCode.TemporaryFailure,
            _ => ExitCode.Configuration,
        };
    }

    private static MeaningOutcome Follow(FrameConnection directory, Routing routing, Mailbox address, List<Step> steps)
    {
        var meaning = Meaning.Ask(directory, address, final: false);
        var source = address.Bytes.ToArray();
        if (meaning.Outcome != MeaningOutcome.Found)
        {
            steps.Add(new Step(source, $"nobody: {Reason(meaning.Outcome)}"));
        }

        if (meaning.Mailbox is { } mailbox)
        {
            steps.Add(new Step(source, mailbox));
        }

        foreach (var target in meaning.Targets)
        {
            steps.Add(new Step(source, Shown.Address(target)));
        }

        var outcome = meaning.Outcome;
        foreach (var target in meaning.Targets)
        {
            if (!Mailbox.TryParse(target, allowUtf8: true, out var next))
            {
                continue;
            }

            // The directory has followed aliases to their ends; what is left of ours is a mailbox.
            var end = routing.HopFor(next) == NextHop.Local
                ? Meaning.Ask(directory, next, final: true) : new Meaning { Outcome = MeaningOutcome.Found, Mailbox = Describe(routing, next) };
            outcome = end.Outcome == MeaningOutcome.Found ? outcome : end.Outcome;
            steps.Add(new Step(target, end.Mailbox ?? $"nobody: {Reason(end.Outcome)}"));
        }

        return outcome;
    }

    private static string Describe(Routing routing, Mailbox address)
    {
        var (hop, pattern) = routing.Find(address);
        return pattern is null ? $"the mail exchangers of {address.Domain}" : hop.Kind switch
        {
            HopKind.LmtpHost => $"{hop.Name} port {hop.Port} by LMTP, by the route \"{pattern}\"",
            HopKind.LmtpSocket => $"{hop.Name} by LMTP, by the route \"{pattern}\"",
            HopKind.TlsHost => $"{hop.Name} port {hop.Port} by SMTP within TLS, by the route \"{pattern}\"",
            _ => $"{hop.Name} port {hop.Port} by SMTP, by the route \"{pattern}\"",
        };
    }

    private static string Reason(MeaningOutcome outcome) => outcome switch
    {
        MeaningOutcome.Unknown => "no mailbox and no alias has this address",
        MeaningOutcome.Literal => "mail is not sent to address literals",
        MeaningOutcome.Loop => "its aliases lead back to themselves",
        MeaningOutcome.TooMany => "its aliases lead to more addresses than is allowed",
        _ => "it can't be told now",
    };

    private static void Write(Utf8JsonWriter writer, MeaningOutcome outcome, List<Step> steps)
    {
        writer.WriteStartObject();
        writer.WriteString("outcome", outcome switch
        {
            MeaningOutcome.Found => "found",
            MeaningOutcome.Unknown => "unknown",
            MeaningOutcome.Literal => "literal",
            MeaningOutcome.Loop => "loop",
            MeaningOutcome.TooMany => "too_many",
            _ => "unavailable",
        });
        writer.WriteStartArray("steps");
        foreach (var step in steps)
        {
            writer.WriteStartObject();
            writer.WriteBytes("address", step.Address);
            writer.WriteString("goes_to", step.Goal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>One step of the way.</summary>
    /// <param name="Address">An address.</param>
    /// <param name="Goal">Where its mail goes, in words.</param>
    private sealed record Step(byte[] Address, string Goal);
}
