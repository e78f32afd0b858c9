namespace Postern.Config.Values;

/// <summary>Durations as they are written: a number and one letter, "90s", "5m", "4h", "5d".</summary>
internal static class DurationText
{
    /// <summary>A day in seconds.</summary>
    internal const uint Day = 86_400;

    private static readonly (char Letter, uint Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3600), ('d', Day)];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">As written.</param>
    /// <param name="seconds">How long that is; <see cref="uint.MaxValue"/> when it is longer than fits.</param>
    internal static bool TryRead(string text, out uint seconds)
    {
        seconds = 0;
        foreach (var (letter, length) in Units)
        {
            if (text.EndsWith(letter) && DigitText.TryRead(text.AsSpan(0, text.Length - 1), out var count))
            {
                seconds = (uint)Math.Min((ulong)count * length, uint.MaxValue);
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a duration in its largest whole unit.</summary>
    internal static string Write(uint seconds)
    {
        for (var i = Units.Length - 1; i > 0; i--)
        {
            if (seconds > 0 && seconds % Units[i].Seconds == 0)
            {
                return $"{seconds / Units[i].Seconds}{Units[i].Letter}";
            }
        }

        return $"{seconds}s";
    }
}
