using Postern.Mail;
using Postern.Text;

namespace Postern.Ipc.Administration;

/// <summary>Tells whether an administrator means a recipient.</summary>
/// <param name="selection">What he said of it.</param>
/// <param name="filter">Part of its address or of its sender's; empty for any.</param>
public sealed class Chosen(Selection selection, string filter = "")
{
    private readonly string _destination = selection.Destination;
    private readonly byte[] _domain = System.Text.Encoding.ASCII.GetBytes(selection.Domain);
    private readonly byte[] _sender = System.Text.Encoding.ASCII.GetBytes(selection.Sender);
    private readonly byte[] _filter = System.Text.Encoding.ASCII.GetBytes(filter);

    /// <summary>False when the addresses decide nothing: then no envelope need be read.</summary>
    public bool AsksForAddresses => _domain.Length + _sender.Length + _filter.Length > 0;

    /// <summary>True when a recipient that goes there is meant, as far as that decides.</summary>
    /// <param name="destination">Where, as it is listed.</param>
    public bool Takes(string destination) => _destination.Length == 0 || destination == _destination;

    /// <summary>True when a recipient with these addresses is meant, as far as they decide.</summary>
    public bool Takes(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipient) =>
        (_filter.Length == 0 || sender.IndexOf(_filter) >= 0 || recipient.IndexOf(_filter) >= 0)
        && (_domain.Length == 0 || IsAt(recipient, _domain))
        && (_sender.Length == 0
            || (_sender.AsSpan().SequenceEqual("<>"u8) ? sender.IsEmpty
                : _sender[0] == '@' ? IsAt(sender, _sender.AsSpan(1)) : Ascii.EqualsIgnoreCase(sender, _sender)));

    // One domain may be spelt in several ways, and the rest of an address may hold at signs.
    private static bool IsAt(ReadOnlySpan<byte> address, ReadOnlySpan<byte> wanted)
    {
        Span<byte> domain = stackalloc byte[DomainName.MaxLength];
        return Mailbox.TryReadDomain(address, allowUtf8: true, domain, out var length)
            ? Ascii.EqualsIgnoreCase(domain[..length], wanted)
            : Ascii.EqualsIgnoreCase(address[(address.LastIndexOf((byte)'@') + 1)..], wanted);
    }
}
