using System.Text.Json;
using Postern.CommandLine.Tests.Fakes;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;

namespace Postern.CommandLine.Tests.Commands;

/// <summary><c>postern status --protection</c>: a table for people, the same for scripts.</summary>
public sealed class ProtectionTests : IDisposable
{
    private readonly Caller _caller = new();

    [Fact]
    public void EveryWall_HasAColumn()
    {
        Assert.Equal(0, Run("queue 1 Ready 1 postern-queue 127\nsmtpd 2 Ready 1 postern-smtp 127\n"));
        Assert.Equal(
            [
                "PROGRAM  USER           NO NEW PRIVILEGES  NOT TRACEABLE  NO CAPABILITIES  SYSTEM CALLS  FILES  PORTS  SCOPE",
                "queue    postern-queue  yes                yes            yes              yes           yes    yes    yes",
                "smtpd    postern-smtp   yes                yes            yes              yes           yes    yes    yes",
            ],
            _caller.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
    }

    [Fact]
    public void AMissingWall_IsSeen()
    {
        // Without the two newest walls, and one program that is down.
        Assert.Equal(0, Run("posternd 1 Ready 1 0 0\nqueue 1 Ready 1 q 31\nsmtpd 0 Down 1 s 127\n"));
        var lines = _caller.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["queue", "q", "yes", "yes", "yes", "yes", "yes", "NO", "NO"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["smtpd", "s", .. Enumerable.Repeat("NO", 7)], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("NO: this system does not have it", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void ForScripts_EachWallIsAYesOrNo()
    {
        Assert.Equal(0, Run("queue 1 Ready 1 q 31\n", "--json"));
        using var json = JsonDocument.Parse(_caller.Output);
        var program = json.RootElement.GetProperty("programs")[0];
        Assert.Equal("queue", program.GetProperty("program").GetString());
        Assert.Equal("q", program.GetProperty("user").GetString());
        Assert.Equal(
            [
                ("no_new_privileges", true), ("not_traceable", true), ("no_capabilities", true), ("system_calls", true), ("files", true),
                ("ports", false), ("scope", false),
            ],
            program.GetProperty("walls").EnumerateObject().Select(wall => (wall.Name, wall.Value.GetBoolean())));
    }

    [Fact]
    public void ANumberBeyondAllWalls_IsNone()
    {
        // It once ended the command.
        Assert.Equal(0, Run("queue 1 Ready 1 q 4294967295\n"));
        Assert.Contains("NO: this system does not have it", _caller.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _caller.Dispose();

    private int Run(string table, params string[] more)
    {
        File.WriteAllText(Path.Join(_caller.Folder, "run", "programs"), table);
        using var queue = new FakeQueue(_caller.ControlSocket);
        queue.Statuses.Enqueue(new StatusFrame
        {
            Request = 0,
            Condition = QueueCondition.Accepting,
            Messages = 0,
            Recipients = 0,
            Deferred = 0,
            Held = 0,
            Active = 0,
            Accepted = 0,
            Delivered = 0,
            Failed = 0,
            OldestArrived = 0,
            LogBytes = 0,
        });
        return _caller.Run("", ["postern", "status", "--protection", .. more]);
    }
}
