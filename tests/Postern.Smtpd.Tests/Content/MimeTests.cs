using System.Text;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks G3 to G5: content that broke those who take it apart. Nobody does here: it passes, byte for byte.</summary>
public class MimeTests
{
    private const int Many = 10_000;

    public static TheoryData<string, string> Shapes => new()
    {
        { "levels", "MIME-Version: 1.0\r\n" + Repeat(Many, i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n") },
        { "messages in messages", Repeat(5000, _ => "Content-Type: message/rfc822\r\n\r\n") },
        { "parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Repeat(100_000, _ => "--b\r\n\r\n\r\n") + "--b--\r\n" },
        { "a boundary of ten thousand letters", $"Content-Type: multipart/mixed; boundary=\"{new string('b', Many)}\"\r\n\r\n--{new string('b', Many)}\r\n" },
        { "a boundary that begins another", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n--b\r\n" },
        { "no boundary at all", "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n----\r\n" },
        { "a file name in pieces out of order", "Content-Disposition: attachment" + Repeat(Many, i => $";\r\n filename*{(i * 7919) % Many}*=x%41") + ";\r\n filename*0*=utf-8''y\r\n\r\n" },
        { "encoded words", "Subject: " + Repeat(50_000, _ => "=?utf-8?b?w7w=?=\r\n ") + "\r\n\r\n" },
        { "half an encoding", "Content-Transfer-Encoding: quoted-printable\r\n\r\nx=\r\n" },
        { "character sets that are none", "Content-Type: text/plain; charset=\"x-\u0080\"\r\n\r\n+ADw-script+AD4-\r\n" },
        // G4.
        { "a hundred thousand addresses", "From: " + Repeat(100_000, i => $"a{i}@f.test,\r\n ") + "z@f.test\r\n\r\n" },
        { "comments ten thousand deep", $"From: {new string('(', Many)}x{new string(')', Many)} a@f.test\r\n\r\n" },
        { "brackets", "From: " + Repeat(200, _ => "<><>") + "\r\n\r\n" },
        { "octets of old parsers", "From: " + Repeat(5000, _ => "\\\u00ff") + "\r\n\r\n" },
        // G5.
        { "fields twice", "From: a@f.test\r\nFrom: b@bank.test\r\nSubject: x\r\nSubject: y\r\nDate: x\r\nMessage-ID: <1>\r\nMessage-ID: <2>\r\nResent-From: z@f.test\r\n\r\nx\r\n" },
        { "letters that run backwards", "Subject: \u00e2\u0080\u00aecod.exe\r\nFrom: \u00d0\u00b0@bank.test\r\n\r\nx\r\n" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MimeOfAnyShape_PassesByteForByte(string shape, string content)
    {
        Assert.NotEmpty(shape);
        using var server = new TestServer(head => head with { MessageSize = 4_000_000 });
        foreach (var way in new[] { [content + ".\r\n"], content.Chunk(1 + (content.Length / 400)).Select(piece => new string(piece)).Append(".\r\n").ToArray() })
        {
            using var client = server.Connect();
            client.BeginData();
            // No line of these begins with a dot.
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            Assert.True(server.Queue.Committed[^1].Content == content);
        }

        server.DemandService();
    }

    private static string Repeat(int count, Func<int, string> piece) =>
        Enumerable.Range(0, count).Aggregate(new StringBuilder(), (text, i) => text.Append(piece(i))).ToString();
}
