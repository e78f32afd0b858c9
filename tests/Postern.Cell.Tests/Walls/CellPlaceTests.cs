using Postern.Cell.Arguments;
using Postern.Cell.Programs;
using Postern.Cell.Walls;
using Postern.Posix.Confining;

namespace Postern.Cell.Tests.Walls;

/// <summary>The files that a program gets, and whom it runs as.</summary>
public sealed class CellPlaceTests
{
    private static readonly FoundProgram _shell = new("/bin/sh", ["sh"], [new("/bin/sh", null)], [new("/bin/true", null)]);

    [Fact]
    public void OneProcess_ExecutesItsOwnFileAlone()
    {
        var places = CellPlace.Of(new CellOrder { Program = "sh", Readable = ["/usr/bin/"] }, _shell);
        Assert.All(places, place => Assert.Equal(place.Path == "/bin/sh", place.Rights.HasFlag(LandlockRights.Execute)));
        Assert.Contains(places, place => place.Path == "/usr/bin");
    }

    [Fact]
    public void Many_ExecuteWhatTheyMayRead()
    {
        var places = CellPlace.Of(new CellOrder { Program = "sh", Readable = ["/usr/bin"], Processes = 2 }, _shell);
        Assert.Contains(places, place => place.Path == "/usr/bin" && place.Rights.HasFlag(LandlockRights.Execute));
        Assert.DoesNotContain(places, place => place.Path.StartsWith("/dev", StringComparison.Ordinal) && place.Rights.HasFlag(LandlockRights.Execute));
    }

    [Fact]
    public void NothingIsWritten_ButToTheDeviceThatForgets()
    {
        const LandlockRights harmless = LandlockRights.ReadFile | LandlockRights.ReadFolder | LandlockRights.Execute;
        foreach (var place in CellPlace.Of(new CellOrder { Program = "sh", Readable = ["/usr"], Processes = 2 }, _shell))
        {
            Assert.Equal(place.Path == "/dev/null" ? LandlockRights.WriteFile : LandlockRights.None, place.Rights & ~harmless);
        }
    }

    [Theory]
    [InlineData("1G", false)]
    [InlineData(null, true)]
    public void MemoryThatNothingCounts_IsNotThere(string? reserve, bool zeroes) => Assert.Equal(
        zeroes,
        CellPlace.Of(new CellOrder { Program = "sh", Reserve = reserve is null ? null : CellArguments.Size(reserve) }, _shell).Any(place => place.Path == "/dev/zero"));

    // The new root folder is built name by name: none may lead out of it.
    [Theory]
    [InlineData("/usr/../bin/true")]
    [InlineData("//bin/true")]
    [InlineData("/bin//true")]
    [InlineData("/bin/./true")]
    [InlineData("/bin/")]
    [InlineData("bin/true")]
    public void WindingPaths_AreNoPlaces(string path) => Assert.DoesNotContain(
        CellPlace.Of(new CellOrder { Program = "sh" }, _shell with { Executed = [new("/bin/sh", null), new(path, null)] }), place => place.Path == path);

    // The name may stand for another file by the time that it is granted.
    [Fact]
    public void WhatWasJudged_IsGrantedByTheOpenFile()
    {
        var judged = new Postern.Posix.Descriptor(-1);
        var found = new FoundProgram("/bin/sh", ["sh"], [new("/bin/sh", judged)], [new("/bin/true", judged)]);
        var places = CellPlace.Of(new CellOrder { Program = "sh" }, found);
        Assert.All(places, place => Assert.Equal(place.Path is "/bin/sh" or "/bin/true", ReferenceEquals(place.Open, judged)));
    }

    [Fact]
    public void WithoutAMapOfUsers_RootStillTriesToBecomeAnother() => Assert.True(CellUser.Has("/nonexistent/uid_map", CellUser.First));

    [Fact]
    public void Outermost_AreThoseWithinNoOther()
    {
        string[] paths = ["/a", "/a/b", "/ab", "/c/d", "/c/d/e/f", "/c/d", "/c/dd"];
        var places = paths.Select(path => new CellPlace(path, LandlockRights.ReadFile)).OrderBy(place => place.Path.Length).ToList();
        Assert.Equal(["/a", "/ab", "/c/d", "/c/dd"], CellPlace.Outermost(places));
    }

    [Theory]
    // All of them, one, a container's, two ranges; the end of a range.
    [InlineData("         0          0 4294967295\n", 2_000_000_001u, true)]
    [InlineData("         0          0 4294967295\n", uint.MaxValue, false)]
    [InlineData("0 1000 1\n", 0u, true)]
    [InlineData("0 1000 1\n", 1u, false)]
    [InlineData("0 100000 65536\n", 65535u, true)]
    [InlineData("0 100000 65536\n", 65536u, false)]
    [InlineData("0 1000 1\n1 100000 65534\n", 65534u, true)]
    [InlineData("0 1000 1\n1 100000 65534\n", 65535u, false)]
    [InlineData("", 0u, false)]
    [InlineData("0 0\n", 0u, false)]
    [InlineData("0 0 x\n", 0u, false)]
    [InlineData("0 0 5 5\n", 0u, false)]
    public void AMapOfUsers_HasAnIdOrNot(string map, uint id, bool has) => Assert.Equal(has, CellUser.Maps(System.Text.Encoding.ASCII.GetBytes(map), id));
}
