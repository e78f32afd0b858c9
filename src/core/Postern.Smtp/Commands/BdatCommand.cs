using Postern.Text;

namespace Postern.Smtp;

/// <summary>The argument of BDAT: how many bytes of content follow the line, and whether they are the last (RFC 3030 §2).</summary>
/// <param name="Size">The bytes that follow, as the client says. Nothing may be allocated on its word.</param>
/// <param name="IsLast">True for the chunk that completes the message.</param>
public readonly record struct BdatCommand(long Size, bool IsLast)
{
    /// <summary>Reads an argument.</summary>
    /// <returns>False when it is none: the length of the chunk is then unknown and the next command can't be found, so the
    /// connection has to be closed after the 501.</returns>
    public static bool TryParse(ReadOnlySpan<byte> argument, out BdatCommand command)
    {
        command = default;
        int space = argument.IndexOf((byte)' ');
        var size = space < 0 ? argument : argument[..space];
        bool isLast = space >= 0 && Ascii.EqualsIgnoreCase(argument[space..].TrimStart((byte)' '), "LAST"u8);
        if ((space >= 0 && !isLast) || !DecimalText.TryRead(size, out ulong value) || value > long.MaxValue) return false;
        command = new BdatCommand((long)value, isLast);
        return true;
    }
}
