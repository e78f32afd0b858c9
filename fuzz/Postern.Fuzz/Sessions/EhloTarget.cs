using System.Globalization;
using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>What a server offers, a line each, beside a reader that works on text; taken from a whole reply it is the same.</summary>
internal static class EhloTarget
{
    private static readonly Dictionary<string, SmtpExtensions> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SIZE"] = SmtpExtensions.Size,
        ["PIPELINING"] = SmtpExtensions.Pipelining,
        ["8BITMIME"] = SmtpExtensions.EightBitMime,
        ["SMTPUTF8"] = SmtpExtensions.SmtpUtf8,
        ["REQUIRETLS"] = SmtpExtensions.RequireTls,
        ["FUTURERELEASE"] = SmtpExtensions.FutureRelease,
        ["DSN"] = SmtpExtensions.Dsn,
        ["CHUNKING"] = SmtpExtensions.Chunking,
        ["ENHANCEDSTATUSCODES"] = SmtpExtensions.EnhancedStatusCodes,
        ["STARTTLS"] = SmtpExtensions.StartTls,
        ["AUTH"] = SmtpExtensions.Auth,
        ["LIMITS"] = SmtpExtensions.Limits,
        ["HELP"] = SmtpExtensions.Help,
    };

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = [.. Demand.Latin(input).Split('\n').Select(line => line.Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal)).Take(60)];
        var capabilities = new EhloCapabilities();
        foreach (string line in lines) capabilities.Add(Encoding.Latin1.GetBytes(line));
        Demand.Equal(Reference(lines), Seen.Of(capabilities), "the offer");

        var reader = new ReplyReader();
        var told = new EhloCapabilities();
        reader.Begin(told);
        string reply = "250-mx.a.test\r\n" + string.Concat(lines.Select(line => $"250-{line}\r\n")) + "250 X\r\n";
        var status = reader.Read(Encoding.Latin1.GetBytes(reply), out int consumed);
        Demand.That(status == System.Buffers.OperationStatus.Done && consumed == reply.Length, "a reply that can't be read");
        if (lines.All(line => line.Length <= ReplyReader.MaxText)) Demand.Equal(Seen.Of(capabilities), Seen.Of(told), "the offer in a reply");
    }

    private static Seen Reference(string[] lines)
    {
        (var extensions, ulong? size, uint? recipients, uint? transactions) = (SmtpExtensions.None, default(ulong?), default(uint?), default(uint?));
        foreach (string line in lines)
        {
            string[] words = line.Split(' ');
            var extension = s_names.GetValueOrDefault(words[0]);
            extensions |= extension;
            string values = line[words[0].Length..].Trim(' ');
            if (extension == SmtpExtensions.Size && IsNumber(values) && ulong.TryParse(values, NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) && bytes > 0)
                size ??= Math.Min(bytes, long.MaxValue);
            foreach (string limit in extension == SmtpExtensions.Limits ? words[1..] : [])
            {
                int equals = limit.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0 || !IsNumber(limit[(equals + 1)..])) continue;
                if (!ulong.TryParse(limit[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) || value is 0 or > 999_999) continue;
                if (limit[..equals].Equals("RCPTMAX", StringComparison.OrdinalIgnoreCase)) recipients ??= (uint)value;
                if (limit[..equals].Equals("MAILMAX", StringComparison.OrdinalIgnoreCase)) transactions ??= (uint)value;
            }
        }
        return new Seen(extensions, (long?)size, (int?)recipients, (int?)transactions);
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 20 && text.All(char.IsAsciiDigit);

    private sealed record Seen(SmtpExtensions Extensions, long? Size, int? Recipients, int? Transactions)
    {
        internal static Seen Of(EhloCapabilities offer) => new(offer.Extensions, offer.MaxSize, offer.MaxRecipients, offer.MaxTransactions);
    }
}
