using System.Text;
using System.Text.Json;
using Postern.CommandLine.Server;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.CommandLine.Tests.Commands;

public sealed class QueueTests : IDisposable
{
    private const string Id = "000000000002d";

    private readonly Caller _caller = new();

    [Theory]
    // Ids have one spelling.
    [InlineData("show 00000000000O1")]
    [InlineData("list --limit -1")]
    [InlineData("list --limit x")]
    [InlineData("list --limit 0")]
    [InlineData("list --limit 2147483648")]
    [InlineData("list --filter \u00fc")]
    [InlineData("list --domain nobody@x.example")]
    [InlineData("unknown")]
    [InlineData("")]
    public void Misuse_AsksForNothing(string arguments)
    {
        Assert.Equal(64, _caller.Run("", ["postern", "queue", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.NotEmpty(_caller.Error);
    }

    [Fact]
    public void List_ShowsALinePerRecipientAndNothingHostile()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Hostile()] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list", "--filter", "x", "--limit", "5"));
        queue.Join();
        Assert.Equal(["list 'x' 6"], queue.Log);
        Assert.Matches("  deferred  2      -     ", _caller.Output);
        Assert.Contains(@"\x1b]0;pwn\x07", _caller.Output, StringComparison.Ordinal);
        Assert.Contains(@"\x9b31m\xe2\x80\xae", _caller.Output, StringComparison.Ordinal);
        Assert.Equal(2, _caller.Output.Count(letter => letter == '\n'));
        AssertTame(_caller.Output);
    }

    // Nine columns do not fit into eighty: nothing is cut and nothing is broken within a word.
    [Fact]
    public void ListOnATerminal_HasLinesThatCanBeRead()
    {
        using var caller = new Caller { IsTerminal = true };
        var usual = Hostile() with { Sender = "a@x.example"u8.ToArray(), Recipient = "b@x.example"u8.ToArray(), LastText = "450 later"u8.ToArray(), NextAttempt = 1795464122 };
        using var queue = new FakeQueue(caller.ControlSocket)
        {
            Items = [usual, usual with { Recipient = "c@x.example"u8.ToArray(), LastText = [], NextAttempt = 0, Attempts = 1 }],
        };
        Assert.Equal(0, caller.Run("", "postern", "queue", "list"));
        Assert.Equal(
            $"""
            {Id}  2026-11-23 20:01:02Z  4096 bytes  from a@x.example
                deferred  b@x.example
                          to x.example, tried 2 times, next at 2026-11-23 20:02:02Z
                          450 later
                deferred  c@x.example
                          to x.example, tried 1 time

            """,
            caller.Output);
    }

    [Theory]
    [InlineData("postern", "nonsense", "nonsense is none of inject")]
    [InlineData("postern", "", "say one of inject")]
    [InlineData("postern", "queue", "say one of list")]
    [InlineData("sendmail", "-C", "unknown option -C")]
    [InlineData("sendmail", "-f", "-f needs a value")]
    [InlineData("sendmail", "-Nx", "-N can't be x")]
    public void Misuse_IsExplained(string name, string argument, string words)
    {
        Assert.Equal(64, _caller.Run("", argument.Length == 0 ? [name] : [name, argument]));
        Assert.StartsWith($"{name}: {words}", _caller.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ListOnATerminal_IsATableWithoutMarkup()
    {
        using var caller = new Caller { IsTerminal = true };
        using var queue = new FakeQueue(caller.ControlSocket) { Items = [Hostile()] };
        Assert.Equal(0, caller.Run("", "mailq"));
        var flat = string.Concat(caller.Output.Where(letter => letter is > ' ' and <= '~'));
        // The table wraps its cells; every sign of them is still there, markup included, and no byte of an escape sequence.
        Assert.Contains("[", flat, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', caller.Output);
        Assert.DoesNotContain('\x07', caller.Output);
        Assert.DoesNotContain('\x9b', caller.Output);
    }

    [Fact]
    public void ListAsJson_IsJsonOfAscii()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Hostile()] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "list", "--json"));
        AssertTame(_caller.Output);
        using var json = JsonDocument.Parse(_caller.Output);
        var item = json.RootElement[0];
        Assert.Equal(Id, item.GetProperty("id").GetString());
        Assert.Equal("\x1b]0;pwn\x07@x.example", item.GetProperty("sender").GetString());
        // What is not UTF-8 can't stand in JSON as it is.
        Assert.Equal(@"[red]\x9b31m\xe2\x80\xae@x.example", item.GetProperty("recipient").GetString());
        Assert.Equal("deferred", item.GetProperty("state").GetString());
        Assert.Equal(4096, item.GetProperty("size").GetInt32());
    }

