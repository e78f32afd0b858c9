namespace Postern.Config.Values;

/// <summary>Sizes as they are written: bytes, or a number and K, M or G for powers of 1,024.</summary>
internal static class SizeText
{
    private static readonly (char Letter, int Shift)[] Units = [('K', 10), ('M', 20), ('G', 30)];

    /// <summary>Reads a size in bytes.</summary>
    internal static bool TryRead(string text, out ulong bytes)
    {
        bytes = 0;
        if (DigitText.TryRead(text, out var plain))
        {
            bytes = plain;
            return true;
        }

        foreach (var (letter, shift) in Units)
        {
            if (text.EndsWith(letter) && DigitText.TryRead(text.AsSpan(0, text.Length - 1), out var count))
            {
                bytes = (ulong)count << shift;
                return true;
            }
        }

        return false;
    }
}
