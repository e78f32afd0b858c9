using System.Globalization;
using System.Numerics;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>MAIL with its parameters, beside patterns; what our client writes of it is read as the same. The first byte says what is on offer.</summary>
internal static class MailTarget
{
    private const SmtpExtensions Some = SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Auth;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var offered = input[0] == 'M' ? Some : (SmtpExtensions)(input[0] | 0x100) & Some;
        input = input[1..];
        bool read = MailCommand.TryParse(input, offered, out var command, out var fault);
        Demand.Equal(read, fault == CommandFault.None, "a fault");
        Demand.Equal(Expect(input, offered), read, $"MAIL with {offered}");
        if (read) There(command, offered);
    }

    private static bool Expect(ReadOnlySpan<byte> input, SmtpExtensions offered)
    {
        string text = Demand.Latin(input);
        if (!text.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase)) return false;
        string rest = text[5..].TrimStart(' ');
        byte[] path = System.Text.Encoding.Latin1.GetBytes(rest);
        if (!ReversePath.TryRead(path, allowUtf8: true, out var sender, out int consumed, out _)) return false;
        if (ParameterForms.Read(rest[consumed..]) is not { } parameters) return false;
        return parameters.All(one => IsGood(one.Key, one.Value, offered)) && (!sender.WrittenInUtf8 || parameters.ContainsKey("SMTPUTF8"));
    }

    private static bool IsGood(string key, string? value, SmtpExtensions offered) => key switch
    {
        "SIZE" => offered.HasFlag(SmtpExtensions.Size) && value is { Length: <= 20 } && value.All(char.IsAsciiDigit),
        "BODY" => offered.HasFlag(SmtpExtensions.EightBitMime) && ParameterForms.IsOneOf(value, "7BIT", "8BITMIME"),
        "SMTPUTF8" => offered.HasFlag(SmtpExtensions.SmtpUtf8) && value is null,
        "RET" => offered.HasFlag(SmtpExtensions.Dsn) && ParameterForms.IsOneOf(value, "FULL", "HDRS"),
        "ENVID" => offered.HasFlag(SmtpExtensions.Dsn) && ParameterForms.IsPrintableXText(value, 100),
        "AUTH" => offered.HasFlag(SmtpExtensions.Auth) && (value == "<>" || ParameterForms.IsPrintableXText(value, 500)),
        _ => false,
    };

    private static void There(in MailCommand command, SmtpExtensions offered)
    {
        var request = new MailRequest
        {
            Sender = command.Sender.Sender,
            Size = (ulong)(command.Size ?? 0),
            Body = command.Body,
            SmtpUtf8 = command.SmtpUtf8,
            Return = command.Return,
            EnvelopeId = command.EnvelopeId,
        };
        byte[] written = new byte[ClientCommand.MaxCommand];
        Demand.That(ClientCommand.TryWriteMail(request, offered, written, out int length), "a sender that can't be passed on");
        var framed = LineFramer.Find(written.AsSpan(0, length), LineFramer.MaxCommandLine, out int line, out _);
        Demand.That(framed == System.Buffers.OperationStatus.Done && line == length, "not one line");
        var parsed = Smtp.CommandLine.Parse(written.AsSpan(0, length - 2));
        Demand.That(MailCommand.TryParse(parsed.Argument, offered, out var again, out _), "what we write is not read");
        Demand.Equal(
            (command.Sender.Sender, command.Size ?? 0, command.Body, command.SmtpUtf8, command.Return),
            (again.Sender.Sender, again.Size ?? 0, again.Body, again.SmtpUtf8, again.Return),
            "there and back");
        Demand.Same(command.EnvelopeId, again.EnvelopeId, "the envelope id");
        Demand.That(command.Size is null or >= 0, string.Create(CultureInfo.InvariantCulture, $"a size of {(BigInteger)command.Size.GetValueOrDefault()}"));
    }
}
