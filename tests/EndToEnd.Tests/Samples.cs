using System.Text;

namespace Postern.EndToEnd;

/// <summary>Messages to send.</summary>
internal static class Samples
{
    /// <summary>Where most of them go.</summary>
    internal static readonly string[] Bob = ["bob@example.org"];

    /// <summary>A small message that its mark tells from all others.</summary>
    internal static byte[] Message(string mark) => Encoding.Latin1.GetBytes(
        $"From: Alice <alice@example.org>\r\nTo: Bob <bob@example.org>\r\nSubject: {mark}\r\nMessage-ID: <{mark}@client.example>\r\n"
        + $"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n\r\n.a line with a dot, and {mark} again\r\n\r\n..\r\n\r\n");

    /// <summary>A mark that is in no other message.</summary>
    internal static string Mark() => $"mark-{Guid.NewGuid():N}";
}
