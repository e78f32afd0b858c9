using Postern.Text;

namespace Postern.Smtp;

/// <summary>The argument of EHLO, HELO or LHLO: what the client calls itself (RFC 5321 §4.1.1.1).</summary>
/// <remarks>
/// Many honest clients have odd names: a bare address, an underscore, a machine's nickname. The name proves nothing, so it is
/// not worth refusing them; but it is written into the Received line and handed to filters, so it is one token that can't
/// end that line, open a comment in it, or hold a byte outside ASCII.
/// </remarks>
public readonly ref struct HelloArgument
{
    /// <summary>The longest name (RFC 5321 §4.5.3.1.2).</summary>
    public const int MaxName = 255;

    private HelloArgument(ReadOnlySpan<byte> name) => Name = name;

    /// <summary>The name as given, with the brackets of an address literal.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>True when the name has the form of an address literal; what it holds need not be an address.</summary>
    public bool IsLiteral => Name is [(byte)'[', ..];

    /// <summary>Reads an argument.</summary>
    /// <returns>False when it is empty, longer than <see cref="MaxName"/> or not one harmless token: 501.</returns>
    public static bool TryParse(ReadOnlySpan<byte> argument, out HelloArgument hello)
    {
        hello = default;
        if (argument.IsEmpty || argument.Length > MaxName) return false;
        var token = argument;
        if (token[0] == '[')
        {
            if (token.Length < 3 || token[^1] != ']') return false;
            token = token[1..^1];
        }
        foreach (byte value in token)
        {
            if (!Ascii.IsAtext(value) && value is not ((byte)'.' or (byte)':')) return false;
        }
        hello = new HelloArgument(argument);
        return true;
    }
}
