using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>RCPT with its parameters, beside patterns; what our client writes of it is read as the same. The first byte says what is on offer.</summary>
internal static class RcptTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var offered = (input[0] & 1) == 0 ? SmtpExtensions.Dsn | SmtpExtensions.SmtpUtf8 : SmtpExtensions.SmtpUtf8;
        bool smtpUtf8 = (input[0] & 2) == 0;
        input = input[1..];
        bool read = RcptCommand.TryParse(input, offered, smtpUtf8, out var command, out var fault);
        Demand.Equal(read, fault == CommandFault.None, "a fault");
        Demand.Equal(Expect(input, offered, smtpUtf8), read, $"RCPT with {offered}");
        if (read && command.Recipient.Recipient is { } recipient) There(command, recipient, offered, smtpUtf8);
    }

    private static bool Expect(ReadOnlySpan<byte> input, SmtpExtensions offered, bool smtpUtf8)
    {
        string text = Demand.Latin(input);
        if (!text.StartsWith("TO:", StringComparison.OrdinalIgnoreCase)) return false;
        string rest = text[3..].TrimStart(' ');
        if (!ForwardPath.TryRead(System.Text.Encoding.Latin1.GetBytes(rest), smtpUtf8, out _, out int consumed, out _)) return false;
        if (ParameterForms.Read(rest[consumed..]) is not { } parameters) return false;
        return parameters.Count == 0 || (offered.HasFlag(SmtpExtensions.Dsn) && parameters.All(one => one.Key switch
        {
            "NOTIFY" => ParameterForms.IsNotify(one.Value),
            "ORCPT" => ParameterForms.IsOriginal(one.Value, smtpUtf8),
            _ => false,
        }));
    }

    private static void There(in RcptCommand command, Mailbox recipient, SmtpExtensions offered, bool smtpUtf8)
    {
        var request = new RcptRequest { Recipient = recipient, NotifyOn = command.NotifyOn, OriginalRecipient = command.OriginalRecipient };
        byte[] written = new byte[ClientCommand.MaxCommand];
        Demand.That(ClientCommand.TryWriteRcpt(request, offered, smtpUtf8, written, out int length), "a recipient that can't be passed on");
        var framed = LineFramer.Find(written.AsSpan(0, length), LineFramer.MaxCommandLine, out int line, out _);
        Demand.That(framed == System.Buffers.OperationStatus.Done && line == length, "not one line");
        var parsed = Smtp.CommandLine.Parse(written.AsSpan(0, length - 2));
        Demand.That(RcptCommand.TryParse(parsed.Argument, offered, smtpUtf8, out var again, out _), "what we write is not read");
        Demand.Equal((recipient, command.NotifyOn), (again.Recipient.Recipient!, again.NotifyOn), "there and back");
        Demand.Same(command.OriginalRecipient, again.OriginalRecipient, "the original recipient");
        Demand.That(DeliveryRequests.IsValid(command.NotifyOn), "a request that the queue will not take");
    }
}
