using Postern.TestKit.Clients;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.BadDays;

/// <summary>A program that was taken over and turns on posternd, the only one that may be root.</summary>
public sealed class TakenOverTests : IDisposable
{
    private readonly Scratch _scratch = new();

    // The first byte says what the packet is; see ControlKind.
    [Theory]
    // Only local may ask for a deliver.
    [InlineData(@"\007\001\000\000\000\000\000\000")]
    [InlineData(@"\007\001\000\000\000\000\000\004\000root")]
    // What only posternd says.
    [InlineData(@"\001\000\000\000\000\000\000\000")]
    [InlineData(@"\005\000\000\000\000\000\000\000")]
    // Ready, with a byte too many and one too few.
    [InlineData(@"\006\000\000\000\000\000\000\000\000")]
    [InlineData(@"\006\000\000\000\000\000\000")]
    [InlineData(@"\143\377\377\377\377\377\377\377")]
    public void ProgramThatSaysWhatIsNotIts_IsEndedAndTheRestGoesOn(string packet)
    {
        Tool.Run("cp", ["-a", PosternPrograms.Folder + "/.", _scratch["bin"]]).MustSucceed();
        var program = Path.Join(_scratch["bin"], "postern-bounce");
        Tool.Run("mv", [program, program + ".real"]).MustSucceed();
        // Once; what posternd starts in its place is the real one.
        File.WriteAllText(program, $"#!/bin/sh\nif [ ! -e '{_scratch["once"]}' ]; then : > '{_scratch["once"]}'; printf '{packet}' >&3; while :; do read -r x <&3; done; fi\nexec '{program}.real'\n");
        Tool.Run("chmod", ["-R", "a+rX", _scratch["bin"]]).MustSucceed();
        Tool.Run("chmod", ["755", program]).MustSucceed();
        using var server = PosternServer.Start(place: new ServerPlace(
            _scratch.Folder,
            command => [.. command.Select(word => word == PosternPrograms.Of("posternd") ? Path.Join(_scratch["bin"], "posternd") : word)],
            path => path));

        Assert.True(File.Exists(_scratch["once"]));
        Assert.Equal(2, server.StartsOf("bounce"));
        Assert.Contains(server.Log, line => line.Contains("program-ended name=bounce", StringComparison.Ordinal));
        Assert.Empty(server.DeliverPids);
        var mark = Samples.Mark();
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            Assert.Equal(250, client.SendByData("alice@example.org", Samples.Bob, Samples.Message(mark)).Code);
        }

        server.Mailbox("bob").Await(mark);
        Assert.Equal(0, server.Stop());
    }

    public void Dispose() => _scratch.Dispose();
}
