namespace Postern.Mail;

/// <summary>The sender that MAIL names (RFC 5321 §4.1.1.2).</summary>
/// <param name="Sender">The sender, or null for "&lt;&gt;", to which nothing is ever sent back.</param>
/// <param name="WrittenInUtf8">True when it was written with characters beyond ASCII, which takes the SMTPUTF8 parameter even
/// if only the domain had them (RFC 6531 §3.4).</param>
public readonly record struct ReversePath(Mailbox? Sender, bool WrittenInUtf8)
{
    /// <summary>Reads the path at the start of an argument.</summary>
    /// <param name="input">What follows "FROM:", parameters included.</param>
    /// <param name="allowUtf8">True to take characters beyond ASCII; whether SMTPUTF8 was given is seen only later.</param>
    /// <param name="path">The path.</param>
    /// <param name="consumed">Bytes of the path; what follows is nothing, or a space and parameters.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, bool allowUtf8, out ReversePath path, out int consumed, out AddressFault fault)
    {
        path = default;
        fault = PathReader.Read(input, out var address, out consumed);
        if (fault != AddressFault.None) return false;
        if (address.IsEmpty) return true;
        if (!Mailbox.TryParse(address, allowUtf8, out var mailbox, out fault)) return false;
        path = new ReversePath(mailbox, !Ascii.IsAscii(address));
        return true;
    }
}
