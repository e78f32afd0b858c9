using System.Text;

namespace Postern.Mail;

/// <summary>A date as header fields have it: "Mon, 23 Nov 2026 20:01:02 +0000" (RFC 5322 §3.3).</summary>
public static class Rfc5322Date
{
    /// <summary>The text's length.</summary>
    public const int Length = 31;

    /// <summary>Writes the date, in the zone that it has. Fractions of a second are cut.</summary>
    /// <param name="time">The date.</param>
    /// <param name="output">At least <see cref="Length"/> bytes.</param>
    public static void Write(DateTimeOffset time, Span<byte> output)
    {
        "SunMonTueWedThuFriSat"u8.Slice(3 * (int)time.DayOfWeek, 3).CopyTo(output);
        ", "u8.CopyTo(output[3..]);
        WriteDigits(time.Day, output.Slice(5, 2));
        output[7] = (byte)' ';
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice(3 * (time.Month - 1), 3).CopyTo(output[8..]);
        output[11] = (byte)' ';
        WriteDigits(time.Year, output.Slice(12, 4));
        output[16] = (byte)' ';
        WriteDigits(time.Hour, output.Slice(17, 2));
        output[19] = (byte)':';
        WriteDigits(time.Minute, output.Slice(20, 2));
        output[22] = (byte)':';
        WriteDigits(time.Second, output.Slice(23, 2));
        output[25] = (byte)' ';
        int zone = (int)time.Offset.TotalMinutes;
        output[26] = (byte)(zone < 0 ? '-' : '+');
        zone = Math.Abs(zone);
        WriteDigits(zone / 60, output.Slice(27, 2));
        WriteDigits(zone % 60, output.Slice(29, 2));
    }

    /// <summary>The date as a string.</summary>
    public static string ToString(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(time, text);
        return Encoding.ASCII.GetString(text);
    }

    private static void WriteDigits(int value, Span<byte> output)
    {
        for (int i = output.Length - 1; i >= 0; i--)
        {
            output[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
