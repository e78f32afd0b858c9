using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>Systems that lack something: it is said, and fatal for who wants it so.</summary>
public sealed class MissingWallTests
{
    private const int CreateRuleset = 444;

    [Fact]
    public void WithoutNamespaces_ItIsSaid_AndFatalWhenStrict()
    {
        var result = CellRun.Run(CellMode.Bare, "echo", "x");
        Assert.Equal((0, "x"), (result.Code, result.Text));
        Assert.Contains("postern-cell: missing here: namespaces", result.Error, StringComparison.Ordinal);
        result = CellRun.Run(CellMode.Bare, "--strict", "echo", "x");
        Assert.Equal((71, string.Empty), (result.Code, result.Text));
        Assert.Contains("missing here: namespaces", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void WithEverything_NothingIsSaid(CellMode mode)
    {
        var result = CellRun.Run(mode, "--strict", "echo", "x");
        Assert.Equal((0, "x", string.Empty), (result.Code, result.Text, result.Error));
    }

    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Bare)]
    public void WithoutLandlock_ItIsSaid_AndFatalWhenStrict(CellMode mode)
    {
        var result = CellRun.Run([.. Without(CellRun.Command(mode, Prison.Acts.Program, "make", "/tmp/x"))], []);
        Assert.Equal(0, result.Code);
        Assert.Contains("missing here: files", result.Error, StringComparison.Ordinal);
        // Nothing is written all the same: in namespaces nothing is there to be written to, elsewhere the call is refused.
        Assert.True(int.TryParse(result.Text, out _), result.ToString());
        result = CellRun.Run([.. Without(CellRun.Command(mode, "--strict", "echo", "x"))], []);
        Assert.Equal((71, string.Empty), (result.Code, result.Text));
    }

    private static IReadOnlyList<string> Without(string[] command)
    {
        Requirement.Root("the helper that takes system calls away lies in the checkout");
        return PrisonerProgram.Without([CreateRuleset], command);
    }
}
