using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Mail;

namespace Postern.Config.Values;

/// <summary>Addresses of the configuration in the one form in which the programs compare them.</summary>
internal static class AddressText
{
    // Any domain will do to have a bare local part judged by the parser of whole addresses.
    private const string SomeDomain = "@a.example";

    /// <summary>Reads an address; its local part is kept as written, as the receiver alone may read it (RFC 5321 §2.4).</summary>
    internal static bool TryRead(string text, [NotNullWhen(true)] out Mailbox? address) =>
        Mailbox.TryParse(text, out address) && !address.Domain.IsLiteral;

    /// <summary>Reads a local part that stands alone.</summary>
    /// <param name="text">As written.</param>
    /// <param name="localPart">Its form, quoted if it must be.</param>
    internal static bool TryReadLocalPart(string text, [NotNullWhen(true)] out string? localPart)
    {
        localPart = null;
        if (text.Length > Mailbox.MaxLength - SomeDomain.Length || !Mailbox.TryParse(text + SomeDomain, out var address))
        {
            return false;
        }

        localPart = address.ToString()[..^SomeDomain.Length];
        return true;
    }

    /// <summary>The key under which an own address is found: capitals of ASCII become small.</summary>
    internal static string Fold(string address)
    {
        var bytes = Encoding.UTF8.GetBytes(address);
        foreach (ref var value in bytes.AsSpan())
        {
            value = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>What keeps a local part from being the name of a mailbox folder; null when nothing does.</summary>
    /// <remarks>
    /// The folder is opened beneath the root without following links, so this is the second lock: a name that means
    /// something to a path, a Maildir or a shell gets no folder at all.
    /// </remarks>
    internal static string? FolderFault(Mailbox address)
    {
        var name = address.LocalPart;
        if (!address.IsAscii)
        {
            return "a mailbox name must be ASCII; give an alias to the other spelling";
        }

        if (name.ContainsAny("/\\\"\0 "u8) || name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            return "a mailbox name may not hold spaces, quotes or slashes: it becomes the name of a folder";
        }

        return name[0] is (byte)'.' or (byte)'-' or (byte)'~' ? "a mailbox name may not begin with \".\", \"-\" or \"~\": it becomes the name of a folder" : null;
    }
}
