using System.Security.Cryptography;
using System.Text;
using Postern.TestKit.Servers;

namespace Postern.Cell.Tests.Running;

/// <summary>Programs that people would put into a cell, and what they find there.</summary>
public sealed class OrdinaryProgramTests
{
    public static TheoryData<CellMode> Modes => [CellMode.Root, CellMode.Unprivileged, CellMode.Bare];

    [Theory]
    [MemberData(nameof(Modes))]
    public void BytesGoThroughAsTheyAre(CellMode mode)
    {
        var input = RandomNumberGenerator.GetBytes(3_000_017);
        Assert.Equal(input, CellRun.Run(CellRun.Command(mode, "cat"), input).Output);
    }

    // More than any pipe or buffer holds; through it as through a pipeline, with files at both ends.
    [Fact]
    public void AHundredMegabytes_GoThrough()
    {
        using var scratch = new Scratch();
        var input = scratch["in"];
        Tool.Run("sh", ["-c", $"head -c 100000000 /dev/urandom >{input}"]).MustSucceed();
        string[] command = CellRun.Command(CellMode.Unprivileged, "--output", "100000000", "cat");
        var result = Tool.Run("sh", ["-c", $"\"$@\" <{input} | cmp - {input} && cat {input} | \"$@\" >{input}.out && cmp {input}.out {input}", "sh", .. command]);
        Assert.True(result.Code == 0, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ToolsDoTheirWork(CellMode mode)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a line of a message\n", 50_000)));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(text)) + "  -", CellRun.Run(CellRun.Command(mode, "sha256sum"), text).Text);
        var packed = CellRun.Run(CellRun.Command(mode, "gzip", "-c"), text);
        Assert.InRange(packed.Output.Length, 1, text.Length / 100);
        Assert.Equal(text, CellRun.Run(CellRun.Command(mode, "gzip", "-dc"), packed.Output).Output);
        Assert.Equal("50000", CellRun.Run(CellRun.Command(mode, "wc", "-l"), text).Text);
        Assert.Equal("hello world", CellRun.Run(CellRun.Command(mode, "sh", "-c", "read x; echo $x world 2>/dev/null"), "hello\n"u8.ToArray()).Text);
        Assert.Equal("OLLEH", CellRun.Run(CellRun.Command(mode, "perl", "-we", "use strict; print uc reverse 'hello'"), []).Text);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Python_FindsItsLibrary(CellMode mode)
    {
        _ = File.Exists("/usr/bin/python3") ? "" : Requirement.Peer("python3");
        var result = CellRun.Run(
            CellRun.Command(mode, "python3", "-c", "import sys, email, json, hashlib; print(email.message_from_binary_file(sys.stdin.buffer)['subject'])"),
            "Subject: hello\n\nx"u8.ToArray());
        Assert.True(result.Text == "hello", result.ToString());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void AScript_IsInterpreted(CellMode mode)
    {
        using var scratch = new Scratch();
        foreach (var (first, rest) in new[] { ("#!/bin/sh -e", "echo $1 $0"), ("#! /usr/bin/env sh", "echo $1 $0"), ("#!/usr/bin/perl", "print \"$ARGV[0] $0\\n\"") })
        {
            var path = scratch.Write("filter", $"{first}\n{rest}\n");
            Tool.Run("chmod", ["755", path]).MustSucceed();
            Assert.Equal($"x {path}", CellRun.Run(mode, path, "x").Text);
        }
    }

    // What is read besides has to be named.
    [Theory]
    [MemberData(nameof(Modes))]
    public void AFile_IsReadWhenItWasNamed(CellMode mode)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["rules"]);
        var path = scratch.Write("rules/one", "a rule");
        var other = scratch.Write("other", "another");
        Assert.Equal("a rule", CellRun.Run(mode, "--read", path, "cat", path).Text);
        Assert.Equal("a rule", CellRun.Run(mode, "--read", scratch["rules"], "cat", path).Text);
        Assert.Equal(1, CellRun.Run(mode, "cat", path).Code);
        Assert.Equal(1, CellRun.Run(mode, "--read", path, "cat", other).Code);
        Assert.Equal(2, CellRun.Run(mode, "--read", path, "sh", "-c", $"echo x >{path}").Code);
        Assert.Equal("a rule", File.ReadAllText(path));
        Assert.Equal(66, CellRun.Run(mode, "--read", scratch["nowhere"], "cat").Code);
    }

    // As those of /etc/alternatives: the folder of the link is there, that of the file is not.
    [Theory]
    [MemberData(nameof(Modes))]
    public void ALink_IsFollowed(CellMode mode)
    {
        using var scratch = new Scratch(belongsToNobody: false);
        Directory.CreateDirectory(scratch["links"]);
        Tool.Run("sh", ["-c", $"cp /bin/echo {scratch["real"]}; ln -s {scratch["real"]} {scratch["links"]}/echo"]).MustSucceed();
        Assert.Equal("x", CellRun.Run(mode, "--read", scratch["links"], scratch["links"] + "/echo", "x").Text);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Many_AreAskedFor(CellMode mode)
    {
        string[] pipeline = ["--read", "/usr/bin", "sh", "-c", "echo hello | gzip -c | gzip -dc"];
        var alone = CellRun.Run(mode, pipeline);
        Assert.True(alone.Code != 0 && alone.Text.Length == 0, alone.ToString());
        var many = CellRun.Run(mode, ["--processes", "10", .. pipeline]);
        if (mode == CellMode.Bare)
        {
            // Where nobody can count them there are none.
            Assert.Equal(71, many.Code);
            Assert.Contains("processes can't be counted", many.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(many.Text == "hello" && many.Code == 0, many.ToString());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheEnvironment_IsAFixedList(CellMode mode)
    {
        var result = CellRun.Run(["env", "SECRET=x", "LD_PRELOAD=", "LANG=de_DE", .. CellRun.Command(mode, "--env", "TOPIC=mail=1", "env")], []);
        Assert.Equal(
            ["HOME=/", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", "TMPDIR=/nonexistent", "TOPIC=mail=1"],
            result.Text.Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void TheSurroundings_AreTheSameForEverybody(CellMode mode)
    {
        var result = CellRun.Run(mode, Prison.Acts.Program, "show");
        var niceness = Tool.Run("nice", []).Output.Trim();
        Assert.Contains($" groups=0 umask=77 cwd=/ niceness={niceness} no-new-privileges=1 core=1 pipe=1", mode == CellMode.Root ? result.Text : Ungrouped(result.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("blocked", result.Text, StringComparison.Ordinal);
        if (mode == CellMode.Root)
        {
            Assert.StartsWith("uid=2000", result.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("=0 euid", result.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    // What nobody may reach, nobody can execute.
    [InlineData(126, "/etc/passwd")]
    [InlineData(126, "/usr")]
    [InlineData(127, "no-such-program")]
    [InlineData(127, "/no/such/program")]
    [InlineData(64, "--nonsense")]
    public void WhatIsNoProgram_HasTheCodeOfShells(int code, string program)
    {
        var result = CellRun.Run(CellMode.Unprivileged, program);
        Assert.Equal(code, result.Code);
        Assert.StartsWith("postern-cell: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_CannotRunWhatOnlyRootMayExecute()
    {
        Requirement.Root("files of root");
        using var scratch = new Scratch(belongsToNobody: false);
        Tool.Run("sh", ["-c", $"cp /bin/true {scratch["own"]}; chmod 700 {scratch["own"]}"]).MustSucceed();
        var result = CellRun.Run(CellMode.Root, scratch["own"]);
        Assert.Equal(126, result.Code);
        Assert.Contains("everybody has to be able to execute it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameWithControlCharacters_DoesNotReachTheTerminal() =>
        Assert.Contains("no?[2Jwhere", CellRun.Run(CellMode.Unprivileged, "no\u001b[2Jwhere").Error, StringComparison.Ordinal);

    [Fact]
    public void Help_IsShown()
    {
        var result = CellRun.Run(CellMode.Unprivileged, "--help");
        Assert.Equal(0, result.Code);
        Assert.StartsWith("usage: postern-cell", result.Text, StringComparison.Ordinal);
    }

    // Groups of the caller can't be given up without root.
    private static string Ungrouped(string text)
    {
        var at = text.IndexOf("groups=", StringComparison.Ordinal) + "groups=".Length;
        return string.Concat(text.AsSpan(0, at), "0", text.AsSpan(text.IndexOf(' ', at)));
    }
}
