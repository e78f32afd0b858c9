using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Sessions;

/// <summary>The parameters of MAIL and RCPT once more, on text and with patterns.</summary>
internal static partial class ParameterForms
{
    /// <summary>Keywords in capitals with their values; null when this is no list of parameters, or one stands twice.</summary>
    internal static Dictionary<string, string?>? Read(string parameters)
    {
        Dictionary<string, string?> read = [];
        foreach (string parameter in parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Parameter().Match(parameter);
            if (!match.Success || !read.TryAdd(match.Groups["key"].Value.ToUpperInvariant(), match.Groups["value"].Success ? match.Groups["value"].Value : null))
                return null;
        }
        return read;
    }

    internal static bool IsPrintableXText(string? value, int max)
    {
        if (value is not { Length: > 0 } || value.Length > max) return false;
        byte[] decoded = new byte[value.Length];
        return XText.TryDecodePrintable(Encoding.Latin1.GetBytes(value), decoded, out _);
    }

    internal static bool IsOneOf(string? value, params string[] words) => words.Contains(value, StringComparer.OrdinalIgnoreCase);

    internal static bool IsNotify(string? value) => value is not null && Notify().IsMatch(value);

    /// <summary>RFC 3461 §4.2 and RFC 6533 §3.</summary>
    internal static bool IsOriginal(string? value, bool smtpUtf8)
    {
        var match = Original().Match(value ?? "");
        if (!match.Success || value!.Length > 500) return false;
        string address = match.Groups["address"].Value;
        if (!match.Groups["type"].Value.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return IsPrintableXText(address, 500);
        byte[] bytes = Encoding.Latin1.GetBytes(address);
        if (!System.Text.Unicode.Utf8.IsValid(bytes) || (!smtpUtf8 && address.Any(letter => letter > '\x7f'))) return false;
        string text = Encoding.UTF8.GetString(bytes);
        bool good = true;
        text = Escape().Replace(text, point =>
        {
            good &= IsCharacter(int.Parse(point.Groups["hex"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            return "";
        });
        return good && !text.Any(letter => letter is '\\' or '+' or '=' or (>= '\x80' and <= '\x9f'));
    }

    private static bool IsCharacter(int point) => point >= 0x20 && point is not (>= 0x7f and <= 0x9f) && Rune.IsValid(point);

    [GeneratedRegex(@"^(?<key>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?<value>[^\x00-\x20=\x7f]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Notify();

    [GeneratedRegex(@"^(?<type>[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+);(?<address>.+)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Original();

    [GeneratedRegex(@"\\x\{(?<hex>[0-9A-Fa-f]{2,6})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
