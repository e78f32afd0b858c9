using System.Diagnostics.CodeAnalysis;
using Postern.Text;

namespace Postern.Mail;

/// <summary>Something chosen by domain: a name, "*.suffix" for the names below it, "*" for all.</summary>
/// <remarks>The longest match wins: the name itself, then the suffix with the most labels, then "*".</remarks>
/// <typeparam name="T">What is chosen.</typeparam>
public sealed class RouteTable<T>
{
    private readonly Dictionary<DomainName, T> _names = new(DomainNameText.Comparer);
    private readonly Dictionary<DomainName, T> _suffixes = new(DomainNameText.Comparer);
    private T? _fallback;

    /// <summary>True when "*" was added.</summary>
    public bool HasFallback { get; private set; }

    /// <summary>How many patterns there are.</summary>
    public int Count => _names.Count + _suffixes.Count + (HasFallback ? 1 : 0);

    /// <summary>Adds a pattern.</summary>
    /// <param name="pattern">A domain, "*." and a domain, or "*"; UTF-8.</param>
    /// <param name="value">What it chooses.</param>
    /// <returns>False when it is no pattern, or there already.</returns>
    public bool TryAdd(ReadOnlySpan<byte> pattern, T value)
    {
        if (pattern.SequenceEqual("*"u8))
        {
            if (HasFallback) return false;
            _fallback = value;
            return HasFallback = true;
        }
        bool below = pattern.StartsWith("*."u8);
        if (!DomainName.TryParse(below ? pattern[2..] : pattern, allowUtf8: true, out var name, out _)) return false;
        return (below ? _suffixes : _names).TryAdd(name, value);
    }

    /// <summary>Finds what a domain chooses.</summary>
    public bool TryFind(DomainName domain, [MaybeNullWhen(false)] out T value) => TryFind(domain.Text, out value);

    /// <summary>Finds what a domain chooses, by its <see cref="DomainName.Text"/>.</summary>
    public bool TryFind(ReadOnlySpan<byte> domain, [MaybeNullWhen(false)] out T value)
    {
        if (_names.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(domain, out value)) return true;
        var suffixes = _suffixes.GetAlternateLookup<ReadOnlySpan<byte>>();
        var rest = domain;
        for (int dot = rest.IndexOf((byte)'.'); dot >= 0 && _suffixes.Count > 0; dot = rest.IndexOf((byte)'.'))
        {
            rest = rest[(dot + 1)..];
            if (suffixes.TryGetValue(rest, out value)) return true;
        }
        value = _fallback;
        return HasFallback;
    }
}

/// <summary>Compares domain names with their own text, so that a suffix needs no object to be looked up.</summary>
internal sealed class DomainNameText : IEqualityComparer<DomainName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DomainName>
{
    /// <summary>The one there is.</summary>
    public static DomainNameText Comparer { get; } = new();

    /// <inheritdoc/>
    public bool Equals(DomainName? x, DomainName? y) => x is null ? y is null : x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(DomainName obj) => obj.GetHashCode();

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, DomainName other) => alternate.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => KeyedHash.Of(alternate);

    /// <inheritdoc/>
    public DomainName Create(ReadOnlySpan<byte> alternate) =>
        DomainName.TryParse(alternate, out var name) ? name : throw new ArgumentException("Part of a domain name.", nameof(alternate));
}
