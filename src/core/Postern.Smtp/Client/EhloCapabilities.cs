using Postern.Text;

namespace Postern.Smtp;

/// <summary>What a server offers, gathered from the lines of its reply to EHLO or LHLO (RFC 5321 §4.1.1.1).</summary>
/// <remarks>A line that makes no sense is passed over (§4.1.1.1 makes unknown keywords legal, and bad values are as good as
/// none): the server may still be able to take the message.</remarks>
public sealed class EhloCapabilities
{
    /// <summary>The largest value of a limit: six digits (RFC 9422).</summary>
    private const uint MaxLimit = 999_999;

    // The mechanisms of AUTH, parted by spaces.
    private byte[] _mechanisms = [];

    /// <summary>The extensions offered.</summary>
    public SmtpExtensions Extensions { get; private set; }

    /// <summary>The largest message that the server takes, in bytes; null when it names no fixed limit (RFC 1870 §4).</summary>
    public long? MaxSize { get; private set; }

    /// <summary>The most recipients in one transaction (RFC 9422, RCPTMAX), or null.</summary>
    public int? MaxRecipients { get; private set; }

    /// <summary>The most transactions on one connection (RFC 9422, MAILMAX), or null.</summary>
    public int? MaxTransactions { get; private set; }

    /// <summary>Says whether all of <paramref name="extensions"/> are offered.</summary>
    public bool Offers(SmtpExtensions extensions) => (Extensions & extensions) == extensions;

    /// <summary>Says whether a mechanism of AUTH is offered (RFC 4954 §3).</summary>
    public bool OffersMechanism(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> mechanisms = _mechanisms;
        foreach (var range in mechanisms.Split((byte)' '))
        {
            if (Ascii.EqualsIgnoreCase(mechanisms[range], name)) return !name.IsEmpty;
        }
        return false;
    }

    /// <summary>Takes in one line of the reply, without its code; not the first one, which holds the server's name.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        var keyword = space < 0 ? line : line[..space];
        var values = space < 0 ? default : line[space..].Trim((byte)' ');
        var extension = Find(keyword);
        Extensions |= extension;
        if (extension == SmtpExtensions.Size && DecimalText.TryRead(values, out ulong size) && size > 0)
            MaxSize ??= (long)Math.Min(size, long.MaxValue);
        if (extension == SmtpExtensions.Auth && _mechanisms.Length == 0) _mechanisms = values.ToArray();
        if (extension == SmtpExtensions.Limits) AddLimits(values);
    }

    private static SmtpExtensions Find(ReadOnlySpan<byte> keyword)
    {
        foreach (var (name, extension) in ExtensionNames.All)
        {
            if (Ascii.EqualsIgnoreCase(keyword, name)) return extension;
        }
        return SmtpExtensions.None;
    }

    private void AddLimits(ReadOnlySpan<byte> limits)
    {
        foreach (var range in limits.Split((byte)' '))
        {
            var limit = limits[range];
            int equals = limit.IndexOf((byte)'=');
            if (equals < 0 || !DecimalText.TryRead(limit[(equals + 1)..], MaxLimit, out uint value) || value == 0) continue;
            if (Ascii.EqualsIgnoreCase(limit[..equals], "RCPTMAX"u8)) MaxRecipients ??= (int)value;
            else if (Ascii.EqualsIgnoreCase(limit[..equals], "MAILMAX"u8)) MaxTransactions ??= (int)value;
        }
    }
}
