using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Text;

namespace Postern.Mail;

/// <summary>An address that mail can be sent to: a local part and a domain (RFC 5321 §4.1.2).</summary>
/// <remarks>
/// It is held in one form: quotes and backslashes that change nothing are dropped, the domain is in lower case. The case of
/// the local part is kept, as it is the receiver's to read (§2.4), but two mailboxes that differ in nothing else are equal.
/// </remarks>
public sealed class Mailbox : IEquatable<Mailbox>
{
    /// <summary>The longest local part as written (RFC 5321 §4.5.3.1.1).</summary>
    public const int MaxLocalPart = 64;

    /// <summary>The longest mailbox: a path of 256 bytes without its brackets (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxLength = 254;

    private readonly byte[] _text;
    private readonly byte[]? _unquoted;
    private readonly int _localLength;

    private Mailbox(ReadOnlySpan<byte> text, int localLength, ReadOnlySpan<byte> localPart, MailDomain domain)
    {
        _text = text.ToArray();
        _localLength = localLength;
        Domain = domain;
        if (localPart.Length != localLength) _unquoted = localPart.ToArray();
    }

    /// <summary>The mailbox as it goes on the wire, without brackets.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The same bytes, for keeping.</summary>
    public ReadOnlyMemory<byte> Bytes => _text;

    /// <summary>The local part, without quotes and backslashes: any bytes but controls.</summary>
    public ReadOnlySpan<byte> LocalPart => _unquoted ?? Text[.._localLength];

    /// <summary>What stands after the "@".</summary>
    public MailDomain Domain { get; }

    /// <summary>False when sending needs SMTPUTF8 (RFC 6531).</summary>
    public bool IsAscii => Ascii.IsAscii(_text);

    /// <summary>True when the local part is "postmaster" in any case, which every domain must have (RFC 5321 §4.5.1).</summary>
    public bool IsPostmaster => Ascii.EqualsIgnoreCase(LocalPart, "postmaster"u8);

    /// <summary>Judges a mailbox without brackets.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="allowUtf8">True to take characters beyond ASCII (RFC 6531 §3.3).</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox, out AddressFault fault)
    {
        mailbox = null;
        Span<byte> name = stackalloc byte[MaxLocalPart];
        fault = LocalPartReader.Read(text, name, out int length, out int consumed);
        if (fault != AddressFault.None) return false;
        if (!allowUtf8 && !Ascii.IsAscii(text)) fault = AddressFault.NeedsSmtpUtf8;
        else if (consumed == text.Length) fault = AddressFault.MissingDomain;
        else if (text[consumed] != '@') fault = AddressFault.BadLocalPart;
        else if (text.Length > MaxLength) fault = AddressFault.TooLong;
        else if (MailDomain.TryParse(text[(consumed + 1)..], allowUtf8, out var domain, out fault))
            fault = Build(name[..length], domain, out mailbox);
        return mailbox is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, bool, out Mailbox?, out AddressFault)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox) =>
        TryParse(text, allowUtf8, out mailbox, out _);

    /// <summary>Judges a mailbox from our own configuration or command line, in any script.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        return text.Length <= MaxLength && TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out mailbox, out _);
    }

    /// <summary>Joins a local part, without quotes, and a domain.</summary>
    /// <returns>False when the local part is empty, has a control, is no UTF-8, or is too long with the quotes that it needs.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> localPart, MailDomain domain, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (localPart.IsEmpty || localPart.Length > MaxLocalPart || !Utf8Text.IsIdentifier(localPart)) return false;
        foreach (byte value in localPart)
        {
            if (!LocalPartReader.IsQuotable(value)) return false;
        }
        return Build(localPart, domain, out mailbox) == AddressFault.None;
    }

    /// <inheritdoc/>
    public bool Equals(Mailbox? other) =>
        other is not null && Ascii.EqualsIgnoreCase(LocalPart, other.LocalPart) && Domain.Equals(other.Domain);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mailbox);

    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.IgnoreCase(_text);

    /// <summary>The text as a string, in UTF-8.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    private static AddressFault Build(ReadOnlySpan<byte> localPart, MailDomain domain, out Mailbox? mailbox)
    {
        mailbox = null;
        Span<byte> text = stackalloc byte[(2 * MaxLocalPart) + 3 + DomainName.MaxLength];
        int at = 0;
        if (LocalPartReader.IsDotString(localPart))
        {
            localPart.CopyTo(text);
            at = localPart.Length;
        }
        else
        {
            text[at++] = (byte)'"';
            foreach (byte value in localPart)
            {
                if (value is (byte)'"' or (byte)'\\') text[at++] = (byte)'\\';
                text[at++] = value;
            }
            text[at++] = (byte)'"';
        }
        int localLength = at;
        text[at++] = (byte)'@';
        domain.Text.CopyTo(text[at..]);
        at += domain.Text.Length;
        if (localLength > MaxLocalPart || at > MaxLength) return AddressFault.TooLong;
        mailbox = new Mailbox(text[..at], localLength, localPart, domain);
        return AddressFault.None;
    }
}
