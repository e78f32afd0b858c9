using System.Globalization;
using Postern.CommandLine.Server;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Tests.Commands;

public sealed class ConfigProcessTests
{
    // The form is posternd's own: program, uid, gid, open files, kept descriptors, parent, home, arguments.
    [Fact]
    public void AsRoot_ItRunsAsNobodyThroughTheStageOfPosternd() => Assert.Equal(
        ["posternd", "--stage", "/x/postern-config", "65534", "65533", "64", "11", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "/var/empty", "--check", "file"],
        ConfigProcess.StageArguments("/x/postern-config", new SystemUser("nobody", 65534, 65533, "/nonexistent"), 11, ["--check", "file"]));
}
