using System.Text;

namespace Postern.Sts;

/// <summary>The name of a server, or a name whose left-most label may be any (RFC 8461 §3.2, §4.1).</summary>
internal readonly record struct ExchangerPattern
{
    /// <summary>The longest pattern: the 255 octets of a name in a message of the DNS are 253 as text (RFC 1035 §2.3.4).</summary>
    internal const int MaxLength = 253;

    private const int MaxLabel = 63;

    private ExchangerPattern(string text)
    {
        Text = text;
        IsWildcard = text[0] == '*';
    }

    /// <summary>The pattern in lower case.</summary>
    internal string Text { get; }

    /// <summary>True when the first label stands for any one.</summary>
    internal bool IsWildcard { get; }

    /// <summary>Reads sts-policy-mx-value: labels of letters, digits and hyphens; names in other scripts come as A-labels.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ExchangerPattern pattern)
    {
        pattern = default;
        if (text.Length > MaxLength) return false;
        var rest = text.StartsWith("*."u8) ? text[2..] : text;
        while (true)
        {
            int dot = rest.IndexOf((byte)'.');
            var label = dot < 0 ? rest : rest[..dot];
            if (!IsLabel(label)) return false;
            // The last one begins with a letter, so that no pattern is an address of IPv4.
            if (dot < 0 && !Ascii.IsLetter(label[0])) return false;
            if (dot < 0) break;
            rest = rest[(dot + 1)..];
        }
        Span<byte> folded = stackalloc byte[text.Length];
        text.CopyTo(folded);
        Ascii.ToLowerInPlace(folded);
        pattern = new ExchangerPattern(Encoding.ASCII.GetString(folded));
        return true;
    }

    /// <summary>True when the pattern stands for this name, which has no dot at its end.</summary>
    internal bool Matches(ReadOnlySpan<char> name)
    {
        // This comparison takes no foreign letter for one of ASCII.
        if (!IsWildcard) return System.Text.Ascii.EqualsIgnoreCase(name, Text);
        int dot = name.IndexOf('.');
        return dot > 0 && System.Text.Ascii.EqualsIgnoreCase(name[dot..], Text.AsSpan(1));
    }

    /// <summary>True for letters, digits, hyphens and dots: what says nothing but a name wherever it is put.</summary>
    internal static bool IsNameText(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (!Ascii.IsLetterOrDigit(value) && value is not ((byte)'-' or (byte)'.')) return false;
        }
        return !text.IsEmpty;
    }

    private static bool IsLabel(ReadOnlySpan<byte> label) =>
        label.Length <= MaxLabel && IsNameText(label) && label[0] != '-' && label[^1] != '-';
}
