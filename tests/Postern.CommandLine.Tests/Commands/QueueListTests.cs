using System.Text.Json;
using Postern.CommandLine.Server;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Administration;
using Postern.Mail;

namespace Postern.CommandLine.Tests.Commands;

/// <summary>Which messages a list shows, in which order, and what it says when there are more or none.</summary>
public sealed class QueueListTests : IDisposable
{
    private readonly Caller _caller = new();

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    [Fact]
    public void EmptyList_SaysSo()
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list"));
        Assert.Equal("The queue is empty.\n", _caller.Output);
    }

    [Fact]
    public void FilterThatFindsNothing_DoesNotCallTheQueueEmpty()
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list", "--filter", "zz"));
        Assert.Equal("Nothing that is queued has \"zz\" in its addresses.\n", _caller.Output);
    }

    // Messages are not split, and they come in the order of their arrival, whatever the queue's own is.
    [Fact]
    public void LongList_EndsAfterAMessageAndSaysSo()
    {
        var (first, second, third) = (Item(78, arrived: 1), Item(77, arrived: 2), Item(76, arrived: 3));
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [third, second, second, first, first] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list", "--limit", "2", "--json"));
        using var json = JsonDocument.Parse(_caller.Output);
        Assert.Equal(
            [first.Message.ToString(), first.Message.ToString(), second.Message.ToString(), second.Message.ToString()],
            json.RootElement.EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.Equal("postern: more than 2 messages are queued that fit; see --limit, --filter, --domain and --sender\n", _caller.Error);
    }

    [Fact]
    public void ListThatFits_SaysNothingOfMore()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Item(77, arrived: 1), Item(77, arrived: 1)] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list", "--limit", "1"));
        Assert.Empty(_caller.Error);
        Assert.Equal(3, _caller.Output.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("--domain X.Example", " '' 'x.example' ''")]
    [InlineData("--domain bücher.example", " '' 'xn--bcher-kva.example' ''")]
    [InlineData("--domain [192.0.2.1]", " '' '[192.0.2.1]' ''")]
    [InlineData("--sender A@x.example --destination 127.0.0.1:25", " '127.0.0.1:25' '' 'A@x.example'")]
    [InlineData("--sender @Bücher.example", " '' '' '@xn--bcher-kva.example'")]
    [InlineData("--sender <>", " '' '' '<>'")]
    [InlineData("--sender ''", " '' '' '<>'")]
    public void ListOfSome_IsAskedFor(string arguments, string asked)
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        Assert.Equal(0, _caller.Run("", ["postern", "queue", "list", .. arguments.Split(' ').Select(each => each == "''" ? "" : each)]));
        Assert.StartsWith("Nothing that is queued fits --", _caller.Output, StringComparison.Ordinal);
        queue.Join();
        Assert.Equal(["list '' 1001" + asked], queue.Log);
    }

    private static QueueItem Item(ulong id, long arrived) => new()
    {
        Message = new MessageId(id),
        Sender = [],
        Recipient = "b@x.example"u8.ToArray(),
        Condition = RecipientCondition.Deferred,
        Attempts = 1,
        Size = 1,
        Arrived = arrived,
        NextAttempt = 0,
        Destination = [],
        LastText = [],
    };
}
