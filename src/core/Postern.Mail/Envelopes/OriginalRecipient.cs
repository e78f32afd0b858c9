using Postern.Text;

namespace Postern.Mail;

/// <summary>ORCPT for a recipient that came without: in a notification the sender is to know again what he wrote (RFC 3461 §4.2).</summary>
public static class OriginalRecipient
{
    /// <summary>Writes an address as the value of ORCPT.</summary>
    /// <param name="address">The address; one that is not ASCII has no such form here.</param>
    /// <param name="output">Room for it.</param>
    /// <returns>Bytes written; 0 when it has none, or does not fit.</returns>
    public static int Write(ReadOnlySpan<byte> address, Span<byte> output)
    {
        var type = "rfc822;"u8;
        if (!System.Text.Ascii.IsValid(address) || type.Length + (address.Length * XText.MaxGrowth) > output.Length)
        {
            return 0;
        }

        type.CopyTo(output);
        return type.Length + XText.Encode(address, output[type.Length..]);
    }
}
