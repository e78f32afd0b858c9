namespace Postern.Config.Values;

/// <summary>Splits "host:port", "[ipv6]:port", "host" and "[ipv6]"; what the host is, others judge.</summary>
/// <param name="Host">The host without brackets.</param>
/// <param name="Bracketed">True when it stood in brackets, as only an IPv6 address may.</param>
/// <param name="Port">The port; null when none was written.</param>
internal readonly record struct HostPort(string Host, bool Bracketed, ushort? Port)
{
    /// <summary>What to say when the brackets are all that is wrong: they tell the colons of an IPv6 address from that of a port. Else null.</summary>
    internal string? NeedlessBrackets => !Bracketed || Host.Contains(':', StringComparison.Ordinal) ? null
        : $"brackets are for IPv6 addresses: write {Errors.Printable.Quote(Port is { } port ? $"{Host}:{port}" : Host)}";

    /// <summary>Splits the text; false for two colons outside brackets, an empty host or a port that is none.</summary>
    internal static bool TryRead(string text, out HostPort split)
    {
        split = default;
        var bracketed = text.StartsWith('[');
        var hostEnd = bracketed ? text.IndexOf(']', StringComparison.Ordinal) : text.IndexOf(':', StringComparison.Ordinal);
        if (bracketed && hostEnd < 0)
        {
            return false;
        }

        var host = bracketed ? text[1..hostEnd] : hostEnd < 0 ? text : text[..hostEnd];
        var rest = bracketed ? text[(hostEnd + 1)..] : text[host.Length..];
        if (host.Length == 0 || rest is ":")
        {
            return false;
        }

        if (rest.Length == 0)
        {
            split = new HostPort(host, bracketed, null);
            return true;
        }

        // A leading zero makes 025 of some readers 21.
        if (rest[0] != ':' || rest[1] == '0' || !DigitText.TryRead(rest.AsSpan(1), out var port) || port > ushort.MaxValue)
        {
            return false;
        }

        split = new HostPort(host, bracketed, (ushort)port);
        return true;
    }
}
