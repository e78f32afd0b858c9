using System.Text;
using Postern.Cell.Programs;
using Postern.Posix;

namespace Postern.Cell.Tests.Programs;

/// <summary>From a name to what the kernel executes.</summary>
public sealed class ProgramSearchTests
{
    private readonly Dictionary<string, byte[]> _files = new() { ["/usr/bin/prog"] = Elf.Of(), ["/usr/bin/perl"] = Elf.Of(), ["/bin/sh"] = Elf.Of(), [Elf.Loader] = [0] };

    [Fact]
    public void AName_IsLookedForInTheFixedFolders()
    {
        var found = Find("prog", "a", "b");
        Assert.Equal("/usr/bin/prog", found.Path);
        Assert.Equal(["prog", "a", "b"], found.Arguments);
        Assert.Equal(["/usr/bin/prog", Elf.Loader], found.Executed.Select(file => file.Path));
        Assert.Empty(found.Read);
    }

    // A folder, say: all that is in it would be the program's.
    [Fact]
    public void ALoaderThatIsNoFile_IsNotGiven()
    {
        _files.Remove(Elf.Loader);
        Assert.Equal(["/usr/bin/prog"], Find("prog").Executed.Select(file => file.Path));
    }

    [Fact]
    public void APath_IsTakenAsItIs()
    {
        _files["/opt/x/prog"] = Elf.Of();
        Assert.Equal("/opt/x/prog", Find("/opt/x/y/../prog").Path);
        Assert.Equal("/opt/x/y/../prog", Find("/opt/x/y/../prog").Arguments[0]);
    }

    [Fact]
    public void AScript_IsGivenToItsInterpreter()
    {
        _files["/opt/script"] = "#!/usr/bin/perl -w\n"u8.ToArray();
        var found = Find("/opt/script", "a");
        Assert.Equal("/usr/bin/perl", found.Path);
        Assert.Equal(["/usr/bin/perl", "-w", "/opt/script", "a"], found.Arguments);
        Assert.Equal(["/opt/script"], found.Read.Select(file => file.Path));
    }

    [Fact]
    public void AnInterpreterByItsName_IsFoundWithoutEnv()
    {
        _files["/opt/script"] = "#!/usr/bin/env perl\n"u8.ToArray();
        var found = Find("/opt/script", "a");
        Assert.Equal("/usr/bin/perl", found.Path);
        Assert.Equal(["perl", "/opt/script", "a"], found.Arguments);
    }

    [Theory]
    // What env would do more than looking for a name.
    [InlineData("-S perl")]
    [InlineData("A=b")]
    public void EnvWithMoreToDo_IsItself(string argument)
    {
        _files["/opt/script"] = Encoding.ASCII.GetBytes($"#!/usr/bin/env {argument}\n");
        _files["/usr/bin/env"] = Elf.Of();
        Assert.Equal("/usr/bin/env", Find("/opt/script").Path);
    }

    [Fact]
    public void AScriptOfAScript_IsFollowed_AndOneOfItselfIsNot()
    {
        _files["/opt/one"] = "#!/opt/two\n"u8.ToArray();
        _files["/opt/two"] = "#!/bin/sh -e\n"u8.ToArray();
        Assert.Equal(["/bin/sh", "-e", "/opt/two", "/opt/one"], Find("/opt/one").Arguments);
        _files["/opt/two"] = "#!/opt/two\n"u8.ToArray();
        Assert.Equal(EndCode.NotExecutable, Fail("/opt/one"));
    }

    [Fact]
    public void WhatIsNotThere_OrIsNothing_HasTheCodesOfShells()
    {
        _files["/opt/text"] = "hello"u8.ToArray();
        _files["/opt/script"] = "#!/nowhere\n"u8.ToArray();
        Assert.Equal(EndCode.NotFound, Fail("nowhere"));
        Assert.Equal(EndCode.NotFound, Fail("/nowhere"));
        Assert.Equal(EndCode.NotFound, Fail("/opt/script"));
        Assert.Equal(EndCode.NotExecutable, Fail("/opt/text"));
        Assert.Equal(EndCode.NotExecutable, Fail("/opt/secret"));
    }

    private FoundProgram Find(string program, params string[] arguments)
    {
        Assert.True(Search().TryFind(program, arguments, out var found, out var problem) == 0, problem);
        return found!;
    }

    private int Fail(string program)
    {
        var code = Search().TryFind(program, [], out var found, out var problem);
        Assert.Null(found);
        Assert.NotEmpty(problem);
        return code;
    }

    private ProgramSearch Search() => new(
        (path, buffer, out file) =>
        {
            file = null;
            if (!_files.TryGetValue(path, out var content))
            {
                return CallResult.Failure(path == "/opt/secret" ? Errno.AccessDenied : Errno.NoEntry);
            }

            var length = Math.Min(content.Length, buffer.Length);
            content.AsSpan(0, length).CopyTo(buffer);
            return CallResult.Of(length);
        },
        isArm: false);
}
