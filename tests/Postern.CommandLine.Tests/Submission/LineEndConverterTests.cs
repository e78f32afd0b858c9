using System.Text;
using Postern.CommandLine.Submission;
using Postern.Loop;
using Postern.TestKit;

namespace Postern.CommandLine.Tests.Submission;

public sealed class LineEndConverterTests
{
    [Theory]
    // The ordinary case of a local program.
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    // What is right already stays.
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    // Both in one message, as a pipeline of programs makes it.
    [InlineData("a\r\nb\nc\r\n", "a\r\nb\r\nc\r\n")]
    // The last line may lack its end.
    [InlineData("a", "a\r\n")]
    [InlineData("a\n\nb", "a\r\n\r\nb\r\n")]
    // Nothing stays nothing.
    [InlineData("", "")]
    [InlineData("\n", "\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    // A dot is a character like any other here.
    [InlineData("a\n.\nb\n", "a\r\n.\r\nb\r\n")]
    // Bytes above ASCII pass as they are.
    [InlineData("\xe4\xff\n", "\xe4\xff\r\n")]
    public void LineFeeds_BecomeCrlf(string input, string expected) => Assert.Equal((expected, ContentFault.None), Convert(input, false));

    [Theory]
    // Without -i a lone dot ends the message, and what follows is not part of it.
    [InlineData("a\n.\nb\n", "a\r\n")]
    [InlineData("a\r\n.\r\nb", "a\r\n")]
    [InlineData(".\nb", "")]
    // At the very end, with and without its line end.
    [InlineData("a\n.", "a\r\n")]
    // Dots that are not alone stay, none is doubled or taken off.
    [InlineData("..\n.a\na.\n", "..\r\n.a\r\na.\r\n")]
    // After the end nothing is judged any more.
    [InlineData(".\n\r\0", "")]
    public void LoneDot_EndsTheMessage(string input, string expected) => Assert.Equal((expected, ContentFault.None), Convert(input, true));

    [Theory]
    // A CR in the middle could be read as a line end by the next server and not by this one.
    [InlineData("a\rb\n", ContentFault.BareCarriageReturn)]
    [InlineData("a\r\r\n", ContentFault.BareCarriageReturn)]
    [InlineData("a\r", ContentFault.BareCarriageReturn)]
    [InlineData("\r", ContentFault.BareCarriageReturn)]
    [InlineData("a\0b\n", ContentFault.Nul)]
    [InlineData("\0", ContentFault.Nul)]
    public void ForbiddenByte_IsAFault(string input, object fault)
    {
        Assert.Equal((ContentFault)fault, Convert(input, false).Fault);
        Assert.Equal((ContentFault)fault, Convert(input, true).Fault);
    }

    [Fact]
    public void ReturnAfterADot_IsAFault() => Assert.Equal(ContentFault.BareCarriageReturn, Convert("a\n.\rb\n", true).Fault);

    private static (string Text, ContentFault Fault) Convert(string input, bool stopAtDot) =>
        SplitDriver.EverySplit(Encoding.Latin1.GetBytes(input), pieces =>
        {
            var converter = new LineEndConverter(stopAtDot);
            var output = new ByteQueue();
            foreach (var piece in pieces)
            {
                converter.Convert(piece, output);
            }

            converter.Finish(output);
            return (converter.Fault == ContentFault.None ? Encoding.Latin1.GetString(output.Span) : string.Empty, converter.Fault);
        });
}
