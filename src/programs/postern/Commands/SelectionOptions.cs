using System.CommandLine;
using System.Text;
using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.CommandLine.Commands;

/// <summary>The options that say which queued recipients are meant: the same for a look and for an act.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _destination = new("--destination") { Description = "What goes there next, as it is listed.", HelpName = "D" };
    private readonly Option<string?> _domain = new("--domain") { Description = "Recipients at this domain, wherever they go next.", HelpName = "DOMAIN" };
    private readonly Option<string?> _sender = new("--sender")
    {
        Description = "What this sender sent; @DOMAIN for all senders there, '' for the null sender.",
        HelpName = "ADDRESS",
    };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(_destination);
        command.Add(_domain);
        command.Add(_sender);
    }

    /// <summary>What was said; everything when nothing was.</summary>
    /// <exception cref="CommandFailure">64 for what can't be meant.</exception>
    internal Selection Read(ParseResult parsed) => new(
        Destination(parsed.GetValue(_destination)),
        parsed.GetValue(_domain) is { } domain ? Domain(domain) : string.Empty,
        Sender(parsed.GetValue(_sender)));

    /// <summary>The options as they were said, for messages.</summary>
    internal static string Words(Selection selection)
    {
        IEnumerable<(string Name, string Value)> said =
            [("--destination", selection.Destination), ("--domain", selection.Domain), ("--sender", selection.Sender)];
        return string.Join(' ', said.Where(one => one.Value.Length > 0).Select(one => $"{one.Name} {one.Value}"));
    }

    /// <summary>True for printable ASCII: the queue takes nothing else for text.</summary>
    internal static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string Destination(string? text) =>
        text is null ? string.Empty
        : text.Length is > 0 and <= DeliveryLimits.MaxDestination && IsPrintable(text) ? text
        : throw new CommandFailure(ExitCode.Usage, $"not a destination: {text}");

    // One domain has several spellings, and the queue compares one of them.
    private static string Domain(string text) =>
        DomainName.TryParse(text, out var name) ? name.ToString()
        : text.Length <= DomainName.MaxLength && text.StartsWith('[') && text.EndsWith(']') && IsPrintable(text) ? text
        : throw new CommandFailure(ExitCode.Usage, $"not a domain: {text}");

    private static string Sender(string? text) =>
        text is null ? string.Empty
        : text is "" or "<>" ? "<>"
        : text.StartsWith('@') ? "@" + Domain(text[1..])
        : text.Length <= AddressLimits.MaxAddress && Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: false, out _) ? text
        : throw new CommandFailure(ExitCode.Usage, $"not an address in ASCII, nor @DOMAIN: {text}");
}
