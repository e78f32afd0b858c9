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
        domain = null;
        if (!text.IsEmpty && text[0] == '[')
        {
            fault = AddressLiteral.TryParse(text, out var address) ? AddressFault.None : AddressFault.BadDomain;
            if (fault == AddressFault.None) domain = new MailDomain(address);
        }
        else if (DomainName.TryParse(text, allowUtf8, out var name, out fault))
        {
            domain = new MailDomain(name);
        }
        return domain is not null;
    }

    /// <inheritdoc/>
    public bool Equals(MailDomain? other) => other is not null && Text.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MailDomain);

    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.Of(Text);

    /// <summary>The text as a string.</summary>
    public override string ToString() => Encoding.ASCII.GetString(Text);
}
