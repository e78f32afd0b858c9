using Postern.Ipc;
using Postern.Role;
using Postern.Role.Tests;

namespace Postern.Local.Tests;

/// <summary>Local gives way to the queue, and the directory to local.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly ProgramProbe _probe = new(context => new LocalProgram(context));

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChannelToTheQueueThatIsOver_EndsLocalWhenNoOtherComes(bool nonsense) => _probe.AssertGivesWay(ProgramName.Queue, nonsense);

    [Fact]
    public void ChannelToTheDirectoryThatIsOver_IsLeftToTheDirectory()
    {
        _probe.SendNonsense(_probe.Connect(ProgramName.Directory));
        _probe.Pass(StandingLinks.Patience * 2);
        Assert.Equal(0, _probe.EndCode);
    }
}
