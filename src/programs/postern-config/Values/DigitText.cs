namespace Postern.Config.Values;

/// <summary>Reads decimal digits and nothing else: no sign, no space, no digits of other scripts.</summary>
internal static class DigitText
{
    /// <summary>Nine digits fit every number of the configuration and can't overflow.</summary>
    private const int MaxDigits = 9;

    /// <summary>Reads one to nine digits.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxDigits || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            value = (value * 10) + (uint)(digit - '0');
        }

        return true;
    }
}
