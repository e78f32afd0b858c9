using System.Text;
using Postern.CommandLine.Submission;
using Postern.TestKit;

namespace Postern.CommandLine.Tests.Submission;

public sealed class HeaderBlockTests
{
    [Theory]
    // Fields, the empty line, a body.
    [InlineData("A: 1\r\nB: 2\r\n\r\nbody\r\n", "A,B", "body\r\n")]
    // A folded field is one.
    [InlineData("A: 1\r\n 2\r\n\t3\r\nB:\r\n\r\n", "A,B", "")]
    // No empty line: all is header.
    [InlineData("A: 1\r\n", "A", "")]
    // Text without a header is a body.
    [InlineData("hello there\r\nA: 1\r\n", "", "hello there\r\nA: 1\r\n")]
    [InlineData("\r\nbody\r\n", "", "body\r\n")]
    [InlineData("", "", "")]
    // White space before anything continues nothing.
    [InlineData(" A: 1\r\n", "", " A: 1\r\n")]
    // A header that a line without a colon ends.
    [InlineData("A: 1\r\nhello\r\nB: 2\r\n", "A", "hello\r\nB: 2\r\n")]
    // The line of a mailbox file, as it is and as programs escape it.
    [InlineData("From ann Mon Nov 23\r\nA: 1\r\n\r\nbody\r\n", "A", "body\r\n")]
    [InlineData(">From ann Mon Nov 23\r\nA: 1\r\n\r\nbody\r\n", "A", "body\r\n")]
    // White space before the colon is old and legal (RFC 5322 §4.5).
    [InlineData("A \t: 1\r\n\r\n", "A", "")]
    // Names are printable ASCII without spaces.
    [InlineData("not a field: 1\r\n", "", "not a field: 1\r\n")]
    [InlineData(": 1\r\n", "", ": 1\r\n")]
    [InlineData("A\x7f: 1\r\n", "", "A\x7f: 1\r\n")]
    public void Header_IsToldFromBody(string message, string names, string body)
    {
        var found = SplitDriver.EverySplit(Encoding.Latin1.GetBytes(message), pieces =>
        {
            var header = new HeaderBlock();
            byte[] content = [];
            var ended = false;
            foreach (var piece in pieces.TakeWhile(_ => !ended))
            {
                content = [.. content, .. piece];
                ended = header.Scan(content);
            }

            content = Encoding.Latin1.GetBytes(message);
            var fields = header.Fields.Select(field => Encoding.Latin1.GetString(content.AsSpan(field.Start, field.NameLength)));
            return (string.Join(',', fields), Encoding.Latin1.GetString(content.AsSpan(header.BodyStart)));
        });
        Assert.Equal((names, body), found);
    }

    [Fact]
    public void Field_IsFoundByNameWithoutCase()
    {
        var content = "message-ID:  <a@b>\r\n\r\n"u8.ToArray();
        var header = new HeaderBlock();
        Assert.True(header.Scan(content));
        Assert.True(header.Has(content, "Message-ID"u8));
        Assert.False(header.Has(content, "Message"u8));
        Assert.Equal("  <a@b>\r\n", Encoding.ASCII.GetString(HeaderBlock.Value(content, header.Fields[0])));
    }
}
