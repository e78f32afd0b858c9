using System.Text;

namespace Postern.TestKit.Servers;

/// <summary>A message as it lies in a mailbox.</summary>
/// <param name="Bytes">The file; lines end in LF.</param>
public sealed record DeliveredMessage(byte[] Bytes)
{
    private static readonly string[] _trace = ["Return-Path:", "Delivered-To:", "Received:", " ", "\t"];

    /// <summary>The message with a character for each byte.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);

    /// <summary>Whether the text stands in it.</summary>
    public bool Contains(string text) => Text.Contains(text, StringComparison.Ordinal);

    /// <summary>Throws unless the file is trace fields of ours and then, byte for byte, what was sent.</summary>
    /// <param name="sent">The message as it was sent, with CRLF.</param>
    public void MustBe(byte[] sent)
    {
        var above = Above(sent);
        var lines = above.Split('\n')[..^1];
        if (lines.Length == 0 || above[^1] != '\n' || !lines[0].StartsWith("Return-Path:", StringComparison.Ordinal)
            || lines.Any(line => !_trace.Any(name => line.StartsWith(name, StringComparison.Ordinal))))
        {
            throw new InvalidOperationException($"Above the message stands more than trace fields:\n{above}");
        }
    }

    /// <summary>What stands above a message that was sent; throws when the file does not end with it, byte for byte.</summary>
    public string Above(byte[] sent)
    {
        var body = Encoding.Latin1.GetString(sent).Replace("\r\n", "\n", StringComparison.Ordinal);
        return Text.EndsWith(body, StringComparison.Ordinal)
            ? Text[..^body.Length] : throw new InvalidOperationException($"Sent:\n{Start(body)}\nArrived:\n{Start(Text)}");
    }

    private static string Start(string text) => text.Length < 4000 ? text : text[..4000] + " …";
}
