using Postern.Posix.Processes;

namespace Postern.Supervisor.Tests;

/// <summary>The order that posternd gives itself for the step between it and a program.</summary>
public sealed class StageTests
{
    [Fact]
    public void AnOrderForAUser_NamesItByNumber()
    {
        var order = new StageOrder("/usr/libexec/postern/postern-queue", new SystemUser("q", 990, 991, "/h"), 1024, 4, StageOrder.NoHome, ["a"]);
        Assert.Equal(
            ["posternd", Stage.Argument, "/usr/libexec/postern/postern-queue", "990", "991", "1024", "4", $"{Environment.ProcessId}", "/var/empty", "a"],
            Stage.ArgumentsFor(order));
    }

    [Fact]
    public void WithoutAUser_NoNumberIsGiven()
    {
        var order = new StageOrder("/p", null, 64, 4, StageOrder.NoHome, []);
        Assert.Equal(["posternd", Stage.Argument, "/p", "-", "-", "64", "4", $"{Environment.ProcessId}", "/var/empty"], Stage.ArgumentsFor(order));
    }

    [Theory]
    // Nothing is done by halves: too few arguments do nothing at all.
    [InlineData]
    [InlineData("/bin/true", "-", "-", "64", "4", "1")]
    public void AnOrderThatIsNotWhole_IsRefused(params string[] arguments) => Assert.Equal(69, Stage.Run(arguments));
}
