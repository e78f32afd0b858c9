using System.Diagnostics.CodeAnalysis;
using System.Text;
using Postern.Text;

namespace Postern.Mail;

/// <summary>A domain name as mail uses it: letters, digits and hyphens in lower case, labels between dots
/// (RFC 5321 §4.1.2).</summary>
/// <remarks>
/// A name in another script is held in its ASCII form, so the two ways to write it are equal. Underscores are refused:
/// RFC 5321 §2.3.5 has none, and no host that takes mail needs one.
/// </remarks>
public sealed class DomainName : IEquatable<DomainName>
{
    /// <summary>The longest name (RFC 5321 §4.5.3.1.2).</summary>
    public const int MaxLength = 255;

    /// <summary>The longest label (RFC 1035 §2.3.4).</summary>
    public const int MaxLabel = 63;

    private readonly byte[] _text;

    internal DomainName(ReadOnlySpan<byte> text) => _text = text.ToArray();

    /// <summary>The name in ASCII and lower case, without a trailing dot.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The same bytes, for keeping.</summary>
    public ReadOnlyMemory<byte> Bytes => _text;

    /// <summary>Judges a name.</summary>
    /// <param name="text">The name as it was written.</param>
    /// <param name="allowUtf8">True to take labels in other scripts (RFC 6531 §3.3), which become A-labels.</param>
    /// <param name="name">The name.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>False for a fault.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out DomainName? name, out AddressFault fault)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        fault = DomainParser.Parse(text, allowUtf8, buffer, out int length);
        name = fault == AddressFault.None ? new DomainName(buffer[..length]) : null;
        return name is not null;
    }

    /// <summary>Judges a name in ASCII without making one.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return DomainParser.Parse(text, allowUtf8: false, buffer, out _) == AddressFault.None;
    }

    /// <summary>Judges a name in ASCII.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DomainName? name) =>
        TryParse(text, allowUtf8: false, out name, out _);

    /// <summary>Judges a name from our own configuration, in any script.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        return text.Length <= MaxLength && TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out name, out _);
    }

    /// <summary>True when this name is the other or below it.</summary>
    public bool IsWithin(DomainName other) =>
        Text.EndsWith(other.Text) && (_text.Length == other._text.Length || _text[^(other._text.Length + 1)] == '.');

    /// <inheritdoc/>
    public bool Equals(DomainName? other) => other is not null && Text.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DomainName);

    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.Of(_text);

    /// <summary>The name as a string.</summary>
    public override string ToString() => Encoding.ASCII.GetString(_text);
}
