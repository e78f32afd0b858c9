namespace Postern.Smtp.Tests.Commands;

/// <summary>Case H3: how long a chunk is.</summary>
public class BdatCommandTests
{
    [Theory]
    [InlineData("0", 0L, false)]
    [InlineData("5", 5L, false)]
    [InlineData("05", 5L, false)]
    [InlineData("5 LAST", 5L, true)]
    [InlineData("5 last", 5L, true)]
    [InlineData("5  LAST", 5L, true)]
    // The empty message.
    [InlineData("0 LAST", 0L, true)]
    [InlineData("9223372036854775807 LAST", long.MaxValue, true)]
    public void Chunk_IsRead(string argument, long size, bool isLast)
    {
        Assert.True(BdatCommand.TryParse(Bytes.Of(argument), out var command));
        Assert.Equal(new BdatCommand(size, isLast), command);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("0x5")]
    [InlineData("5.0")]
    [InlineData("\u00d9\u00a3")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("000000000000000000005")]
    [InlineData("5 LASTX")]
    [InlineData("5 LAST x")]
    [InlineData("5 LAS")]
    [InlineData("5 ")]
    [InlineData("5\tLAST")]
    [InlineData("LAST")]
    [InlineData("LAST 5")]
    public void ChunkOfUnknownLength_IsRefused(string argument) => Assert.False(BdatCommand.TryParse(Bytes.Of(argument), out _));
}
