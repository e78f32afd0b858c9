using Postern.Ipc;
using Postern.Role.Tests;

namespace Postern.Directory.Tests;

/// <summary>Of the directory and those who ask it, the directory gives way: it has nothing to lose.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData(ProgramName.Smtpd, true)]
    [InlineData(ProgramName.Smtpd, false)]
    [InlineData(ProgramName.Local, true)]
    [InlineData(ProgramName.Local, false)]
    public void ChannelThatIsOver_EndsTheDirectoryWhenNoOtherComes(ProgramName peer, bool nonsense)
    {
        using var probe = new ProgramProbe(context => new DirectoryProgram(context));
        probe.AssertGivesWay(peer, nonsense);
    }
}
