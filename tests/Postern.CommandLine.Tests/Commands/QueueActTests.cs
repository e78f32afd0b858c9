using Postern.CommandLine.Server;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Administration;
using Postern.Mail;

namespace Postern.CommandLine.Tests.Commands;

/// <summary>Acts that do nothing say so, and why.</summary>
public sealed class QueueActTests : IDisposable
{
    private const string Id = "000000000002d";

    private readonly Caller _caller = new();

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    [Theory]
    // A typo in a destination must not look like success; "all of nothing" is one.
    [InlineData("hold --destination down.example", 66, "nothing queued goes to down.example, or nothing of it can be held")]
    [InlineData("retry --destination down.example", 66, "nothing queued goes to down.example, or nothing of it can be tried now")]
    [InlineData("hold --all", 0, "")]
    [InlineData("flush", 0, "")]
    public void ActThatFindsNothing_IsTold(string arguments, int code, string words)
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Found = false };
        Assert.Equal(code, _caller.Run("", ["postern", "queue", .. arguments.Split(' ')]));
        Assert.Contains(words, _caller.Error, StringComparison.Ordinal);
        Assert.Equal(code == 0, _caller.Output.Length > 0);
    }

    [Theory]
    [InlineData(RecipientCondition.Active, "postern: " + Id + " is being delivered now, and can't be removed meanwhile\n")]
    [InlineData(RecipientCondition.Done, "postern: no recipient of " + Id + " can be removed\n")]
    public void ActOnAMessageThatIsThere_IsToldWhyNot(RecipientCondition condition, string words)
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Touched = 0, Items = [Item(condition)] };
        Assert.Equal(66, _caller.Run("", "postern", "queue", "remove", Id));
        Assert.Equal(words, _caller.Error);
    }

    [Fact]
    public void RetryOfAll_NamesTheCommandForIt()
    {
        Assert.Equal(64, _caller.Run("", "postern", "queue", "retry", "--all"));
        Assert.Equal("postern: to try everything now is what \"postern queue flush\" does\n", _caller.Error);
    }

    [Fact]
    public void Misuse_NamesTheWholeCommandToAskForHelp()
    {
        Assert.Equal(64, _caller.Run("", "postern", "queue", "hold", "a", "b"));
        Assert.EndsWith("(see: postern queue hold --help)\n", _caller.Error, StringComparison.Ordinal);
    }

    private static QueueItem Item(RecipientCondition condition) => new()
    {
        Message = new MessageId(77),
        Sender = [],
        Recipient = "b@x.example"u8.ToArray(),
        Condition = condition,
        Attempts = 2,
        Size = 1,
        Arrived = 1,
        NextAttempt = 0,
        Destination = [],
        LastText = [],
    };
}
