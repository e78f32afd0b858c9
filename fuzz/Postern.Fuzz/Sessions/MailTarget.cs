using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>MAIL with its parameters, beside patterns; what our client writes of it is read as the same. The first byte says what is on offer.</summary>
internal static partial class MailTarget
{
    private const SmtpExtensions Some = SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn | SmtpExtensions.Auth
        | SmtpExtensions.RequireTls | SmtpExtensions.FutureRelease;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var offered = input[0] == 'M' ? Some : (SmtpExtensions)(input[0] | 0x100 | ((input[0] & 2) << 10) | ((input[0] & 32) << 7)) & Some;
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
        return parameters.All(one => IsGood(one.Key, one.Value, offered)) && !(parameters.ContainsKey("HOLDFOR") && parameters.ContainsKey("HOLDUNTIL")) && (!sender.WrittenInUtf8 || parameters.ContainsKey("SMTPUTF8"));
    }

    private static bool IsGood(string key, string? value, SmtpExtensions offered) => key switch
    {
        "SIZE" => offered.HasFlag(SmtpExtensions.Size) && value is { Length: <= 20 } && value.All(char.IsAsciiDigit),
        "BODY" => offered.HasFlag(SmtpExtensions.EightBitMime) && ParameterForms.IsOneOf(value, "7BIT", "8BITMIME"),
        "SMTPUTF8" => offered.HasFlag(SmtpExtensions.SmtpUtf8) && value is null,
        "RET" => offered.HasFlag(SmtpExtensions.Dsn) && ParameterForms.IsOneOf(value, "FULL", "HDRS"),
        "ENVID" => offered.HasFlag(SmtpExtensions.Dsn) && ParameterForms.IsPrintableXText(value, 100),
        "AUTH" => offered.HasFlag(SmtpExtensions.Auth) && (value == "<>" || ParameterForms.IsPrintableXText(value, 500)),
        "REQUIRETLS" => offered.HasFlag(SmtpExtensions.RequireTls) && value is null,
        "HOLDFOR" => offered.HasFlag(SmtpExtensions.FutureRelease) && value is { Length: > 0 and <= 9 } && value.All(char.IsAsciiDigit),
        "HOLDUNTIL" => offered.HasFlag(SmtpExtensions.FutureRelease) && value is not null && IsMoment(value),
        _ => false,
    };

    private static bool IsMoment(string text)
    {
        if (!Moment().IsMatch(text)) return false;
        int[] parts = [.. text.Split('-', 'T', ':', 'Z').Take(6).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return parts[0] > 0 && parts[1] is >= 1 and <= 12 && parts[2] >= 1 && parts[2] <= DateTime.DaysInMonth(parts[0], parts[1])
            && parts[3] < 24 && parts[4] < 60 && parts[5] < 60;
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\\z")]
    private static partial Regex Moment();

    private static void There(in MailCommand command, SmtpExtensions offered)
    {
        var request = new MailRequest
        {
            Sender = command.Sender.Sender,
            Size = (ulong)(command.Size ?? 0),
            Body = command.Body,
            SmtpUtf8 = command.SmtpUtf8,
            RequireTls = command.Handling.HasFlag(Handling.RequireTls),
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
            (command.Sender.Sender, command.Size ?? 0, command.Body, command.Handling, command.Return),
            (again.Sender.Sender, again.Size ?? 0, again.Body, again.Handling, again.Return),
            "there and back");
        Demand.Same(command.EnvelopeId, again.EnvelopeId, "the envelope id");
        Demand.That(command.Size is null or >= 0, string.Create(CultureInfo.InvariantCulture, $"a size of {(BigInteger)command.Size.GetValueOrDefault()}"));
    }
}
