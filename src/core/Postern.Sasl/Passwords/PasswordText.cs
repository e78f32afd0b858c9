using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>Which passwords there are: those that every client sends in the same bytes.</summary>
/// <remarks>
/// RFC 4013 has a client normalise a password before it uses it, and some do and some do not. Where that would change
/// nothing, both send the same. So a password consists of printable ASCII and of letters, marks and digits that have no
/// other spelling; another one is refused when it is set, and therefore is nobody's when it is offered.
/// </remarks>
public static class PasswordText
{
    /// <summary>The longest password, in bytes; arbitrary: a passphrase of twenty words.</summary>
    public const int MaxLength = 255;

    /// <summary>True for a password that can be set.</summary>
    /// <param name="password">UTF-8, or anything that a client sent.</param>
    public static bool IsPassword(ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty || password.Length > MaxLength) return false;
        while (!password.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(password, out var rune, out int length) != System.Buffers.OperationStatus.Done) return false;
            if (rune.IsAscii ? !Ascii.IsPrintable((byte)rune.Value) : !Utf8Text.IsIdentifier(rune)) return false;
            password = password[length..];
        }
        return true;
    }
}
