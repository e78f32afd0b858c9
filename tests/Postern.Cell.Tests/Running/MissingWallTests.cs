using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>Systems that lack something: it is said, and fatal for who wants it so.</summary>
public sealed class MissingWallTests
{
    private const int CreateRuleset = 444;
    private const int MountAttributes = 442;

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

    // The root folder is one of several walls in namespaces: the others stand without it.
    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void WithoutARootOfItsOwn_TheOtherNamespacesStand(CellMode mode)
    {
        var result = CellRun.Run([.. Without(CellRun.Command(mode, "uname", "-n"), MountAttributes)], []);
        Assert.Equal((0, "cell"), (result.Code, result.Text));
        Assert.Contains("postern-cell: missing here: root\n", result.Error, StringComparison.Ordinal);
        result = CellRun.Run([.. Without(CellRun.Command(mode, "--processes", "5", Prison.Acts.Program, "fork-bomb"), MountAttributes)], []);
        Assert.Equal("5", result.Text);
        result = CellRun.Run([.. Without(CellRun.Command(mode, "--strict", "echo", "x"), MountAttributes)], []);
        Assert.Equal((71, string.Empty), (result.Code, result.Text));
    }

    // What is the matter just now is no property of the system: who calls with too few descriptors must not get fewer walls for it.
    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void AStepThatFails_IsNoReasonToGoOnWithLess(CellMode mode)
    {
        using var scratch = new Scratch();
        var many = Enumerable.Range(0, 100).Select(number => scratch[$"{number}"]).ToList();
        many.ForEach(path => File.WriteAllText(path, "x"));
        var command = CellRun.Command(mode, [.. many.SelectMany(path => new[] { "--read", path }), "echo", "x"]);
        Assert.Equal((0, "x"), (CellRun.Run(command, []) is var all ? (all.Code, all.Text) : default));
        var result = CellRun.Run(["prlimit", "--nofile=90", .. command], []);
        Assert.Equal((71, string.Empty), (result.Code, result.Text));
        Assert.Contains("it can't make a root of its own: Too many open files", result.Error, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Without(string[] command, int call = CreateRuleset)
    {
        Requirement.Root("the helper that takes system calls away lies in the checkout");
        return PrisonerProgram.Without([call], command);
    }
}
