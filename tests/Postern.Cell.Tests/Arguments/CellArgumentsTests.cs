using Postern.Cell.Arguments;

namespace Postern.Cell.Tests.Arguments;

/// <summary>The command line.</summary>
public sealed class CellArgumentsTests
{
    [Fact]
    public void AProgramAlone_GetsTheDefaults()
    {
        var order = Read("cat");
        Assert.Equal("cat", order.Program);
        Assert.Empty(order.Arguments);
        Assert.Equal((60, 512L << 20, 100L << 20, 0), (order.Seconds, order.Memory, order.Output, order.Processes));
        Assert.Null(order.Reserve);
        Assert.Null(order.Report);
        Assert.False(order.Strict);
    }

    [Fact]
    public void EveryOption_IsTaken()
    {
        var order = Read(
            "--seconds", "5", "--memory=64M", "--reserve", "300G", "--output", "1K", "--processes", "3", "--read", "/a", "--read=/b", "--env", "A=1", "--env=B=x=y",
            "--report", "3", "--strict", "--", "sh", "-c", "true");
        Assert.Equal((5, 64L << 20, 1024L, 3), (order.Seconds, order.Memory, order.Output, order.Processes));
        Assert.Equal(300L << 30, order.Reserve);
        Assert.Equal(["/a", "/b"], order.Readable);
        Assert.Equal(["A=1", "B=x=y"], order.Variables);
        Assert.Equal(3, order.Report);
        Assert.True(order.Strict);
        Assert.Equal("sh", order.Program);
        Assert.Equal(["-c", "true"], order.Arguments);
    }

    // What follows the program is the program's, whatever it looks like.
    [Fact]
    public void OptionsBehindTheProgram_AreItsOwn() => Assert.Equal(["--seconds", "--", "-x"], Read("prog", "--seconds", "--", "-x").Arguments);

    [Fact]
    public void AProgramWhoseNameBeginsWithADash_StandsBehindTwo() => Assert.Equal("-p", Read("--", "-p").Program);

    [Theory]
    [InlineData("no program", "")]
    [InlineData("no program", "--")]
    [InlineData("no program", "--seconds 5")]
    [InlineData("unknown option", "--second 5 cat")]
    [InlineData("unknown option", "-x 5 cat")]
    [InlineData("needs a value", "--seconds")]
    [InlineData("takes no value", "--strict=yes cat")]
    // Nothing, signs, spaces, fractions, other digits, too much.
    [InlineData("not a number", "--seconds 0 cat")]
    [InlineData("not a number", "--seconds -1 cat")]
    [InlineData("not a number", "--seconds +1 cat")]
    [InlineData("not a number", "--seconds 1.5 cat")]
    [InlineData("not a number", "--seconds \u0663 cat")]
    [InlineData("not a number", "--seconds 100001 cat")]
    [InlineData("not a number", "--seconds 18446744073709551617 cat")]
    [InlineData("not a number", "--processes 0 cat")]
    [InlineData("not a number", "--processes 32769 cat")]
    [InlineData("not a size", "--memory 0 cat")]
    [InlineData("not a size", "--memory M cat")]
    [InlineData("not a size", "--memory 1m cat")]
    [InlineData("not a size", "--memory 1T cat")]
    [InlineData("not a size", "--memory 18446744073709551615G cat")]
    [InlineData("not a size", "--memory 131073G cat")]
    [InlineData("not a size", "--reserve x cat")]
    [InlineData("not a size", "--output -1 cat")]
    [InlineData("not an absolute path", "--read etc cat")]
    [InlineData("no wall", "--read / cat")]
    [InlineData("no wall", "--read //usr/.. cat")]
    [InlineData("not NAME=VALUE", "--env =x cat")]
    [InlineData("not NAME=VALUE", "--env x cat")]
    [InlineData("not a descriptor", "--report 0 cat")]
    [InlineData("not a descriptor", "--report 1024 cat")]
    // What the runtime makes of other bytes: they can't be passed on as they were.
    [InlineData("not UTF-8", "cat \uFFFD")]
    [InlineData("not UTF-8", "--env A=\uFFFD cat")]
    [InlineData("not UTF-8", "--read=/\uFFFD cat")]
    public void WhatIsWrong_IsSaid(string problem, string line)
    {
        Assert.False(CellArguments.TryRead(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _, out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1K", 1024)]
    [InlineData("2M", 2 << 20)]
    [InlineData("131072G", 1L << 47)]
    [InlineData("140737488355328", 1L << 47)]
    [InlineData("140737488355329", -1)]
    [InlineData("", -1)]
    [InlineData("K", -1)]
    [InlineData("1KK", -1)]
    [InlineData("0", -1)]
    public void ASize_IsANumberAndAUnit(string text, long bytes) => Assert.Equal(bytes, CellArguments.Size(text));

    [Fact]
    public void NoOutputAtAll_CanBeAskedFor() => Assert.Equal(0, Read("--output", "0", "cat").Output);

    private static CellOrder Read(params string[] arguments)
    {
        Assert.True(CellArguments.TryRead(arguments, out var order, out var problem), problem);
        return order!;
    }
}
