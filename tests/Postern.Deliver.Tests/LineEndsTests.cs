using System.Text;
using Postern.Deliver.Content;
using Postern.TestKit;

namespace Postern.Deliver.Tests;

public sealed class LineEndsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\r\n", "a\n")]
    [InlineData("\r\n\r\n", "\n\n")]
    [InlineData("a\r\n\r\n.\r\nb\r\n", "a\n\n.\nb\n")]
    // The last line may lack its end: nothing is added.
    [InlineData("a\r\nb", "a\nb")]
    // The queue holds no such content; if it did, nothing of it may be lost.
    [InlineData("\r", "\r")]
    [InlineData("a\rb\nc", "a\rb\nc")]
    [InlineData("\r\r\n\r", "\r\n\r")]
    [InlineData("\n\r\n\n", "\n\n\n")]
    [InlineData("\r\r\r\n", "\r\r\n")]
    public void Pairs_BecomeOneByteHoweverTheyAreCut(string content, string mailbox) =>
        Assert.Equal(mailbox, SplitDriver.EverySplit(Encoding.Latin1.GetBytes(content), Convert));

    private static string Convert(IReadOnlyList<byte[]> pieces)
    {
        var ends = new LineEnds();
        var result = new List<byte>();
        foreach (var piece in pieces)
        {
            // Exactly the room that is asked for: one byte less would throw.
            var room = new byte[piece.Length + 1];
            result.AddRange(room[..ends.Convert(piece, room)]);
        }

        var last = new byte[1];
        result.AddRange(last[..ends.Finish(last)]);
        return Encoding.Latin1.GetString([.. result]);
    }
}
