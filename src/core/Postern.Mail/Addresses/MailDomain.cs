using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Text;

namespace Postern.Mail;

/// <summary>What stands after the "@": a domain name or an address literal.</summary>
public sealed class MailDomain : IEquatable<MailDomain>
{
    private readonly IpAddress _literal;
    private readonly byte[]? _literalText;

    /// <summary>A domain name.</summary>
    public MailDomain(DomainName name) => Name = name;

    /// <summary>An address literal.</summary>
    public MailDomain(IpAddress literal)
    {
        Span<byte> text = stackalloc byte[AddressLiteral.MaxText];
        _literal = literal;
        _literalText = text[..AddressLiteral.Write(literal, text)].ToArray();
    }

    /// <summary>The name, or null for a literal.</summary>
    public DomainName? Name { get; }

    /// <summary>True for "[192.0.2.1]" and its like.</summary>
    public bool IsLiteral => Name is null;

    /// <summary>The address of a literal; for a name null.</summary>
    public IpAddress? Literal => IsLiteral ? _literal : null;

    /// <summary>The bytes as they go on the wire.</summary>
    public ReadOnlySpan<byte> Text => Name is null ? _literalText : Name.Text;

    /// <summary>Judges what stands after the "@".</summary>
    /// <param name="text">All of it.</param>
    /// <param name="allowUtf8">True to take labels in other scripts.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out MailDomain? domain, out AddressFault fault)
    {
        Span<byte> form = stackalloc byte[DomainName.MaxLength];
        fault = WriteForm(text, allowUtf8, form, out int length);
        domain = fault == AddressFault.None ? OfForm(form[..length]) : null;
        return domain is not null;
    }

    /// <summary>Judges what stands after the "@" and writes its one form.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="allowUtf8">True to take labels in other scripts.</param>
    /// <param name="output">At least <see cref="DomainName.MaxLength"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    internal static AddressFault WriteForm(ReadOnlySpan<byte> text, bool allowUtf8, Span<byte> output, out int length)
    {
        if (!IsLiteralForm(text)) return DomainParser.Parse(text, allowUtf8, output, out length);
        bool isLiteral = AddressLiteral.TryParse(text, out var address);
        length = isLiteral ? AddressLiteral.Write(address, output) : 0;
        return isLiteral ? AddressFault.None : AddressFault.BadDomain;
    }

    /// <summary>The domain that a form stands for.</summary>
    /// <param name="form">What <see cref="WriteForm"/> wrote, or the same.</param>
    internal static MailDomain OfForm(ReadOnlySpan<byte> form) =>
        !IsLiteralForm(form) ? new MailDomain(new DomainName(form))
        : AddressLiteral.TryParse(form, out var address) ? new MailDomain(address)
        : throw new ArgumentException("A literal in its one form.", nameof(form));

    internal static bool IsLiteralForm(ReadOnlySpan<byte> text) => !text.IsEmpty && text[0] == '[';

    /// <inheritdoc/>
    public bool Equals(MailDomain? other) => other is not null && Text.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MailDomain);

    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.Of(Text);

    /// <summary>The text as a string.</summary>
    public override string ToString() => Encoding.ASCII.GetString(Text);
}
