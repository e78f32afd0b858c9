using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>The step between posternd and a program, run by itself: when it can't do all of its work, nothing is executed.</summary>
public sealed class StageRunTests : IDisposable
{
    private readonly Scratch _scratch = new();

    // Whose child it is now would never tell it that posternd has gone.
    [Fact]
    public void AStageOfAnotherParent_ExecutesNothing()
    {
        Assert.Equal(69, Tool.Run(PosternPrograms.Of("posternd"), Order(Environment.ProcessId + 1)).Code);
        Assert.False(File.Exists(_scratch["trace"]));
    }

    [Fact]
    public void AnUnknownCommandLine_IsAnsweredWithTheRightOne()
    {
        var wrong = Tool.Run(PosternPrograms.Of("posternd"), ["--configuration", "x"]);
        Assert.Equal((64, ""), (wrong.Code, wrong.Output));
        Assert.Contains("usage: posternd --config FILE", wrong.Error, StringComparison.Ordinal);
        var asked = Tool.Run(PosternPrograms.Of("posternd"), ["-h"]);
        Assert.Equal((0, ""), (asked.Code, asked.Error));
        Assert.Equal(wrong.Error, asked.Output);
    }

    public void Dispose() => _scratch.Dispose();

    private string[] Order(int parent) =>
        ["--stage", "/usr/bin/touch", "-", "-", "64", "3", parent.ToString(CultureInfo.InvariantCulture), "/var/empty", _scratch["trace"]];
}
