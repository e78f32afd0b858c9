using Postern.Ipc.Control;

namespace Postern.Ipc.Tests;

public sealed class WallNamesTests
{
    [Theory]
    [InlineData(Walls.None, "-")]
    [InlineData(Walls.Files, "files")]
    [InlineData(Walls.Scope | Walls.NoNewPrivileges, "no-new-privileges,scope")]
    [InlineData(Walls.All, "no-new-privileges,not-traceable,no-capabilities,system-calls,files,ports,scope")]
    public void Walls_AreNamedInOneOrder(Walls walls, string names) => Assert.Equal(names, WallNames.Of(walls));
}
