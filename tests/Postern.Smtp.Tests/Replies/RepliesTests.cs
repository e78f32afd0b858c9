using System.Buffers;
using System.Reflection;

namespace Postern.Smtp.Tests.Replies;

/// <summary>The table of standing replies.</summary>
public class RepliesTests
{
    public static IEnumerable<TheoryDataRow<string>> Names() =>
        typeof(Smtp.Replies).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => new TheoryDataRow<string>(property.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void StandingReply_IsReadByOurClient(string name)
    {
        var reply = (SmtpReply)typeof(Smtp.Replies).GetProperty(name)!.GetValue(null)!;
        var reader = new ReplyReader();
        reader.Begin();
        Assert.Equal(OperationStatus.Done, reader.Read(reply.Wire, out int consumed));
        Assert.Equal((reply.Wire.Length, reply.Code, reply.Status), (consumed, reader.Code, reader.Status));
        Assert.NotEqual("", Bytes.Text(reader.Text));
        // RFC 2034 §4: every 2xx, 4xx and 5xx after EHLO has one.
        Assert.Equal(reply.Code / 100 != 3, reply.Status is not null);
        // RFC 5321 §3.8: the code that says so when the service gives up, the text when the client is at fault.
        Assert.Equal(reply.Code is 421 || Closes(name), Bytes.Text(reader.Text).EndsWith("closing connection", StringComparison.Ordinal));
    }

    private static bool Closes(string name) => name is nameof(Smtp.Replies.BareLineEnd) or nameof(Smtp.Replies.BadChunkSize)
        or nameof(Smtp.Replies.BareLineEndInContent) or nameof(Smtp.Replies.NulInContent) or nameof(Smtp.Replies.ForeignProtocol)
        or nameof(Smtp.Replies.EarlyTalker) or nameof(Smtp.Replies.BadPipelining);

    [Theory]
    [InlineData(CommandFault.Syntax, "501 5.5.4")]
    [InlineData(CommandFault.BadSender, "501 5.1.7")]
    [InlineData(CommandFault.BadRecipient, "501 5.1.3")]
    [InlineData(CommandFault.NeedsSmtpUtf8, "553 5.6.7")]
    [InlineData(CommandFault.BadUtf8, "553 5.6.7")]
    [InlineData(CommandFault.SourceRoute, "553 5.1.0")]
    [InlineData(CommandFault.UnknownParameter, "555 5.5.4")]
    [InlineData(CommandFault.BadParameter, "501 5.5.4")]
    public void FaultOfACommand_HasItsReply(CommandFault fault, string start)
    {
        Assert.StartsWith(start, Smtp.Replies.For(fault).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LineFault.TooLong, "500 5.5.2 Line too long")]
    [InlineData(LineFault.Nul, "500 5.5.2 NUL")]
    [InlineData(LineFault.BareLineFeed, "500 5.5.2 Lines end")]
    [InlineData(LineFault.BareCarriageReturn, "500 5.5.2 Lines end")]
    public void FaultOfACommandLine_HasItsReply(LineFault fault, string start)
    {
        Assert.StartsWith(start, Smtp.Replies.ForCommandLine(fault).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LineFault.Nul, "554 5.6.0 NUL")]
    [InlineData(LineFault.BareLineFeed, "554 5.6.0 Bare")]
    [InlineData(LineFault.BareCarriageReturn, "554 5.6.0 Bare")]
    public void FaultOfContent_HasItsReply(LineFault fault, string start)
    {
        Assert.StartsWith(start, Smtp.Replies.ForContent(fault).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RepliesWithNames_HoldThem()
    {
        Assert.Equal("220 mx.a.test ESMTP Postern", Smtp.Replies.Greeting("mx.a.test", "ESMTP").ToString());
        Assert.Equal("250 mx.a.test", Smtp.Replies.Hello("mx.a.test").ToString());
        Assert.Equal("250 2.0.0 Ok, queued as 1f", Smtp.Replies.Queued(Bytes.Of("1f")).ToString());
    }
}
