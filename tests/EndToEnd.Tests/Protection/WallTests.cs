using System.Globalization;
using System.Text.RegularExpressions;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>What the kernel says of every thread of every program of a running server, config and deliver included, with root and without (attack N6).</summary>
public sealed class WallTests(WalledServers servers) : IClassFixture<WalledServers>
{
    private const string NoRights = "0000000000000000";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryProgram_IsExamined(bool asRoot)
    {
        var server = servers.Of(asRoot);
        var standing = StandingProgram.All.Select(program => program.Name).ToList();
        Assert.Equal(standing.Order(), server.Ready.Select(program => program.Program).Order());
        Assert.Equal(standing.Append("postern-deliver").Order(), server.Busy.Select(program => program.Program).Order());
        Assert.Equal("postern-config", server.Config.Program);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryThread_IsBehindTheFilterAndWithoutRights(bool asRoot)
    {
        foreach (var program in servers.Of(asRoot).All)
        {
            Assert.NotEmpty(program.Threads);
            foreach (var thread in program.Threads)
            {
                Assert.Equal((program.Program, "2", "1"), (program.Program, thread["Seccomp"], thread["NoNewPrivs"]));
                Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" }, set => Assert.Equal(NoRights, thread[set]));
                Assert.Equal("0077", thread["Umask"]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AThreadThatIsMadeLater_IsBehindThemAsWell(bool asRoot)
    {
        // Deliver starts its workers when there is something to write, long after the filter.
        Assert.True(servers.Of(asRoot).Busy.Single(program => program.Program == "postern-deliver").Threads.Count > 2, "deliver has no workers");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Limits_AreFixed(bool asRoot)
    {
        foreach (var program in servers.Of(asRoot).All)
        {
            Assert.All(new[] { "Max core file size", "Max locked memory", "Max msgqueue size" }, limit => Assert.Equal((program.Program, "0 0"), (program.Program, string.Join(' ', program.Limits[limit]))));
            Assert.Equal(program.Limits["Max open files"][0], program.Limits["Max open files"][1]);
            // Of a user that is no person's and not nobody: then nobody else's processes count.
            Assert.True(!asRoot || program.Program == "postern-config" || program.Limits["Max processes"] is ["512", "512"], program.Program);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoMemory_IsWritableAndExecutable(bool asRoot)
    {
        Requirement.Root("nobody else may read the memory maps of the programs");
        foreach (var program in servers.Of(asRoot).All)
        {
            Assert.NotEmpty(program.Maps);
            foreach (var map in program.Maps)
            {
                var (rights, file) = (map[1], map.Length > 5 ? map[5] : "");
                Assert.False(rights.Contains('w') && rights.Contains('x'), $"{program}: {string.Join(' ', map)}");
                Assert.False(rights.Contains('x') && file is not (['/', ..] or "[vdso]" or "[vsyscall]"), $"{program}: {string.Join(' ', map)}");
            }

            // What a program has no use for can't be used against it.
            Assert.True(
                program.Program is "postern-tls" or "postern-remote" or "postern-auth" or "postern-acme"
                || !program.Maps.Any(map => map[^1].Contains("libssl", StringComparison.Ordinal) || map[^1].Contains("libcrypto", StringComparison.Ordinal)),
                program.Program);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NobodyOfTheSameUser_ReadsTheMemoryOfAProgram(bool asRoot)
    {
        foreach (var program in servers.Of(asRoot).Busy)
        {
            var uid = program.Threads[0]["Uid"].Split('\t')[0];
            string[] look = ["sh", "-c", "for file in maps environ mem; do head -c 1 /proc/$0/$file; done", program.Pid.ToString(CultureInfo.InvariantCulture)];
            var command = asRoot ? ["setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--", .. look] : Unprivileged.Command(look[0], look[1..]);
            var read = Tool.Run(command[0], command.Skip(1));
            Assert.True(read.Output.Length == 0 && Regex.Count(read.Error, "denied") == 3, $"{program}: {read}");
        }
    }

    // A fixed list: nothing of what posternd found in its own, nor of what somebody put there to be taken for walls.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Environment_IsTheFixedList(bool asRoot)
    {
        Requirement.Root("nobody else may read the environment of the programs");
        var server = servers.Of(asRoot);
        Assert.Contains("POSTERN_PLANTED=planted", server.Supervisor.Environment);
        const int asKnownByTheProgramAlone = 16 + 32 + 64; // files, ports, scope
        foreach (var program in server.All)
        {
            var home = asRoot && program.Program == "postern-deliver" ? "/nonexistent" : "/var/empty";
            var walls = program.Environment.Single(variable => variable.StartsWith("POSTERN_WALLS=", StringComparison.Ordinal));
            Assert.Equal(0, int.Parse(walls[(walls.IndexOf('=') + 1)..], CultureInfo.InvariantCulture) & ~asKnownByTheProgramAlone);
            Assert.Equal(["DOTNET_EnableDiagnostics=0", "DOTNET_GCgen0size=100000", "HOME=" + home, walls], program.Environment.Order(StringComparer.Ordinal));
            Assert.Equal(program == server.Config ? [program.Program, server.Pipe] : [program.Program], program.Arguments);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Descriptors_AreThoseMeantForTheProgram(bool asRoot)
    {
        Requirement.Root("nobody else may look at the descriptors of the programs");
        var server = servers.Of(asRoot);
        var own = server.Supervisor.Descriptors;
        Assert.Equal(server.PlantedFile, own[WalledServer.Planted]);
        foreach (var program in server.Ready)
        {
            var found = program.Descriptors;
            Assert.Equal((program.Program, own[0], own[1], own[2]), (program.Program, found[0], found[1], found[2]));
            Assert.StartsWith("socket:", found[3], StringComparison.Ordinal);
            Assert.Equal((program.Program, WalledServer.SocketsOf(program.Program)), (program.Program, program.Sockets.Count));
            var others = found.Where(one => one.Key > 3 && !program.Sockets.Contains(one.Value)).Select(one => one.Value).ToList();
            Assert.Single(others, "anon_inode:[eventpoll]");
            Assert.Single(others, "/dev/urandom");
            var state = Regex.Escape(server.Server.State);
            Assert.All(others.Except(["anon_inode:[eventpoll]", "/dev/urandom"]), other => Assert.Matches(
                program.Program switch
                {
                    // Its disk has a thread, which wakes the loop.
                    "postern-queue" => $@"^({state}/queue(/lock|/segment-\d+|/spare-\d+)?|anon_inode:\[eventfd\])$",
                    "postern-auth" => $"^{state}/auth$",
                    "postern-remote" => $"^{state}/remote$",
                    "postern-tls" => $"^{state}/tls$",
                    _ => "^$",
                },
                other));
        }

        DemandNothingInCommon(server, server.Ready);
        DemandNothingInCommon(server, server.Busy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DescriptorsOfThoseThatComeAndGo_AreThoseMeantForThem(bool asRoot)
    {
        Requirement.Root("nobody else may look at the descriptors of the programs");
        var server = servers.Of(asRoot);
        var own = server.Supervisor.Descriptors;
        var config = server.Config.Descriptors;
        // The file that posternd opened, and a slice for each program and posternd itself.
        Assert.Equal([server.Pipe, own[1], own[2]], [config[0], config[1], config[2]]);
        var slices = Enumerable.Range(3, StandingProgram.All.Count + 2);
        Assert.All(slices, number => Assert.StartsWith("/memfd:slice", config[number], StringComparison.Ordinal));
        Assert.All(config.Where(one => one.Key >= 3 + slices.Count()), one => Assert.Contains(one.Value, new[] { "/dev/urandom", server.Pipe }));

        var deliver = server.Busy.Single(program => program.Program == "postern-deliver");
        Assert.Equal([own[0], own[1], own[2]], [deliver.Descriptors[0], deliver.Descriptors[1], deliver.Descriptors[2]]);
        // Its line to posternd, and the one to local.
        Assert.Equal(2, deliver.Sockets.Count);
        Assert.All(
            deliver.Descriptors.Where(one => one.Key > 3 && !deliver.Sockets.Contains(one.Value)),
            one => Assert.Matches($@"^(anon_inode:\[event(poll|fd)\]|/dev/urandom|{Regex.Escape(server.Server.MailRoot)}/.*)$", one.Value));
    }

    [Fact]
    public void UnderRoot_TheBoundingSetIsEmptyAsWell()
    {
        var server = servers.Of(asRoot: true);
        foreach (var program in server.All)
        {
            var user = program.Program switch
            {
                "postern-config" => "nobody",
                "postern-deliver" => "postern-mail",
                _ => StandingProgram.All.Single(one => one.Name == program.Program).User,
            };
            var uid = server.Host!.UidOf(user).ToString(CultureInfo.InvariantCulture);
            Assert.All(program.Threads, thread =>
            {
                Assert.Equal(NoRights, thread["CapBnd"]);
                Assert.All(thread["Uid"].Split('\t'), one => Assert.Equal((program.Program, uid), (program.Program, one)));
                Assert.Single(thread["Gid"].Split('\t').Distinct(), one => one != "0");
                Assert.Equal("", thread["Groups"]);
            });
        }

        Assert.Equal(server.Busy.Count, server.Busy.Select(program => program.Threads[0]["Uid"]).Distinct().Count());
        Assert.Equal(server.Busy.Count, server.Busy.Select(program => program.Threads[0]["Gid"]).Distinct().Count());
        var expected = new[] { " warning tls self-signed ", " warning acme acme-failed " };
        Assert.DoesNotContain(server.Server.Program.Errors, line => line.Contains(" warning ", StringComparison.Ordinal) && !expected.Any(one => line.Contains(one, StringComparison.Ordinal)));
    }

    /// <summary>No socket belongs to two programs, and none but those to listen on to posternd as well.</summary>
    private static void DemandNothingInCommon(WalledServer server, IReadOnlyList<Snapshot> programs)
    {
        Assert.Equal(programs.Sum(program => program.Sockets.Count), programs.SelectMany(program => program.Sockets).Distinct().Count());
        Assert.All(programs, program => Assert.Equal(
            (program.Program, WalledServer.ListenersOf(program.Program)), (program.Program, program.Sockets.Intersect(server.Supervisor.Sockets).Count())));
    }
}
