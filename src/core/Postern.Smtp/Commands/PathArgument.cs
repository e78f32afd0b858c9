using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>What MAIL and RCPT have in common: a keyword with a colon, a path, parameters (RFC 5321 §4.1.1.2, §4.1.1.3).</summary>
internal static class PathArgument
{
    /// <summary>Passes over the keyword.</summary>
    /// <param name="argument">What stood behind the verb.</param>
    /// <param name="keyword">"FROM:" or "TO:".</param>
    /// <param name="rest">The path and what follows it.</param>
    /// <remarks>A space behind the colon is against the grammar but common, and its meaning is plain (§3.3).</remarks>
    public static bool TryStart(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> keyword, out ReadOnlySpan<byte> rest)
    {
        rest = Ascii.StartsWithIgnoreCase(argument, keyword) ? argument[keyword.Length..].TrimStart((byte)' ') : default;
        return !rest.IsEmpty;
    }

    /// <summary>Says which fault of the command a fault of its address is.</summary>
    public static CommandFault FaultOf(AddressFault fault, CommandFault otherwise) => fault switch
    {
        AddressFault.SourceRoute => CommandFault.SourceRoute,
        AddressFault.NeedsSmtpUtf8 => CommandFault.NeedsSmtpUtf8,
        AddressFault.BadUtf8 => CommandFault.BadUtf8,
        _ => otherwise,
    };
}
