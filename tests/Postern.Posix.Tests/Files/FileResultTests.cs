using Postern.Posix.Files;

namespace Postern.Posix.Tests.Files;

/// <summary>Which kind of failure an error number is.</summary>
public sealed class FileResultTests
{
    [Theory]
    [InlineData(2, FileFault.NotFound)]
    [InlineData(17, FileFault.Exists)]
    // A directory that is not empty.
    [InlineData(39, FileFault.Exists)]
    [InlineData(28, FileFault.NoSpace)]
    // Of a quota, and of what a file may be at most.
    [InlineData(122, FileFault.NoSpace)]
    [InlineData(27, FileFault.NoSpace)]
    [InlineData(11, FileFault.Busy)]
    [InlineData(1, FileFault.Denied)]
    [InlineData(13, FileFault.Denied)]
    // What openat2 answers to a path that leaves its directory or leads through a link, and to what is no directory.
    [InlineData(18, FileFault.NotBeneath)]
    [InlineData(40, FileFault.NotBeneath)]
    [InlineData(20, FileFault.NotBeneath)]
    [InlineData(21, FileFault.NotBeneath)]
    [InlineData(22, FileFault.BadName)]
    [InlineData(36, FileFault.BadName)]
    [InlineData(5, FileFault.Other)]
    [InlineData(30, FileFault.Other)]
    public void AnErrorNumber_IsAKindOfFailure(int error, FileFault fault)
    {
        var failed = FileResult.Failure(error);
        Assert.Equal((false, error, 0L, fault), (failed.Ok, failed.Error, failed.Value, failed.Fault));
        Assert.Equal($"{fault} (error {error})", failed.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void ASuccess_HasItsValueAndNoFault(long value)
    {
        var good = FileResult.Of(value);
        Assert.Equal((true, 0, value, FileFault.None), (good.Ok, good.Error, good.Value, good.Fault));
        Assert.Equal($"{value}", good.ToString());
    }
}
