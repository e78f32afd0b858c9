using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sts;

/// <summary>The TXT record that says that a domain has a policy, and which one (RFC 8461 §3.1).</summary>
/// <remarks>
/// Anybody on the way to the name server can write it, so it is a hint and no more. A record that is wrong is as good as
/// none, and a policy that was fetched before holds on (§5.1).
/// </remarks>
public static class StsRecord
{
    /// <summary>The longest id (§3.1).</summary>
    public const int MaxId = 32;

    private static ReadOnlySpan<byte> Beginning => "v=STSv1;"u8;

    /// <summary>Finds the id among the TXT records of "_mta-sts" below a domain.</summary>
    /// <param name="texts">Each record with its strings joined.</param>
    /// <param name="id">1 to <see cref="MaxId"/> letters and digits; two are the same policy when these are the same.</param>
    /// <returns>False unless exactly one record begins as one of version 1 does, and is right to its end.</returns>
    public static bool TryParse(IReadOnlyList<byte[]> texts, [NotNullWhen(true)] out string? id)
    {
        id = null;
        byte[]? only = null;
        foreach (byte[] text in texts)
        {
            if (!text.AsSpan().StartsWith(Beginning)) continue;
            if (only is not null) return false;
            only = text;
        }
        // A field that is wrong behind the id takes it back.
        if (only is null || !TryReadFields(only.AsSpan(Beginning.Length), out string? found)) return false;
        id = found;
        return true;
    }

    /// <summary>Reads the fields behind the version: the first id counts, fields of other names are passed over.</summary>
    private static bool TryReadFields(ReadOnlySpan<byte> rest, [NotNullWhen(true)] out string? id)
    {
        id = null;
        while (true)
        {
            rest = rest.TrimStart(" \t"u8);
            // A separator may stand behind the last field; behind the version there has to be a field.
            if (rest.IsEmpty) return id is not null;
            int end = rest.IndexOf((byte)';');
            // White space stands before a separator, and not before the end.
            var field = end < 0 ? rest : rest[..end].TrimEnd(" \t"u8);
            int sign = field.IndexOf((byte)'=');
            if (sign < 0 || !FieldName.IsValid(field[..sign]) || !IsValue(field[(sign + 1)..])) return false;
            if (id is null && field[..sign].SequenceEqual("id"u8) && !TryReadId(field[(sign + 1)..], out id)) return false;
            if (end < 0) return id is not null;
            rest = rest[(end + 1)..];
        }
    }

    private static bool TryReadId(ReadOnlySpan<byte> value, [NotNullWhen(true)] out string? id)
    {
        id = IsId(value) ? Encoding.ASCII.GetString(value) : null;
        return id is not null;
    }

    /// <summary>True for what can be an id.</summary>
    internal static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > MaxId) return false;
        foreach (byte value in text)
        {
            if (!Ascii.IsLetterOrDigit(value)) return false;
        }
        return true;
    }

    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) && !value.ContainsAny((byte)'=', (byte)';');
}
