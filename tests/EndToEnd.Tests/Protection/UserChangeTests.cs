using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>Attack N9: a change of user that fails leaves no program running as who it was (CVE-2011-0017).</summary>
public sealed class UserChangeTests
{
    private const int NoPermission = 77;

    [Fact]
    public void UserThatCanNotBecomeAnother_StartsNothing()
    {
        using var scratch = new Scratch();
        var trace = Path.Join(scratch.Folder, "started");
        // Nobody can't become root.
        Demand(Unprivileged.Command(PosternPrograms.Of("posternd"), Stage(trace, 0)), trace);
    }

    [Theory]
    // What the kernel answers when the user has too many processes, and what a container without the right answers.
    [InlineData("setresuid:error=EAGAIN")]
    [InlineData("setresuid:error=EPERM")]
    [InlineData("setresgid:error=EPERM")]
    [InlineData("setgroups:error=EPERM")]
    // It says yes and has done nothing.
    [InlineData("setresuid:retval=0")]
    public void RootThatCanNotBecomeAnother_StartsNothing(string fault)
    {
        Requirement.Root("only root changes its user");
        using var scratch = new Scratch();
        var trace = Path.Join(scratch.Folder, "started");
        Demand([Requirement.Peer("strace"), "-f", "-qq", "-o", "/dev/null", "-e", $"inject={fault}", PosternPrograms.Of("posternd"), .. Stage(trace, Unprivileged.Id)], trace);
    }

    private static string[] Stage(string trace, int user)
    {
        var id = user.ToString(CultureInfo.InvariantCulture);
        return ["--stage", "/usr/bin/touch", id, id, "64", "3", "1", "/var/empty", trace];
    }

    private static void Demand(IReadOnlyList<string> command, string trace)
    {
        var result = Tool.Run(command[0], command.Skip(1));
        Assert.True(result.Code == NoPermission, result.ToString());
        Assert.False(File.Exists(trace));
    }
}
