namespace Postern.Sts;

/// <summary>The name of a field, which records and policies form alike (RFC 8461 §3.1, §3.2).</summary>
internal static class FieldName
{
    /// <summary>The longest name (sts-ext-name, sts-policy-ext-name).</summary>
    internal const int MaxLength = 32;

    /// <summary>True for letters, digits, "_", "-" and ".", of which the first is a letter or a digit.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxLength || !Ascii.IsLetterOrDigit(name[0])) return false;
        foreach (byte value in name)
        {
            if (!Ascii.IsLetterOrDigit(value) && value is not ((byte)'_' or (byte)'-' or (byte)'.')) return false;
        }
        return true;
    }
}
