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
    [InlineData("retry " + Id, "Retry 77", "3 recipients of 2 messages being tried now")]
    [InlineData("retry --destination x.example", "Retry 0 'x.example' '' ''", "3 recipients of 2 messages due now")]
    [InlineData("flush", "Flush 0", "3 recipients of 2 messages due now")]
    [InlineData("hold " + Id, "Hold 77", "3 recipients of 2 messages held")]
    [InlineData("hold --all", "Hold 0", "3 recipients of 2 messages held")]
    [InlineData("release --domain x.example", "Release 0 '' 'x.example' ''", "3 recipients of 2 messages released")]
    [InlineData("remove " + Id + " " + Id, "Remove 77", "3 recipients of 2 messages removed")]
    [InlineData("remove --all", "Remove 0", "3 recipients of 2 messages removed")]
    [InlineData("remove --sender a@x.example --domain y.example", "Remove 0 '' 'y.example' 'a@x.example'", "3 recipients of 2 messages removed")]
    [InlineData("remove --sender ''", "Remove 0 '' '' '<>'", "3 recipients of 2 messages removed")]
    public void Act_IsAskedForAndTellsHowMany(string arguments, string asked, string words)
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Tried = 3 };
        Assert.Equal(0, _caller.Run("", ["postern", "queue", .. arguments.Split(' ').Select(each => each == "''" ? "" : each)]));
        Assert.Equal(words + "\n", _caller.Output);
        queue.Join();
        Assert.Equal([asked], queue.Log);
    }

    [Fact]
    public void SeveralIds_AreOneActEachAndOneSum()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Gone = [78] };
        Assert.Equal(66, _caller.Run("", "postern", "queue", "remove", Id, "000000000002e", "000000000002f"));
        Assert.Equal("6 recipients of 4 messages removed\n", _caller.Output);
        Assert.StartsWith("postern: no recipient of 000000000002e can be removed", _caller.Error, StringComparison.Ordinal);
        queue.Join();
        Assert.Equal(["Remove 77", "Remove 78", "show 78 False", "Remove 79"], queue.Log);
    }

    // "Tried now" was said of what only stood in a line.
    [Theory]
    [InlineData(3, "3 recipients of 2 messages being tried now\n")]
    [InlineData(1, "3 recipients of 2 messages due now: 1 being tried, 2 next at their destinations, which have as many attempts under way as they may\n")]
    public void Retry_SaysWhatIsReallyTried(int tried, string words)
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Tried = (uint)tried };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "retry", Id));
        Assert.Equal(words, _caller.Output);
    }

    [Theory]
    // "Everything" is never what an omission means.
    [InlineData("remove")]
    [InlineData("remove 0000000000000")]
    [InlineData("hold")]
    [InlineData("retry")]
    [InlineData("retry --all")]
    [InlineData("remove --destination")]
    [InlineData("remove --domain")]
    [InlineData("remove --destination=")]
    [InlineData("remove --domain=")]
    [InlineData("remove --all " + Id)]
    [InlineData("remove --all --domain x.example")]
    [InlineData("remove --destination x " + Id)]
    [InlineData("remove --sender a@x.example " + Id)]
    [InlineData("remove --sender a")]
    [InlineData("remove --sender @")]
    [InlineData("remove --domain x..example")]
    // Ids have one spelling, and one that is wrong stops all.
    [InlineData("remove 77")]
    [InlineData("remove " + Id + " 77")]
    public void Misuse_AsksForNothing(string arguments)
    {
        Assert.Equal(64, _caller.Run("", ["postern", "queue", .. arguments.Split(' ').Select(each => each == "''" ? "" : each)]));
        Assert.NotEmpty(_caller.Error);
    }

    [Theory]
    // A typo must not look like success; "all of nothing" is one.
    [InlineData("hold --destination down.example", 66, "nothing queued fits --destination down.example")]
    [InlineData("retry --domain down.example", 66, "nothing queued fits --domain down.example")]
    [InlineData("remove --sender <>", 66, "nothing queued fits --sender <>")]
    [InlineData("hold --all", 0, "")]
    [InlineData("flush", 0, "")]
    public void ActThatFindsNothing_IsTold(string arguments, int code, string words)
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Found = false };
        Assert.Equal(code, _caller.Run("", ["postern", "queue", .. arguments.Split(' ').Select(each => each == "''" ? "" : each)]));
        Assert.Contains(words, _caller.Error, StringComparison.Ordinal);
        Assert.Equal(code == 0, _caller.Output.Length > 0);
    }

    [Theory]
    [InlineData("remove", RecipientCondition.Active, "can be removed: 1 being delivered now")]
    [InlineData("remove", RecipientCondition.Done, "can be removed: 1 done already")]
    [InlineData("retry", RecipientCondition.Active, "can be tried: 1 being delivered now")]
    [InlineData("retry", RecipientCondition.Held, "can be tried: 1 held (release first)")]
    [InlineData("retry", RecipientCondition.Postponed, "can be tried: 1 postponed by the sender")]
    [InlineData("hold", RecipientCondition.Held, "can be held: 1 held already")]
    [InlineData("release", RecipientCondition.Deferred, "can be released: 1 not held")]
    [InlineData("release", RecipientCondition.Active, "can be released: 1 not held")]
    public void ActThatCanNotBeDone_IsToldWhyNot(string act, RecipientCondition condition, string words)
    {
        using (var queue = new FakeQueue(_caller.ControlSocket) { Touched = 0, Items = [Item(condition)] })
        {
            Assert.Equal(66, _caller.Run("", "postern", "queue", act, Id));
        }

        File.Delete(_caller.ControlSocket);
        using (var queue = new FakeQueue(_caller.ControlSocket) { Touched = 0, Items = [Item(condition)] })
        {
            Assert.Equal(66, _caller.Run("", "postern", "queue", act, "--domain", "x.example"));
        }

        Assert.Equal($"postern: no recipient of {Id} {words}\npostern: nothing that fits --domain x.example {words}\n", _caller.Error);
    }

    [Fact]
    public void SeveralReasons_AreCounted()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Touched = 0, Items = [Item(RecipientCondition.Held), Item(RecipientCondition.Done), Item(RecipientCondition.Held)] };
        Assert.Equal(66, _caller.Run("", "postern", "queue", "retry", Id));
        Assert.Equal($"postern: no recipient of {Id} can be tried: 2 held (release first), 1 done already\n", _caller.Error);
    }

    [Fact]
    public void ActOnAMessageThatIsGone_IsTold()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Found = false };
        Assert.Equal(66, _caller.Run("", "postern", "queue", "remove", Id));
        Assert.Equal($"postern: {Id} is not in the queue: it is done with, or never was there\n", _caller.Error);
        Assert.Empty(_caller.Output);
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
        Assert.Equal(64, _caller.Run("", "postern", "queue", "drain", "a"));
        Assert.EndsWith("(see: postern queue drain --help)\n", _caller.Error, StringComparison.Ordinal);
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
