using System.Text.Json;
using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Protection;

/// <summary>Kernels and containers that lack a wall: the server runs and says so, or refuses where the administrator wants them all (attack N7).</summary>
public sealed class MissingWallTests : IDisposable
{
    private static readonly int[] _landlock = [444, 445, 446];

    private readonly Scratch _scratch = new();
    private readonly int[] _filter = [System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 277 : 317];

    public static TheoryData<bool, bool> Kernels => new() { { false, true }, { true, false }, { false, false } };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void WithoutAWall_TheServerServesAndSaysSo(bool hasLandlock, bool hasFilter)
    {
        using var server = Server(hasLandlock, hasFilter);
        server.Start();
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            client.SendByData("alice@example.org", ["bob@example.org"], Samples.Message(Samples.Mark())).Must(2);
        }

        server.Mailbox("bob").Await(1);
        string[] missing = [.. hasFilter ? Array.Empty<string>() : ["system-calls"], .. hasLandlock ? Array.Empty<string>() : ["files", "ports", "scope"]];
        var standing = StandingProgram.All.Select(program => program.ShortName).ToList();
        var lines = server.Program.Errors.Where(line => line.Contains(" confined by=", StringComparison.Ordinal)).ToList();
        Assert.Equal(standing.Append("deliver").Order(), lines.Select(line => line.Split(' ')[2]).Order());
        Assert.All(lines, line =>
        {
            Assert.Contains(" warning ", line, StringComparison.Ordinal);
            Assert.EndsWith($" missing={string.Join(',', missing)}", line, StringComparison.Ordinal);
        });

        using var json = JsonDocument.Parse(server.Postern("--json", "status", "--protection").MustSucceed().Output);
        var programs = json.RootElement.GetProperty("programs");
        Assert.Equal(standing.Order(), programs.EnumerateArray().Select(program => program.GetProperty("program").GetString()).Order());
        Assert.All(programs.EnumerateArray(), program => Assert.All(
            program.GetProperty("walls").EnumerateObject(),
            wall => Assert.Equal(!missing.Contains(wall.Name.Replace('_', '-')), wall.Value.GetBoolean())));
        Assert.Equal(0, server.Stop());
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void WhereAllWallsMustStand_NothingStarts(bool hasLandlock, bool hasFilter)
    {
        using var server = Server(hasLandlock, hasFilter);
        server.More = "[security]\nstrict = true";
        var (code, said) = server.Refused();
        Assert.Equal(71, code);
        Assert.Contains("[security] strict = true, and this system lacks: ", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(server.State));
    }

    [Fact]
    public void WhereAllWallsStand_StrictChangesNothing()
    {
        using var server = new BareServer(_scratch.Folder, command => Unprivileged.Command(command.First(), command.Skip(1))) { More = "[security]\nstrict = true\n[tls]\n" + Samples.LinesForAcme() };
        server.Start();
        using var json = JsonDocument.Parse(server.Postern("--json", "status", "--protection").MustSucceed().Output);
        var programs = json.RootElement.GetProperty("programs");
        Assert.Equal(StandingProgram.All.Count, programs.GetArrayLength());
        Assert.All(programs.EnumerateArray(), program =>
            Assert.All(program.GetProperty("walls").EnumerateObject(), wall => Assert.True(wall.Value.GetBoolean(), $"{program}")));
        Assert.DoesNotContain(server.Program.Errors, line => line.Contains("missing=", StringComparison.Ordinal) && !line.EndsWith("missing=-", StringComparison.Ordinal));
        Assert.Equal(0, server.Stop());
    }

    public void Dispose() => _scratch.Dispose();

    private BareServer Server(bool hasLandlock, bool hasFilter)
    {
        int[] gone = [.. hasLandlock ? [] : _landlock, .. hasFilter ? [] : _filter];
        return new BareServer(_scratch.Folder, command => PrisonerProgram.Without(gone, Unprivileged.Command(command.First(), command.Skip(1)))) { More = "[tls]\n" + Samples.LinesForAcme() };
    }
}
