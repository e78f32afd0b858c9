using System.Globalization;
using Postern.Cell.Tests.Prison;

namespace Postern.Cell.Tests.Running;

/// <summary>The processes of a cell as the kernel describes them: its own, the one that waits inside, and the program.</summary>
public sealed class KeeperTests
{
    private const string AllFiltered = "2";

    public static TheoryData<CellMode> Modes => [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheCell_KeepsNothingThatItDoesNotNeed(CellMode mode) => With(mode, (cell, _) =>
    {
        foreach (var thread in Directory.GetDirectories($"/proc/{cell}/task"))
        {
            var status = Status(thread);
            Assert.Equal((AllFiltered, "1"), (status["Seccomp"], status["NoNewPrivs"]));
            // In the namespace that stands for a system without namespaces, threads but the first keep its root's rights, which the filter leaves no use for.
            if (mode != CellMode.Bare)
            {
                Assert.Equal("0000000000000000", status["CapEff"]);
            }
        }

        if (mode == CellMode.Root)
        {
            Assert.All(Ids(Status($"/proc/{cell}")["Uid"]), uid => Assert.InRange(uid, 2_004_194_304, 2_008_388_608));
            Assert.Equal("", Status($"/proc/{cell}")["Groups"]);
        }
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheProgram_HasNoRights(CellMode mode) => With(mode, (_, program) =>
    {
        var status = Status($"/proc/{program}");
        Assert.Equal((AllFiltered, "1"), (status["Seccomp"], status["NoNewPrivs"]));
        foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            Assert.Equal("0000000000000000", status[set]);
        }

        Assert.Equal(["0", "1", "2"], Directory.GetFiles($"/proc/{program}/fd").Select(Path.GetFileName).Order());
        if (mode == CellMode.Root)
        {
            Assert.All(Ids(status["Uid"]).Concat(Ids(status["Gid"])), id => Assert.InRange(id, 2_000_000_001, 2_004_194_304));
            Assert.Equal("", status["Groups"]);
        }

        if (mode != CellMode.Bare)
        {
            foreach (var kind in new[] { "mnt", "net", "ipc", "uts", "pid" })
            {
                Assert.NotEqual(new FileInfo($"/proc/self/ns/{kind}").LinkTarget, new FileInfo($"/proc/{program}/ns/{kind}").LinkTarget);
            }

            Assert.EndsWith("\t2", status["NSpid"], StringComparison.Ordinal);
        }
    });

    private static void With(CellMode mode, Action<int, int> look)
    {
        TestKit.Servers.Requirement.Root("looking at processes of others");
        var mark = $"mark-{Guid.NewGuid():N}";
        using var cell = CellRun.Start(CellRun.Command(mode, Acts.Program, "deaf", mark));
        try
        {
            Assert.Equal("deaf", cell.StandardOutput.ReadLine());
            look(cell.Id, Processes.With(Acts.Program, mark).Single());
        }
        finally
        {
            cell.Kill();
            cell.WaitForExit();
        }
    }

    private static IEnumerable<long> Ids(string text) => text.Split('\t').Select(one => long.Parse(one, CultureInfo.InvariantCulture));

    private static Dictionary<string, string> Status(string folder) => File.ReadLines(folder + "/status")
        .Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
}
