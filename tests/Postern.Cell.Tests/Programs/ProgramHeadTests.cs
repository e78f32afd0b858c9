using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Postern.Cell.Programs;

namespace Postern.Cell.Tests.Programs;

/// <summary>The beginning of a file, which may be anybody's.</summary>
public sealed class ProgramHeadTests
{
    [Fact]
    public void ANativeProgram_NamesItsLoader()
    {
        var head = ProgramHead.Judge(Elf.Of(), isArm: false);
        Assert.Equal((HeadKind.Native, Elf.Loader), (head.Kind, head.Interpreter));
    }

    [Fact]
    public void ARealOne_IsUnderstood()
    {
        var head = ProgramHead.Judge(File.ReadAllBytes("/bin/sh").AsSpan(0, ProgramHead.MaxBytes), System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64);
        Assert.Equal(HeadKind.Native, head.Kind);
        Assert.True(File.Exists(head.Interpreter), head.Interpreter);
    }

    [Fact]
    public void OneWithoutALoader_IsStatic()
    {
        var file = Elf.Of();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(120), 1);
        Assert.Equal((HeadKind.Native, string.Empty), (ProgramHead.Judge(file, isArm: false).Kind, ProgramHead.Judge(file, isArm: false).Interpreter));
    }

    [Theory]
    // Another machine, 32 bits, most significant byte first, an object file.
    [InlineData(18, 3)]
    [InlineData(18, 183)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(16, 1)]
    // The size of an entry of the table, where it is, how long.
    [InlineData(54, 55)]
    [InlineData(54, 0)]
    [InlineData(39, 0xff)]
    [InlineData(33, 0x7f)]
    [InlineData(57, 0xff)]
    // Where the loader's name is, how long, and that it is a path that ends where it says.
    [InlineData(135, 0xff)]
    [InlineData(129, 0x7f)]
    [InlineData(159, 0xff)]
    [InlineData(153, 0x7f)]
    [InlineData(152, 0)]
    [InlineData(152, 1)]
    [InlineData(152, 27)]
    [InlineData(176, (byte)'l')]
    [InlineData(180, 0)]
    [InlineData(180, 0x80)]
    [InlineData(180, (byte)'\n')]
    public void AHostileOne_IsNoProgram(int at, byte value)
    {
        var file = Elf.Of();
        file[at] = value;
        var head = ProgramHead.Judge(file, isArm: false);
        Assert.Equal(HeadKind.None, head.Kind);
        Assert.NotEmpty(head.Problem);
    }

    // The way to it is made anew in the cell, without its links: there such a path leads elsewhere, out of the cell even.
    [Theory]
    [InlineData("/lib64/../lib64/ld")]
    [InlineData("/../lib64/ld")]
    [InlineData("/lib64/..")]
    [InlineData("/lib64/./ld")]
    [InlineData("/lib64/.")]
    [InlineData("//lib64/ld")]
    [InlineData("/lib64//ld")]
    [InlineData("/lib64/")]
    public void ALoaderByAWindingPath_IsNotFollowed(string loader)
    {
        Assert.Equal(HeadKind.None, ProgramHead.Judge(Elf.Of(loader), isArm: false).Kind);
        Assert.Equal(HeadKind.None, ProgramHead.Judge(Encoding.ASCII.GetBytes($"#!{loader}\n"), isArm: false).Kind);
    }

    [Theory]
    [InlineData("/lib/..ld")]
    [InlineData("/lib/.ld")]
    [InlineData("/lib.../ld..")]
    public void DotsInNames_AreNames(string loader) => Assert.Equal(loader, ProgramHead.Judge(Elf.Of(loader), isArm: false).Interpreter);

    [Fact]
    public void CutAnywhereBeforeTheLoadersEnd_ItIsNoProgram()
    {
        var file = Elf.Of();
        for (var length = 0; length < 176 + Elf.Loader.Length + 1; length++)
        {
            Assert.Equal(HeadKind.None, ProgramHead.Judge(file.AsSpan(0, length), isArm: false).Kind);
        }
    }

    [Fact]
    public void AnyChangeOfBytes_GivesAnAnswer() => Gen.Select(Gen.Int[0, 203], Gen.Byte, Gen.Int[0, 203], Gen.Byte).Sample((at, value, other, also) =>
    {
        var file = Elf.Of();
        (file[at], file[other]) = (value, also);
        var head = ProgramHead.Judge(file, isArm: false);
        Assert.True(head.Kind != HeadKind.Native || head.Interpreter.Length == 0 || head.Interpreter[0] == '/');
    });

    [Fact]
    public void AnyBytes_GiveAnAnswer() => Gen.Byte.Array[0, 400].Sample(bytes => _ = ProgramHead.Judge(bytes, isArm: true));

    [Theory]
    [InlineData("#!/bin/sh\nx", "/bin/sh", "")]
    [InlineData("#! /bin/sh\nx", "/bin/sh", "")]
    [InlineData("#!\t/bin/sh\t\nx", "/bin/sh", "")]
    [InlineData("#!/bin/sh", "/bin/sh", "")]
    // All that follows is one argument, as for the kernel.
    [InlineData("#!/usr/bin/perl -w -T \nx", "/usr/bin/perl", "-w -T")]
    [InlineData("#!/usr/bin/env python3\n", "/usr/bin/env", "python3")]
    public void AScript_NamesItsInterpreter(string text, string interpreter, string argument)
    {
        var head = ProgramHead.Judge(Encoding.Latin1.GetBytes(text), isArm: false);
        Assert.Equal((HeadKind.Script, interpreter, argument), (head.Kind, head.Interpreter, head.Argument));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!")]
    [InlineData("#!\n/bin/sh")]
    [InlineData("#! \n")]
    // Relative to a folder that is another one in the cell.
    [InlineData("#!sh\n")]
    [InlineData("#!./sh\n")]
    [InlineData("#!/\n")]
    // Bytes that a terminal would obey, NUL, carriage return, beyond ASCII.
    [InlineData("#!/bin/\u001b[2Jsh\n")]
    [InlineData("#!/bin/sh\0\n")]
    [InlineData("#!/bin/sh\r\n")]
    [InlineData("#!/bin/sh \u00e9\n")]
    [InlineData("echo hello\n")]
    [InlineData("\u007fEL")]
    public void WhatNamesNone_IsNoScript(string text) => Assert.Equal(HeadKind.None, ProgramHead.Judge(Encoding.Latin1.GetBytes(text), isArm: false).Kind);

    [Fact]
    public void AFirstLineThatTheKernelWouldCut_IsNoScript()
    {
        var fits = "#!/" + new string('x', 252) + "\n";
        Assert.Equal(HeadKind.Script, ProgramHead.Judge(Encoding.ASCII.GetBytes(fits), isArm: false).Kind);
        Assert.Equal(HeadKind.None, ProgramHead.Judge(Encoding.ASCII.GetBytes(fits.Replace("\n", "x\n", StringComparison.Ordinal)), isArm: false).Kind);
    }
}
