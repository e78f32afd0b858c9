using System.Text;
using Postern.Text;

namespace Postern.Web.Http;

/// <summary>What the header of an answer says about its content, line by line (RFC 9110, RFC 9112).</summary>
/// <remarks>Where two fields say different things about the content's end, none of them is believed.</remarks>
internal sealed class HttpHead(HttpWanted wanted)
{
    private const int VersionLength = 8;

    private readonly List<(byte[] Name, byte[] Value)> _others = [];
    private bool _isOld;
    private bool _hasType;

    /// <summary>The status, 100 to 999.</summary>
    internal int Code { get; private set; }

    /// <summary>True for an answer before the answer, as 103 (RFC 9110 §15.2).</summary>
    internal bool IsInterim => Code is >= 100 and < 200;

    /// <summary>The content's length, if it is told.</summary>
    internal ulong? Length { get; private set; }

    /// <summary>True when the content comes in chunks.</summary>
    internal bool IsChunked { get; private set; }

    /// <summary>The value of the first field of a name that says nothing about the content's form; null when there is none.</summary>
    internal byte[]? Field(ReadOnlySpan<byte> name)
    {
        foreach (var (other, value) in _others)
        {
            if (Ascii.EqualsIgnoreCase(other, name)) return value;
        }
        return null;
    }

    /// <summary>Takes the first line.</summary>
    /// <returns>Why the answer is refused, or null.</returns>
    internal string? TakeStatusLine(ReadOnlySpan<byte> line)
    {
        const string Other = "not an answer of HTTP/1";
        if (line.Length < VersionLength + 4 || !line.StartsWith("HTTP/1."u8) || !Ascii.IsDigit(line[VersionLength - 1])) return Other;
        // The space behind the code belongs there even without words behind it, and servers leave it out.
        if (line[VersionLength] != ' ' || (line.Length > VersionLength + 4 && line[VersionLength + 4] != ' ')) return Other;
        if (!DecimalText.TryRead(line.Slice(VersionLength + 1, 3), 999, out uint code) || code < 100) return Other;
        _isOld = line[VersionLength - 1] == '0';
        Code = (int)code;
        // A redirection is not followed (RFC 8461 §3.3): whoever may set one on a web site need not be the domain's owner.
        // After 101 another protocol would begin, which nobody asked for.
        return code == 200 || (IsInterim ? code != 101 : wanted.AnyStatus) ? null : $"answered with {code}";
    }

    /// <summary>Takes a field's line.</summary>
    /// <returns>Why the answer is refused, or null.</returns>
    internal string? TakeField(ReadOnlySpan<byte> line)
    {
        if (!TryReadField(line, out var name, out var value)) return "a malformed header field";
        if (IsInterim) return null;
        if (Ascii.EqualsIgnoreCase(name, "content-type"u8)) return TakeType(value);
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8)) return TakeLength(value);
        if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8)) return TakeTransferCoding(value);
        if (Ascii.EqualsIgnoreCase(name, "content-encoding"u8) && !Ascii.EqualsIgnoreCase(value, "identity"u8)) return "an encoded content";
        if (wanted.AnyStatus) _others.Add((name.ToArray(), value.ToArray()));
        return null;
    }

    /// <summary>Judges the whole at the header's end.</summary>
    /// <returns>Why the answer is refused, or null.</returns>
    internal string? Judge()
    {
        if (!_hasType && wanted.Type is not null) return "no content type";
        // RFC 9112 §6.1, §6.3: the signs of an answer that was put together wrongly, by mistake or not.
        if (IsChunked && Length is not null) return "a content both in chunks and with a length";
        if (IsChunked && _isOld) return "chunks in an answer of HTTP/1.0";
        return Length > (ulong)wanted.MaxLength ? HttpAnswer.TooLong : null;
    }

    /// <summary>Takes a field apart. White space before the colon and lines that go on are refused (RFC 9112 §5.1, §5.2).</summary>
    internal static bool TryReadField(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int colon = line.IndexOf((byte)':');
        name = line[..Math.Max(colon, 0)];
        value = line[(colon + 1)..].Trim(" \t"u8);
        foreach (byte sign in name)
        {
            if (!Ascii.IsLetterOrDigit(sign) && !"!#$%&'*+-.^_`|~"u8.Contains(sign)) return false;
        }
        return !name.IsEmpty;
    }

    /// <summary>Parameters, the character set among them, are left unread: the content's reader judges its bytes.</summary>
    private string? TakeType(ReadOnlySpan<byte> value)
    {
        if (_hasType) return "two content types";
        _hasType = true;
        int end = value.IndexOf((byte)';');
        var type = end < 0 ? value : value[..end].TrimEnd(" \t"u8);
        // Where strangers may put pages or pictures on a web site, these are not what was asked for.
        return wanted.Type is null || Ascii.EqualsIgnoreCase(type, Encoding.ASCII.GetBytes(wanted.Type)) ? null : $"a content type other than {wanted.Type}";
    }

    private string? TakeLength(ReadOnlySpan<byte> value)
    {
        if (!DecimalText.TryRead(value, out ulong length)) return "a length that is none";
        if (Length is { } before && before != length) return "two lengths";
        Length = length;
        return null;
    }

    private string? TakeTransferCoding(ReadOnlySpan<byte> value)
    {
        if (IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8)) return "a transfer coding other than chunked";
        IsChunked = true;
        return null;
    }
}
