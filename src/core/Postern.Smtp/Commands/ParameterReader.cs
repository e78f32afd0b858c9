using Postern.Text;

namespace Postern.Smtp;

/// <summary>Reads the parameters of MAIL and RCPT one after another (RFC 5321 §4.1.2, esmtp-param).</summary>
/// <param name="parameters">What follows the path; more than one space between parameters is tolerated.</param>
internal ref struct ParameterReader(ReadOnlySpan<byte> parameters)
{
    private ReadOnlySpan<byte> _rest = parameters.Trim((byte)' ');

    /// <summary>The keyword of the current parameter.</summary>
    public ReadOnlySpan<byte> Keyword { get; private set; }

    /// <summary>Its value; empty when it has none, since a value is never empty.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when all parameters were read and well-formed.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Goes to the next parameter.</summary>
    /// <returns>False at the end, and at one that is not well-formed: then <see cref="AtEnd"/> is false.</returns>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        int space = _rest.IndexOf((byte)' ');
        var parameter = space < 0 ? _rest : _rest[..space];
        int equals = parameter.IndexOf((byte)'=');
        Keyword = equals < 0 ? parameter : parameter[..equals];
        Value = equals < 0 ? default : parameter[(equals + 1)..];
        if (!IsKeyword(Keyword) || (equals >= 0 && !IsValue(Value))) return false;
        _rest = space < 0 ? default : _rest[space..].TrimStart((byte)' ');
        return true;
    }

    private static bool IsKeyword(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] == '-') return false;
        foreach (byte value in text)
        {
            if (!Ascii.IsLetterOrDigit(value) && value != '-') return false;
        }
        return true;
    }

    /// <summary>esmtp-value, with the eight-bit bytes that RFC 6531 §3.3 adds; who takes the parameter judges those.</summary>
    private static bool IsValue(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyInRange((byte)0, (byte)' ') && !text.ContainsAny((byte)'=', (byte)0x7f);
}
