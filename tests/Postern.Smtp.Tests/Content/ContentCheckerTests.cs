using CsCheck;
using Postern.TestKit;

namespace Postern.Smtp.Tests.Content;

/// <summary>Case H6: content that comes by count obeys the same lines, and dots are just dots.</summary>
public class ContentCheckerTests
{
    private sealed record Checked(bool Passed, LineFault Fault, bool EndsLine);

    private static Checked Run(IReadOnlyList<byte[]> pieces)
    {
        var checker = new ContentChecker();
        bool passed = true;
        foreach (byte[] piece in pieces) passed = checker.Check(piece);
        passed = checker.Complete();
        return new Checked(passed, checker.Fault, passed && checker.EndsLine);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a\r\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\r\n.\r\n", true)]
    [InlineData(".\r\n.\r\n..\r\n", true)]
    [InlineData("a\r\n.", false)]
    [InlineData("a\r\n\r\nb", false)]
    [InlineData(".", false)]
    [InlineData("\u0085\u000b\u000c\u00ff", false)]
    public void ContentInLines_Passes(string content, bool endsLine)
    {
        Assert.Equal(new Checked(true, LineFault.None, endsLine), SplitDriver.EverySplit(Bytes.Of(content), Run));
    }

    [Theory]
    [InlineData("a\nb\r\n", LineFault.BareLineFeed)]
    [InlineData("\n", LineFault.BareLineFeed)]
    [InlineData("a\r\n.\n", LineFault.BareLineFeed)]
    [InlineData("a\rb\r\n", LineFault.BareCarriageReturn)]
    [InlineData("a\r\r\n", LineFault.BareCarriageReturn)]
    // The content is over and the LF never came.
    [InlineData("a\r\n.\r", LineFault.BareCarriageReturn)]
    [InlineData("a\0b\r\n", LineFault.Nul)]
    [InlineData("a\r\0\n", LineFault.BareCarriageReturn)]
    public void StrayLineEndOrNul_IsRefused(string content, LineFault fault)
    {
        Assert.Equal(new Checked(false, fault, false), SplitDriver.EverySplit(Bytes.Of(content), Run));
    }

    [Fact]
    public void RandomContent_PassesExactlyWhenNothingStrayIsLeft()
    {
        var cases = from content in TokenStreams.Of(12, "\r\n", "\r\n", ".", "a", "\r", "\n", "\0")
                    from piece in Gen.Int[1, 9]
                    select (content, piece);
        cases.Sample(
            one =>
            {
                string strays = one.content.Replace("\r\n", "x", StringComparison.Ordinal);
                bool clean = strays.IndexOfAny(['\r', '\n', '\0']) < 0;
                bool ended = one.content.Length == 0 || one.content.EndsWith("\r\n", StringComparison.Ordinal);
                var result = Run([.. Bytes.Of(one.content).Chunk(one.piece)]);
                return result.Passed == clean && (!clean || result.EndsLine == ended);
            },
            iter: 20_000);
    }
}
