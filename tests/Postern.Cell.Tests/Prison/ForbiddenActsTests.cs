using System.Globalization;
using Postern.Cell.Tests.Running;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Prison;

/// <summary>What a program in a cell can't do, tried by one.</summary>
public sealed class ForbiddenActsTests
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int BadDescriptor = 9;
    private const int AccessDenied = 13;
    private const int ReadOnlySystem = 30;
    private const int NoSystemCall = 38;

    // By SIGSYS.
    private const int Ended = 159;

    private static readonly CellMode[] _modes = [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    /// <summary>An act, what comes of it in a cell, and whether anybody could do it outside.</summary>
    private static readonly (string Act, int Expected, bool WorksOutside)[] _acts =
    [
        // Files that everybody may read; what is beside the libraries; devices; and that it learns nothing of names.
        ("read /etc/passwd", AccessDenied, true),
        ("read /etc/hostname", AccessDenied, true),
        ("read /proc/self/status", AccessDenied, true),
        ("read /proc/1/cmdline", AccessDenied, true),
        ("read /proc/sys/kernel/ostype", AccessDenied, true),
        ("read /dev/full", AccessDenied, true),
        ("read /dev/tty", AccessDenied, false),
        ("list /", AccessDenied, true),
        ("list /usr/bin", AccessDenied, true),
        ("list /tmp", AccessDenied, true),
        // Writing of every kind.
        ("write /dev/full", AccessDenied, true),
        ("make /tmp/x", AccessDenied, true),
        ("nameless-file /tmp", AccessDenied, true),
        ("nameless-file /usr/lib", AccessDenied, false),
        ("empty {own}/x", AccessDenied, true),
        ("folder {own}/y", NotPermitted, true),
        ("remove {own}/x", NotPermitted, true),
        ("rename {own}/x {own}/y", NotPermitted, true),
        ("link {own}/x {own}/y", NotPermitted, true),
        ("symlink {own}/y", NotPermitted, true),
        ("node {own}/y", NotPermitted, true),
        ("mode {own}/x", NotPermitted, true),
        ("owner {own}/x", NotPermitted, true),
        ("times {own}/x", NotPermitted, true),
        ("cut {own}/x", NotPermitted, true),
        ("attribute {own}/x", NotPermitted, false),
        ("watch", NotPermitted, true),
        ("handle", NotPermitted, true),
        // Talking: Unix, IPv4 and IPv6, streams and datagrams, netlink, packets, VMs.
        ("socket 1 1", NotPermitted, true),
        ("socket 1 2", NotPermitted, true),
        ("socket 2 1", NotPermitted, true),
        ("socket 2 2", NotPermitted, true),
        ("socket 10 1", NotPermitted, true),
        ("socket 10 2", NotPermitted, true),
        ("socket 16 3", NotPermitted, true),
        ("socket 17 3", NotPermitted, false),
        ("socket 40 1", NotPermitted, false),
        ("pair", NotPermitted, true),
        ("send 0", NotPermitted, false),
        ("accept 0", NotPermitted, false),
        // Processes, and executing anything: another file, itself, a file without a name.
        ("fork", NotPermitted, true),
        ("vfork", NotPermitted, true),
        ("clone3", NoSystemCall, true),
        ("execute /bin/true", NotPermitted, false),
        ("itself", NotPermitted, true),
        ("execute-nameless", NotPermitted, true),
        // Others, its own keeper among them.
        ("trace", Ended, false),
        ("peek", Ended, false),
        ("kill", NotPermitted, true),
        ("kill 1", NotPermitted, false),
        ("signal-thread", NotPermitted, true),
        ("own-signals", NotPermitted, true),
        ("outlive", NotPermitted, true),
        ("session", NotPermitted, true),
        ("group", NotPermitted, true),
        ("nice", NotPermitted, true),
        ("limit", NotPermitted, true),
        ("affinity", NotPermitted, true),
        // Its own limits: processor time, files, addresses, cores.
        ("lift 0", NotPermitted, true),
        ("lift 1", NotPermitted, true),
        ("lift 9", NotPermitted, true),
        ("lift 4", NotPermitted, false),
        // Memory that lasts, and the deeper parts of the kernel.
        ("shared", NotPermitted, true),
        ("queue", NotPermitted, true),
        ("key", NotPermitted, true),
        ("memory-file", NotPermitted, true),
        ("rings", NoSystemCall, false),
        ("aio", NotPermitted, true),
        ("perf", NotPermitted, false),
        ("bpf", Ended, false),
        ("mount", Ended, false),
        ("unshare", Ended, true),
        ("root", Ended, false),
        // Typing into the caller's terminal; a descriptor that the caller left open.
        ("type 0", NotPermitted, false),
        ("inherited", BadDescriptor, false),
    ];

    public static TheoryData<CellMode, string, int> Each
    {
        get
        {
            var rows = new TheoryData<CellMode, string, int>();
            foreach (var mode in _modes)
            {
                foreach (var (act, expected, _) in _acts)
                {
                    rows.Add(mode, act, expected);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string> PossibleOutside => [.. _acts.Where(one => one.WorksOutside).Select(one => one.Act)];

    [Theory]
    [MemberData(nameof(Each))]
    public void InACell_ItFails(CellMode mode, string act, int expected)
    {
        using var own = Own();
        // With a descriptor more than the three, left open by the caller.
        var result = CellRun.Run(["sh", "-c", "exec 9</etc/passwd; exec \"$0\" \"$@\"", .. CellRun.Command(mode, [Acts.Program, .. act.Replace("{own}", own.Folder, StringComparison.Ordinal).Split(' ')])], []);
        if (expected == Ended)
        {
            Assert.True(result.Code == Ended, result.ToString());
            Assert.Contains("system call that ends a program here", result.Error, StringComparison.Ordinal);
            return;
        }

        // In namespaces what it does not get has no name, and nothing can be written before Landlock is asked.
        var got = expected == AccessDenied && mode != CellMode.Bare && (result.Text == Text(NoEntry) || result.Text == Text(ReadOnlySystem)) ? Text(AccessDenied) : result.Text;
        Assert.True(got == Text(expected) && result.Code == 0, result.ToString());
    }

    // An act that failed everywhere would prove nothing.
    [Theory]
    [MemberData(nameof(PossibleOutside))]
    public void Outside_ItIsDone(string act)
    {
        using var own = Own();
        string[] words = act.Replace("{own}", own.Folder, StringComparison.Ordinal).Split(' ');
        // Its parent is of its own user, as a cell is.
        var command = Unprivileged.Command("sh", ["-c", "\"$@\"; true", "sh", Acts.Program, .. words]);
        var result = Tool.Run(command[0], command.Skip(1));
        Assert.True(result.Output.Trim() == "done", $"{act}: {result}");
        Tool.Run("rm", ["-f", "/tmp/x"]).MustSucceed();
    }

    // A process is one thread or many: that is its own affair. And it may look at itself.
    [Theory]
    [EveryMode("thread", "kill-itself", "nothing", "read /dev/null", "write /dev/null", "read /dev/zero", "read /dev/urandom", "read /etc/ld.so.cache", "list /usr/lib", "share")]
    public void WhatIsItsOwn_ItMayDo(CellMode mode, string act) =>
        Assert.Equal("done", CellRun.Run(mode, [Acts.Program, .. act.Split(' ')]).Text);

    // In namespaces files that it does not get have no names: it can't even learn that they are there.
    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    public void WhatItDoesNotGet_IsNotThere(CellMode mode)
    {
        Assert.Equal(Text(NoEntry), CellRun.Run(mode, Acts.Program, "look", "/etc/passwd").Text);
        Assert.Equal(Text(NoEntry), CellRun.Run(mode, Acts.Program, "look", "/proc/self").Text);
        Assert.Equal("done", CellRun.Run(mode, Acts.Program, "look", "/usr/lib").Text);
    }

    [Theory]
    [InlineData(CellMode.Root)]
    [InlineData(CellMode.Unprivileged)]
    [InlineData(CellMode.Bare)]
    public void WithAddressesInReserve_MemoryThatNothingCountsIsRefused(CellMode mode)
    {
        string[] reserving = ["--reserve", "300G", Acts.Program];
        Assert.Equal(Text(NotPermitted), CellRun.Run(mode, [.. reserving, "share"]).Text);
        Assert.Equal(Text(NotPermitted), CellRun.Run(mode, [.. reserving, "grow"]).Text);
        Assert.NotEqual("done", CellRun.Run(mode, [.. reserving, "read", "/dev/zero"]).Text);
    }

    // A folder of the calling user, and a file in it.
    private static Scratch Own()
    {
        var own = new Scratch();
        var path = own.Write("x", "x");
        if (Requirement.IsRoot)
        {
            Tool.Run("chown", [$"{Unprivileged.Id}:{Unprivileged.Id}", path]).MustSucceed();
        }

        return own;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
