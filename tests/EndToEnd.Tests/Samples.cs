using System.Text;
using Postern.TestKit.Servers;

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

    /// <summary>A message with everything that a relay may stumble over: 8-bit bytes, lines of dots, lines as long as may be, megabytes.</summary>
    /// <param name="mark">Tells it from all others.</param>
    /// <param name="longLines">How many lines of 998 bytes it has (RFC 5321 §4.5.3.1.6).</param>
    internal static byte[] DifficultMessage(string mark, int longLines = 2000)
    {
        var text = new StringBuilder($"From: Alice <alice@example.org>\r\nSubject: {mark}\r\nMessage-ID: <{mark}@client.example>\r\n"
            + "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\n.\u00fcber und \u00fcber\r\n..\r\n...\r\n.\u00ff\u00fe\u0080\u0081\r\n\r\n \r\n\t\r\nFrom here\r\n>From there\r\n");
        for (var i = 0; i < longLines; i++)
        {
            text.Append(i % 3 == 0 ? '.' : 'x').Append((char)('a' + (i % 26)), 997).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append(mark).Append("\r\n.\u00e9\r\n").ToString());
    }

    /// <summary>Lines of [tls], and sections that follow it, with which acme runs as well; its authority has no address.</summary>
    internal static string LinesForAcme() => $"""
        acme = true
        [acme]
        directory = "https://authority.example/"
        listen = "127.0.0.1:{LoopbackPort.Free()}"
        [dns]
        resolvers = ["127.0.0.1:{LoopbackPort.Free()}"]
        """;

    /// <summary>A mark that is in no other message.</summary>
    internal static string Mark() => $"mark-{Guid.NewGuid():N}";
}
