using Postern.Role.Confining;

namespace Postern.Role.Tests.Confining;

/// <summary>Which places get a hole in the wall around files.</summary>
public sealed class PlaceTests
{
    private static readonly Place _fixed = new("/", FileUse.Read);

    [Theory]
    [InlineData("/var/mail", true)]
    [InlineData("/home/..x", true)]
    // The home of accounts that have none, as tools that make accounts of the system write it, and what else means the same.
    [InlineData("/", false)]
    [InlineData("//", false)]
    [InlineData("/.", false)]
    [InlineData("/home/..", false)]
    [InlineData("", false)]
    public void SliceThatNamesTheRootFolder_IsNotGrantedIt(string path, bool granted)
    {
        var place = new Place(path, FileUse.Read | FileUse.Change);
        Assert.Equal(granted ? [place] : [], Threshold.Granted(Declaration.Nothing, [place]));
        // A program that says so itself gets it: postern-config.
        Assert.Equal(granted ? [_fixed, place] : [_fixed], Threshold.Granted(new Declaration { FixedPlaces = [_fixed] }, [place]));
    }
}
