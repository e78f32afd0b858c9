using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>Base64 (RFC 4648 §4), beside the framework's reader behind a pattern, and there and back again.</summary>
internal static partial class Base64Target
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        byte[] output = new byte[input.Length + 3];
        bool decoded = Base64Text.TryDecode(input, output, out int written);
        string text = Demand.Latin(input);
        byte[]? expected = Form().IsMatch(text) ? Convert.FromBase64String(text) : null;
        // A second spelling of the same bytes is none.
        if (expected is not null && Convert.ToBase64String(expected) != text) expected = null;
        Demand.Equal(expected is not null, decoded, "base64");
        if (decoded) Demand.Same(expected, output.AsSpan(0, written), "decoded base64");

        byte[] encoded = new byte[Base64Text.LengthFor(input.Length)];
        Demand.Equal(encoded.Length, Base64Text.Encode(input, encoded), "length of base64");
        output = new byte[encoded.Length];
        Demand.That(Base64Text.TryDecode(encoded, output, out written), "what was encoded can't be decoded");
        Demand.Same(input, output.AsSpan(0, written), "there and back");
    }

    [GeneratedRegex(@"\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z")]
    private static partial Regex Form();
}
