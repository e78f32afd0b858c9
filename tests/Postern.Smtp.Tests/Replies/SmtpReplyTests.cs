using Postern.Mail;

namespace Postern.Smtp.Tests.Replies;

/// <summary>What goes on the wire as one reply.</summary>
public class SmtpReplyTests
{
    private static EnhancedStatus Status(string text)
    {
        Assert.True(EnhancedStatus.TryParse(Bytes.Of(text), out var status));
        return status;
    }

    [Fact]
    public void ReplyOfOneLine_IsCodeStatusText()
    {
        Assert.Equal("250 2.1.5 Ok\r\n", Bytes.Text(SmtpReply.Line(250, Status("2.1.5"), Bytes.Of("Ok")).Wire));
        Assert.Equal("354 Go\r\n", Bytes.Text(SmtpReply.Line(354, null, Bytes.Of("Go")).Wire));
        Assert.Equal("250 2.0.0 \r\n", Bytes.Text(SmtpReply.Line(250, Status("2.0.0"), []).Wire));
    }

    [Fact]
    public void ReplyOfSeveralLines_HasCodeAndStatusOnEach()
    {
        var reply = SmtpReply.Lines(550, Status("5.7.1"), [Bytes.Of("one"), Bytes.Of(""), Bytes.Of("three")]);
        Assert.Equal("550-5.7.1 one\r\n550-5.7.1 \r\n550 5.7.1 three\r\n", Bytes.Text(reply.Wire));
        Assert.False(reply.IsPositive);
    }

    [Theory]
    // A quoted byte that would end the reply and begin one of the client's choice.
    [InlineData("no <a\r\n250 2.0.0 Ok>", "no <a\\x0D\\x0A250 2.0.0 Ok>")]
    [InlineData("\0\u001b[31m\t\u007f\u0085\u00ff", "\\x00\\x1B[31m\\x09\\x7F\\x85\\xFF")]
    public void BytesThatAreNotPrintable_AreEscaped(string text, string escaped)
    {
        Assert.Equal("550 " + escaped + "\r\n", Bytes.Text(SmtpReply.Line(550, null, Bytes.Of(text)).Wire));
    }

    [Fact]
    public void TextThatTheLineCannotHold_IsCut()
    {
        Assert.Equal("250 " + new string('a', 506) + "\r\n", Bytes.Text(SmtpReply.Line(250, null, Bytes.Of(new string('a', 9000))).Wire));
        // No half of an escape stays.
        Assert.Equal("250 " + new string('a', 503) + "\r\n", Bytes.Text(SmtpReply.Line(250, null, Bytes.Of(new string('a', 503) + "\n")).Wire));
        Assert.Equal("250 " + new string('a', 502) + "\\x0A\r\n", Bytes.Text(SmtpReply.Line(250, null, Bytes.Of(new string('a', 502) + "\n")).Wire));
    }

    [Fact]
    public void CodeOrStatusOutOfPlace_IsOurBug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SmtpReply.Line(199, null, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmtpReply.Line(600, null, []));
        Assert.Throws<ArgumentException>(() => SmtpReply.Line(250, Status("5.0.0"), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmtpReply.Lines(250, null, []));
    }
}
