using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>Reads the moments in a certificate.</summary>
internal static class CertificateDate
{
    // struct tm of glibc: nine numbers, then a number and a pointer that are of no use here; 56 bytes.
    private const int Fields = 14;

    /// <summary>Reads one; the earliest moment of all for one that is none, so that it counts as expired.</summary>
    internal static unsafe DateTimeOffset Read(nint time)
    {
        var calendar = stackalloc int[Fields];
        return CertificateCalls.ToCalendar(time, calendar) == 1 && calendar[5] is > -1899 and < 8099
            ? new DateTimeOffset(
                calendar[5] + 1900, calendar[4] + 1, calendar[3], calendar[2], calendar[1], Math.Min(calendar[0], 59), TimeSpan.Zero)
            : DateTimeOffset.MinValue;
    }
}
