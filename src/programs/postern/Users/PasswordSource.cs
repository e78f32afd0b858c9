using System.Text;
using Postern.CommandLine.Output;
using Postern.Posix;
using Postern.Sasl;

namespace Postern.CommandLine.Users;

/// <summary>Where a new password comes from: somebody who types it twice and does not see it, or a line of standard input.</summary>
/// <param name="screen">Where one is asked.</param>
/// <param name="input">Standard input.</param>
/// <param name="isTyped">True when a person sits at it.</param>
internal sealed class PasswordSource(Screen screen, Stream input, bool isTyped)
{
    // Thirty-two, without what looks like something else; sixteen of them are eighty bits.
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int GeneratedLetters = 16;

    /// <summary>A password that nobody has to remember: for one device, shown once.</summary>
    internal static byte[] Generate() => [.. RandomBytes.Take(GeneratedLetters).Select(random => (byte)Letters[random % Letters.Length])];

    /// <summary>Asks for one.</summary>
    /// <exception cref="CommandFailure">There is none, or it is none that every client sends alike.</exception>
    internal byte[] Read()
    {
        var password = isTyped ? Typed() : FirstLine();
        return PasswordText.IsPassword(password) ? password
            : throw new CommandFailure(
                ExitCode.BadData,
                $"that is no password: it has 1 to {PasswordText.MaxLength} bytes, and only letters and digits beside the signs of ASCII, since clients write others in two ways");
    }

    private byte[] Typed()
    {
        var first = TypedOnce("Password: ");
        return first.AsSpan().SequenceEqual(TypedOnce("Once more: ")) ? first : throw new CommandFailure(ExitCode.BadData, "the two are not the same");
    }

    private byte[] TypedOnce(string prompt)
    {
        screen.Prompt(prompt);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                text.Append(key.KeyChar);
            }
            else if (text.Length > 0)
            {
                text.Length--;
            }
        }

        screen.Prompt("\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private byte[] FirstLine()
    {
        var line = new List<byte>();
        while (input.ReadByte() is >= 0 and not '\n' and var next && line.Count <= PasswordText.MaxLength)
        {
            line.Add((byte)next);
        }

        return [.. line];
    }
}