    [Fact]
    public void Show_TellsAllOfAMessage()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Hostile()] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "show", Id));
        Assert.Contains("deferred after 2 attempts", _caller.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-23 20:01:02Z", _caller.Output, StringComparison.Ordinal);
        AssertTame(_caller.Output);
    }

    [Fact]
    public void ShowOfARecipientWhoIsServed_CountsNoAttempts()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Hostile() with { Condition = RecipientCondition.Done, Attempts = 0 }] };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "show", Id));
        Assert.Contains("  State:        done\n", _caller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowOfAMessageThatIsNotThere_IsTold()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Found = false };
        Assert.Equal(66, _caller.Run("", "postern", "queue", "show", Id));
    }

    [Fact]
    public void ContentIntoAPipe_IsByteForByte()
    {
        byte[] content = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        using var queue = new FakeQueue(_caller.ControlSocket) { Stored = content };
        Assert.Equal(0, _caller.Run("", "postern", "queue", "show", "--content", Id));
        Assert.Equal(content, _caller.Raw);
        Assert.Empty(_caller.Output);
    }

    [Fact]
    public void ContentOnATerminal_IsEscaped()
    {
        using var caller = new Caller { IsTerminal = true };
        using var queue = new FakeQueue(caller.ControlSocket) { Stored = "Subject: \x1b[2J\r\n\r\n\tx\n"u8.ToArray() };
        Assert.Equal(0, caller.Run("", "postern", "queue", "show", "--content", Id));
        Assert.Equal("Subject: \\x1b[2J\n\n        x\n\n", caller.Output);
        Assert.Empty(caller.Raw);
    }

    [Fact]
    public void Drain_WaitsUntilTheQueueIsEmpty()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { HangUpAt = 0 };
        queue.Statuses.Enqueue(Status(0, 0, 0));
        Assert.Equal(0, _caller.Run("", "postern", "queue", "drain"));
        queue.Join();
        Assert.Equal(["drain True"], queue.Log);
        Assert.EndsWith("\nThe queue is empty.\n", _caller.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queue drain", 0, "accepting")]
    [InlineData("queue drain --off", 0, "accepting")]
    [InlineData("queue drain", 75, "accepting")]
    public void DrainAsJson_IsOneObject(string arguments, int code, string condition)
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(code == 0 ? Status(0, 0, 0) : Status(1, 2, 2));
        Assert.Equal(code, _caller.Run("", ["postern", "--json", .. arguments.Split(' ')]));
        using var json = JsonDocument.Parse(_caller.Output);
        Assert.Equal(condition, json.RootElement.GetProperty("condition").GetString());
        Assert.Equal(code == 0 ? 0 : 2, json.RootElement.GetProperty("held").GetInt32());
    }

    [Fact]
    public void DrainWithHeldMessages_DoesNotWaitForEver()
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(1, 2, 2));
        Assert.Equal(75, _caller.Run("", "postern", "queue", "drain"));
        Assert.Contains("2 held", _caller.Error, StringComparison.Ordinal);
    }

    // FUTURERELEASE: what its sender wants to go in a week would be waited for for a week.
    [Theory]
    [InlineData(0, "", "1 postponed recipient remains; wait")]
    [InlineData(1, "--json", "1 held recipient and 1 postponed recipient remain; release")]
    public void DrainWithPostponedMessages_DoesNotWaitForThem(ulong held, string option, string advice)
    {
        using var queue = new FakeQueue(_caller.ControlSocket)
        {
            Items = [Hostile() with { Condition = RecipientCondition.Postponed }, .. Enumerable.Repeat(Hostile() with { Condition = RecipientCondition.Held }, (int)held)],
        };
        queue.Statuses.Enqueue(Status(2, 1 + held, held) with { Deferred = 1 });
        queue.Statuses.Enqueue(Status(0, 0, 0));
        Assert.Equal(75, _caller.Run("", ["postern", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "queue", "drain"]));
        Assert.Contains(advice, _caller.Error, StringComparison.Ordinal);
        Assert.Equal(["drain True", "list '' 2"], queue.Log);
    }

    [Fact]
    public void DrainWithDeferredMessages_WaitsForThem_AndListsOnlyWhatChanged()
    {
        using var queue = new FakeQueue(_caller.ControlSocket) { Items = [Hostile() with { Condition = RecipientCondition.Postponed }, Hostile()] };
        queue.Statuses.Enqueue(Status(2, 2, 0) with { Deferred = 2, Active = 1 });
        queue.Statuses.Enqueue(Status(2, 2, 0) with { Deferred = 2 });
        queue.Statuses.Enqueue(Status(2, 2, 0) with { Deferred = 2 });
        queue.Statuses.Enqueue(Status(0, 0, 0));
        Assert.Equal(0, _caller.Run("", "postern", "queue", "drain"));
        Assert.Equal(["drain True", "list '' 2"], queue.Log);
    }

    [Fact]
    public void OneThatRemains_Remains()
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(1, 1, 1) with { Active = 1 });
        queue.Statuses.Enqueue(Status(1, 1, 1));
        Assert.Equal(75, _caller.Run("", "postern", "queue", "drain"));
        Assert.Contains("\n1 message with 1 recipient remains, 0 deferred, 1 held.\n", _caller.Output, StringComparison.Ordinal);
        Assert.Contains("1 held recipient remains;", _caller.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DrainOff_TakesMessagesAgain()
    {
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(1, 1, 0));
        Assert.Equal(0, _caller.Run("", "postern", "queue", "drain", "--off"));
        queue.Join();
        Assert.Equal(["drain False"], queue.Log);
    }

    [Fact]
    public void Status_HasProgramsAndNumbers()
    {
        File.WriteAllText(
            Path.Join(_caller.Folder, "run", "programs"),
            $"queue {Environment.ProcessId} Ready 1 postern-queue 127\nsmtpd 0 Down 3 postern-smtp 127\nnonsense\n");
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(5, 7, 1));
        Assert.Equal(0, _caller.Run("", "postern", "status", "--json"));
        using var json = JsonDocument.Parse(_caller.Output);
        var programs = json.RootElement.GetProperty("programs");
        Assert.Equal(2, programs.GetArrayLength());
        Assert.Equal(Environment.ProcessId, programs[0].GetProperty("pid").GetInt32());
        Assert.Equal(JsonValueKind.Number, programs[0].GetProperty("seccomp").ValueKind);
        Assert.Equal("-", programs[1].GetProperty("uid").GetString());
        Assert.True(programs[0].GetProperty("walls").GetProperty("system_calls").GetBoolean());
        // What the last process of it had says nothing about one that is not running.
        Assert.False(programs[1].GetProperty("walls").GetProperty("system_calls").GetBoolean());
        Assert.Equal(7, json.RootElement.GetProperty("queue").GetProperty("recipients").GetInt32());
    }

    [Fact]
    public void StatusForPeople_IsAligned()
    {
        File.WriteAllText(Path.Join(_caller.Folder, "run", "programs"), "queue 0 Ready 1 postern-queue 127\n");
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(5, 7, 1));
        Assert.Equal(0, _caller.Run("", "postern", "status"));
        Assert.Contains("messages      5\n", _caller.Output, StringComparison.Ordinal);
        Assert.Contains("condition     accepting\n", _caller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void StatusOfAServerWithoutUsersOfItsOwn_NamesTheCaller()
    {
        File.WriteAllText(Path.Join(_caller.Folder, "run", "programs"), "queue 0 Ready 1 1001 0\nsmtpd 0 Ready 1 4242 0\n");
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(Status(5, 7, 1));
        Assert.Equal(0, _caller.Run("", "postern", "status", "--json"));
        using var json = JsonDocument.Parse(_caller.Output);
        var programs = json.RootElement.GetProperty("programs");
        Assert.Equal("ann", programs[0].GetProperty("user").GetString());
        Assert.Equal(4242, programs[1].GetProperty("user").GetInt32());
    }

    [Fact]
    public void StatusBesideAWrongFile_SaysThatTheFileIsWrong()
    {
        using var caller = new Caller { IsFileRight = false };
        using var queue = new FakeQueue(caller.ControlSocket);
        queue.Statuses.Enqueue(Status(5, 7, 1));
        Assert.Equal(0, caller.Run("", "postern", "status", "--config", "/etc/x"));
        Assert.Equal("postern: /etc/x has errors (see: postern check); the server goes by what it read before\n", caller.Error);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("queue list")]
    [InlineData("queue flush")]
    [InlineData("queue drain")]
    public void NoServer_IsATemporaryFailure(string arguments) =>
        Assert.Equal(75, _caller.Run("", ["postern", .. arguments.Split(' ')]));

    [Fact]
    public void SetupWithoutRoot_IsNotPermitted() => Assert.Equal(77, _caller.Run("", "postern", "setup", "users"));

    [Fact]
    public void SetupWithAllUsers_DoesNothing()
    {
        var all = string.Concat(CommandLine.Commands.SetupCommand.Users.Select((user, i) => $"{user}:x:{i + 900}:9:::\n"));
        using var input = new MemoryStream();
        using var words = new StringWriter();
        Assert.Equal(0, Entry.Run(["postern", "setup", "users"], new Invocation
        {
            Screen = new CommandLine.Output.Screen(words, words, input, false),
            Input = input,
            Time = TimeProvider.System,
            Load = _ => throw new InvalidOperationException(),
            LoadSlices = _ => throw new InvalidOperationException(),
            StartDirectory = _ => throw new InvalidOperationException(),
            Uid = 0,
            ReadPasswords = () => Encoding.ASCII.GetBytes(all),
        }));
        Assert.Empty(words.ToString());
    }

    [Theory]
    [InlineData("", "--user-group")]
    [InlineData("postern-smtpx:x:5:\n", "--user-group")]
    [InlineData("x:x:1:\npostern-smtp:x:5:\n", "--gid postern-smtp")]
    public void GroupThatExists_IsUsed(string groups, string expected)
    {
        var arguments = CommandLine.Commands.SetupCommand.ArgumentsFor("postern-smtp", Encoding.ASCII.GetBytes(groups));
        Assert.EndsWith($"--shell /usr/sbin/nologin {expected} postern-smtp", string.Join(' ', arguments));
    }

    [Theory]
    [InlineData("version", 0)]
    [InlineData("--version", 0)]
    [InlineData("--help", 0)]
    [InlineData("", 64)]
    [InlineData("nonsense", 64)]
    [InlineData("@file", 64)]
    [InlineData("[suggest]", 64)]
    public void Call_EndsWithTheRightCode(string argument, int code) =>
        Assert.Equal(code, _caller.Run("", argument.Length == 0 ? ["postern"] : ["postern", argument]));

    /// <inheritdoc/>
    public void Dispose() => _caller.Dispose();

    private static void AssertTame(string text) => Assert.DoesNotContain(text, letter => letter is not '\n' and (< ' ' or > '~'));

    private static StatusFrame Status(ulong messages, ulong recipients, ulong held) => new()
    {
        Request = 0,
        Condition = QueueCondition.Accepting,
        Messages = messages,
        Recipients = recipients,
        Deferred = 0,
        Held = held,
        Active = 0,
        Accepted = 9,
        Delivered = 8,
        Failed = 0,
        OldestArrived = 0,
        LogBytes = 1,
    };

    private static QueueItem Hostile() => new()
    {
        Message = new MessageId(77),
        Sender = "\x1b]0;pwn\x07@x.example"u8.ToArray(),
        Recipient = [.. "[red]"u8, 0x9b, .. "31m\u202e@x.example"u8],
        Condition = RecipientCondition.Deferred,
        Attempts = 2,
        Size = 4096,
        Arrived = 1795464062,
        NextAttempt = long.MaxValue,
        Destination = "x.example"u8.ToArray(),
        LastText = "451 \r\n2026-01-01 FAKE ENTRY"u8.ToArray(),
    };
}
