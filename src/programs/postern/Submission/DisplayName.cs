using System.Text;
using Postern.Loop;

namespace Postern.CommandLine.Submission;

/// <summary>Writes a person's name before an address, so that nothing in it can end it.</summary>
internal static class DisplayName
{
    /// <summary>How much of a name is written. Arbitrary: longer than any real one.</summary>
    internal const int MaxLength = 128;

    // An encoded word is at most 75 characters long (RFC 2047 §2): 12 around the text, base64 makes four of three.
    private const int MaxEncoded = 45;

    /// <summary>Writes the name and a space; nothing for an empty name.</summary>
    internal static void Write(string name, ByteQueue output)
    {
        var text = name.Length > MaxLength ? name[..MaxLength] : name;
        if (text.Length == 0)
        {
            return;
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            WriteEncoded(text, output);
        }
        else
        {
            WriteQuoted(text, output);
        }
    }

    private static void WriteQuoted(string text, ByteQueue output)
    {
        output.Append("\""u8);
        foreach (var value in Encoding.ASCII.GetBytes(text))
        {
            if (value is (byte)'"' or (byte)'\\')
            {
                output.Append("\\"u8);
            }

            output.Append([value]);
        }

        output.Append("\" "u8);
    }

    /// <summary>RFC 2047 §4.1; a character is never split over two words.</summary>
    private static void WriteEncoded(string text, ByteQueue output)
    {
        var word = new List<byte>(MaxEncoded);
        Span<byte> rune = stackalloc byte[4];
        foreach (var next in text.EnumerateRunes())
        {
            var length = next.EncodeToUtf8(rune);
            if (word.Count + length > MaxEncoded)
            {
                Append(word, output);
                output.Append("\r\n "u8);
                word.Clear();
            }

            word.AddRange(rune[..length]);
        }

        Append(word, output);
        output.Append(" "u8);
    }

    private static void Append(List<byte> word, ByteQueue output) =>
        output.Append(Encoding.ASCII.GetBytes($"=?utf-8?B?{Convert.ToBase64String([.. word])}?="));
}
