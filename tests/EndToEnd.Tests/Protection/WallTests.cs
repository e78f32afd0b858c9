using System.Globalization;
using Postern.EndToEnd.Root;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>What the kernel says of every thread of every program of a running server, deliver included (attack N6).</summary>
public sealed class WallTests
{
    private static readonly string[] _programs =
        ["postern-directory", "postern-bounce", "postern-local", "postern-remote", "postern-tls", "postern-auth", "postern-queue", "postern-smtpd", "postern-deliver"];

    [Fact]
    public void EveryThread_IsBehindTheFilterAndWithoutRights()
    {
        using var server = Busy();
        foreach (var (program, pid) in Processes(server.SupervisorPid))
        {
            var threads = Threads(pid);
            Assert.NotEmpty(threads);
            foreach (var thread in threads)
            {
                Assert.Equal((program, "2", "1"), (program, thread["Seccomp"], thread["NoNewPrivs"]));
                Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" }, set => Assert.Equal("0000000000000000", thread[set]));
                Assert.Equal("0077", thread["Umask"]);
            }
        }

        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void AThreadThatIsMadeLater_IsBehindThemAsWell()
    {
        using var server = Busy();
        // Deliver starts its workers when there is something to write, long after the filter.
        var deliver = Processes(server.SupervisorPid).Single(one => one.Program == "postern-deliver").Pid;
        Assert.True(Threads(deliver).Count > 2, "deliver has no workers");
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void Limits_AreFixed()
    {
        using var server = Busy();
        foreach (var (program, pid) in Processes(server.SupervisorPid))
        {
            var limits = File.ReadLines($"/proc/{pid}/limits").Skip(1).ToDictionary(line => line[..26].Trim(), line => line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal((program, "0", "0"), (program, limits["Max core file size"][0], limits["Max core file size"][1]));
            Assert.Equal((program, "0", "0"), (program, limits["Max locked memory"][0], limits["Max locked memory"][1]));
            Assert.Equal((program, "0", "0"), (program, limits["Max msgqueue size"][0], limits["Max msgqueue size"][1]));
            Assert.Equal(limits["Max open files"][0], limits["Max open files"][1]);
        }

        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void NoMemory_IsWritableAndExecutable()
    {
        Requirement.Root("nobody else may read the memory maps of the programs");
        using var server = Busy();
        foreach (var (program, pid) in Processes(server.SupervisorPid))
        {
            foreach (var map in File.ReadLines($"/proc/{pid}/maps").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                var (rights, file) = (map[1], map.Length > 5 ? map[5] : "");
                Assert.False(rights.Contains('w') && rights.Contains('x'), $"{program}: {string.Join(' ', map)}");
                Assert.False(rights.Contains('x') && file is not (['/', ..] or "[vdso]" or "[vsyscall]"), $"{program}: {string.Join(' ', map)}");
            }

            // What a program has no use for can't be used against it.
            Assert.True(program is "postern-tls" or "postern-remote" or "postern-auth" || !File.ReadLines($"/proc/{pid}/maps").Any(line => line.Contains("libssl", StringComparison.Ordinal) || line.Contains("libcrypto", StringComparison.Ordinal)), program);
        }

        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void NobodyOfTheSameUser_ReadsTheMemoryOfAProgram()
    {
        using var server = Busy();
        foreach (var (program, pid) in Processes(server.SupervisorPid))
        {
            foreach (var file in new[] { "maps", "environ", "mem" })
            {
                var command = Unprivileged.Command("head", "-c", "1", $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}");
                var read = Tool.Run(command[0], command.Skip(1));
                Assert.True(read.Code != 0 && read.Error.Contains("denied", StringComparison.Ordinal), $"{program} {file}: {read}");
            }
        }

        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void UnderRoot_TheBoundingSetIsEmptyAsWell()
    {
        using var host = new OwnHost();
        host.SetUpUsers();
        using var server = new BareServer(host.Folder, host.Inside);
        server.Start();
        Send(server.Port);
        server.Mailbox("bob").Await(1);
        foreach (var (_, pid) in Processes(server.Program.Pid))
        {
            Assert.All(Threads(pid), thread =>
            {
                Assert.Equal("2", thread["Seccomp"]);
                Assert.Equal("0000000000000000", thread["CapBnd"]);
                Assert.DoesNotContain("0", thread["Uid"].Split('\t'));
            });
        }

        var said = string.Join('\n', server.Program.Errors.Where(line => !line.Contains(" warning tls self-signed ", StringComparison.Ordinal)));
        Assert.DoesNotContain(" warning ", said, StringComparison.Ordinal);
        Assert.Equal(0, server.Stop());
    }

    private static PosternServer Busy()
    {
        var server = PosternServer.Start();
        Send(server.Port);
        server.Mailbox("bob").Await(1);
        return server;
    }

    private static void Send(int port)
    {
        using var client = PlainSmtpClient.Greeted(port);
        client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(Samples.Mark())).Must(2);
    }

    private static List<(string Program, int Pid)> Processes(int supervisor) =>
        [.. _programs.Select(program => (program, Assert.Single(ProcessStatus.Children(supervisor, program))))];

    private static List<Dictionary<string, string>> Threads(int pid) =>
    [
        .. Directory.GetDirectories($"/proc/{pid}/task")
            .Select(task => File.ReadLines(Path.Join(task, "status")).Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim())),
    ];
}
