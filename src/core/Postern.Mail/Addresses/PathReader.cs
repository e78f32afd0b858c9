namespace Postern.Mail;

/// <summary>Finds where the path at the start of an argument ends, and takes off its brackets.</summary>
internal static class PathReader
{
    /// <summary>Splits the path from what follows.</summary>
    /// <param name="input">The argument of MAIL FROM: or RCPT TO:, parameters included.</param>
    /// <param name="address">What stands between the brackets.</param>
    /// <param name="consumed">Bytes of the path; what follows is nothing, or a space and parameters.</param>
    public static AddressFault Read(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> address, out int consumed)
    {
        address = default;
        consumed = 0;
        if (input.IsEmpty) return AddressFault.BadSyntax;
        bool bracketed = input[0] == '<';
        var rest = bracketed ? input[1..] : input;
        // Without brackets only the plain form is taken: what quotes may hide is nobody's honest habit.
        if (!bracketed && rest[0] == '"') return AddressFault.BadSyntax;
        if (bracketed && rest.StartsWith("@"u8)) return RouteFault(rest);
        int end = FindEnd(rest, bracketed);
        // Nothing at all is the null sender only when brackets say so.
        if (end < (bracketed ? 0 : 1)) return AddressFault.BadSyntax;
        address = rest[..end];
        consumed = bracketed ? end + 2 : end;
        return consumed == input.Length || input[consumed] == ' ' ? AddressFault.None : AddressFault.BadSyntax;
    }

    /// <summary>True for the one recipient that needs no domain (RFC 5321 §4.1.1.3).</summary>
    public static bool IsBarePostmaster(ReadOnlySpan<byte> address) => Ascii.EqualsIgnoreCase(address, "postmaster"u8);

    private static AddressFault RouteFault(ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOfAny((byte)':', (byte)'>');
        return end >= 0 && rest[end] == ':' ? AddressFault.SourceRoute : AddressFault.BadSyntax;
    }

    /// <summary>The place of the closing bracket, or without brackets of the space or end. A bracket or space inside quotes
    /// does not count.</summary>
    private static int FindEnd(ReadOnlySpan<byte> rest, bool bracketed)
    {
        bool quoted = !rest.IsEmpty && rest[0] == '"';
        for (int i = quoted ? 1 : 0; i < rest.Length; i++)
        {
            byte value = rest[i];
            if (quoted)
            {
                if (value == '\\') i++;
                else if (value == '"') quoted = false;
            }
            else if (value == '>')
            {
                return bracketed ? i : -1;
            }
            else if (value == ' ')
            {
                return bracketed ? -1 : i;
            }
        }
        return bracketed ? -1 : rest.Length;
    }
}
