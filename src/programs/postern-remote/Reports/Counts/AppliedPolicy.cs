using System.Text;

namespace Postern.Remote.Reports.Counts;

/// <summary>The policy that a session was held to, as a report shows it. Two are the same when they show the same.</summary>
internal sealed class AppliedPolicy : IEquatable<AppliedPolicy>
{
    /// <summary>The most characters of a policy that are shown. Arbitrary: an ordinary one has 200, one can have 64 KiB, and strangers
    /// write them.</summary>
    internal const int MaxLength = 4096;

    /// <summary>The domain publishes nothing.</summary>
    internal static readonly AppliedPolicy None = new(PolicyType.NoPolicyFound, [], []);

    /// <summary>The domain says that it has a policy, which nobody could get.</summary>
    internal static readonly AppliedPolicy Unknown = new(PolicyType.Sts, [], []);

    /// <param name="type">What kind.</param>
    /// <param name="strings">Its lines, or its records (RFC 8460 §4.4); whole ones are left out that go beyond <see cref="MaxLength"/>.</param>
    /// <param name="hosts">The patterns of its hosts; the same.</param>
    internal AppliedPolicy(PolicyType type, IEnumerable<string> strings, IEnumerable<string> hosts)
    {
        var left = MaxLength;
        Type = type;
        Strings = [.. strings.Select(Plain).TakeWhile(each => Fits(each, ref left))];
        Hosts = [.. hosts.Select(Plain).TakeWhile(each => Fits(each, ref left))];
        Length = MaxLength - left;
    }

    /// <summary>What kind.</summary>
    internal PolicyType Type { get; }

    /// <summary>Its lines, or its records.</summary>
    internal IReadOnlyList<string> Strings { get; }

    /// <summary>The patterns of its hosts.</summary>
    internal IReadOnlyList<string> Hosts { get; }

    /// <summary>Characters of all of them, and one for each.</summary>
    internal int Length { get; }

    /// <inheritdoc/>
    public bool Equals(AppliedPolicy? other) =>
        other is not null && Type == other.Type && Strings.SequenceEqual(other.Strings) && Hosts.SequenceEqual(other.Hosts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AppliedPolicy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Length, Strings.Count > 0 ? Strings[^1] : null);

    private static bool Fits(string text, ref int left)
    {
        left -= text.Length + 1;
        if (left >= 0)
        {
            return true;
        }

        left += text.Length + 1;
        return false;
    }

    // No control, so that each is a line of a file; no half of a character, which no UTF-8 has.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            plain.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return plain.ToString();
    }
}
