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

    /// <summary>Room for the longest form before it is known to be too long: everything quoted, and the longest domain.</summary>
    private const int MaxForm = (2 * MaxLocalPart) + 3 + DomainName.MaxLength;

    private readonly byte[] _text;
    private readonly byte[]? _unquoted;
    private readonly int _localLength;
    private MailDomain? _domain;

    private Mailbox(ReadOnlySpan<byte> text, int localLength, ReadOnlySpan<byte> localPart, MailDomain? domain = null)
    {
        _text = text.ToArray();
        _localLength = localLength;
        _domain = domain;
        if (localPart.Length != localLength) _unquoted = localPart.ToArray();
    }

    /// <summary>The mailbox as it goes on the wire, without brackets.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The same bytes, for keeping.</summary>
    public ReadOnlyMemory<byte> Bytes => _text;

    /// <summary>The local part, without quotes and backslashes: any bytes but controls.</summary>
    public ReadOnlySpan<byte> LocalPart => _unquoted ?? Text[.._localLength];

    /// <summary>What stands after the "@".</summary>
    public MailDomain Domain => _domain ??= MailDomain.OfForm(DomainText);

    /// <summary>The same, as it goes on the wire.</summary>
    public ReadOnlySpan<byte> DomainText => Text[(_localLength + 1)..];

    /// <summary>True when the domain is an address literal.</summary>
    public bool HasLiteral => MailDomain.IsLiteralForm(DomainText);

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
        Span<byte> name = stackalloc byte[MaxLocalPart];
        Span<byte> form = stackalloc byte[MaxForm];
        fault = Read(text, allowUtf8, name, form, out var lengths);
        mailbox = fault == AddressFault.None ? new Mailbox(form[..lengths.Form], lengths.Local, name[..lengths.Name]) : null;
        return mailbox is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, bool, out Mailbox?, out AddressFault)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox) =>
        TryParse(text, allowUtf8, out mailbox, out _);

    /// <summary>Judges a mailbox without making one: of what is stored or handed on as it is, no more is needed.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="allowUtf8">True to take characters beyond ASCII (RFC 6531 §3.3).</param>
    public static bool IsValid(ReadOnlySpan<byte> text, bool allowUtf8)
    {
        Span<byte> domain = stackalloc byte[MaxForm];
        return TryReadDomain(text, allowUtf8, domain, out _);
    }

    /// <summary>Judges a mailbox and writes its domain, in lower case.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="allowUtf8">True to take characters beyond ASCII (RFC 6531 §3.3).</param>
    /// <param name="domain">At least <see cref="DomainName.MaxLength"/> bytes.</param>
    /// <param name="length">Bytes written; 0 when it is no mailbox.</param>
    public static bool TryReadDomain(ReadOnlySpan<byte> text, bool allowUtf8, Span<byte> domain, out int length)
    {
        Span<byte> name = stackalloc byte[MaxLocalPart];
        Span<byte> form = stackalloc byte[MaxForm];
        length = 0;
        if (Read(text, allowUtf8, name, form, out var lengths) != AddressFault.None) return false;
        form[(lengths.Local + 1)..lengths.Form].CopyTo(domain);
        length = lengths.Form - lengths.Local - 1;
        return true;
    }

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
        Span<byte> form = stackalloc byte[MaxForm];
        if (Write(localPart, domain.Text, form, out var lengths) != AddressFault.None) return false;
        mailbox = new Mailbox(form[..lengths.Form], lengths.Local, localPart, domain);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Mailbox? other) =>
        other is not null && Ascii.EqualsIgnoreCase(LocalPart, other.LocalPart) && DomainText.SequenceEqual(other.DomainText);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mailbox);

    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.IgnoreCase(_text);

    /// <summary>The text as a string, in UTF-8.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    /// <summary>Judges a mailbox, and writes the local part without quotes and the whole in its one form.</summary>
    private static AddressFault Read(ReadOnlySpan<byte> text, bool allowUtf8, Span<byte> name, Span<byte> form, out Lengths lengths)
    {
        lengths = default;
        var fault = LocalPartReader.Read(text, name, out int length, out int consumed);
        if (fault != AddressFault.None) return fault;
        if (!allowUtf8 && !Ascii.IsAscii(text)) return AddressFault.NeedsSmtpUtf8;
        if (consumed == text.Length) return AddressFault.MissingDomain;
        if (text[consumed] != '@') return AddressFault.BadLocalPart;
        if (text.Length > MaxLength) return AddressFault.TooLong;
        Span<byte> domain = stackalloc byte[DomainName.MaxLength];
        fault = MailDomain.WriteForm(text[(consumed + 1)..], allowUtf8, domain, out int domainLength);
        return fault == AddressFault.None ? Write(name[..length], domain[..domainLength], form, out lengths) : fault;
    }

    private static AddressFault Write(ReadOnlySpan<byte> localPart, ReadOnlySpan<byte> domain, Span<byte> form, out Lengths lengths)
    {
        int at = 0;
        if (LocalPartReader.IsDotString(localPart))
        {
            localPart.CopyTo(form);
            at = localPart.Length;
        }
        else
        {
            form[at++] = (byte)'"';
            foreach (byte value in localPart)
            {
                if (value is (byte)'"' or (byte)'\\') form[at++] = (byte)'\\';
                form[at++] = value;
            }
            form[at++] = (byte)'"';
        }
        int localLength = at;
        form[at++] = (byte)'@';
        domain.CopyTo(form[at..]);
        at += domain.Length;
        lengths = new Lengths(at, localLength, localPart.Length);
        return localLength > MaxLocalPart || at > MaxLength ? AddressFault.TooLong : AddressFault.None;
    }

    /// <summary>Bytes of the one form, of the local part in it, and of the local part without quotes.</summary>
    private readonly record struct Lengths(int Form, int Local, int Name);
}
