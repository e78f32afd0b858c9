using System.Security.Cryptography;
using System.Text;

namespace Postern.Crash.Load;

/// <summary>Messages of which a number says the whole content, so that an alteration can't go unseen.</summary>
internal static class NumberedMessage
{
    private const string Field = "X-Number: ";

    /// <summary>The content of a number: some thousand bytes, or more, that no other number has.</summary>
    internal static byte[] Content(int number, int least = 0)
    {
        var text = new StringBuilder($"{Field}{number}\r\nSubject: load\r\n\r\n");
        var block = SHA256.HashData(Encoding.ASCII.GetBytes($"message {number}"));
        for (var line = 0; line < 20 + (number % 60) || text.Length < least; line++)
        {
            text.Append(Convert.ToHexStringLower(block)).Append("\r\n");
            block = SHA256.HashData(block);
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>The number of a message, or null when it is none of these.</summary>
    internal static int? NumberOf(string text)
    {
        var at = text.IndexOf(Field, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var end = text.AsSpan(at + Field.Length).IndexOfAny('\r', '\n');
        return end > 0 && int.TryParse(text.AsSpan(at + Field.Length, end), out var number) ? number : null;
    }
}
