using System.Reflection;
using System.Runtime.Loader;
using Postern.Mutants.Compiling;

namespace Postern.Mutants.Tests;

/// <summary>Which mistakes are made, and that the code around them stays what it was.</summary>
public sealed class RewritingTests
{
    [Theory]
    [InlineData("static bool X(int a) => a < 3;", "a <= 3", "a >= 3", "a < 4", "=> true", "=> false")]
    [InlineData("static bool X(bool a, bool b) { return a && !b; }", "a || !b", "b", "return true;", "return false;")]
    [InlineData("static int X(int a) { a++; return a << 1; }", ";", "a--", "a >> 1", "a << 2", "return default!;")]
    [InlineData("static int X(int a) { if (a is > 1 and < 9) return -1; return 0; }", "!(a is > 1 and < 9)", ">= 1", "<= 1", "> 2", "or", "<= 9", ">= 9", "< 10", "-2", "return default!;", "return 1;")]
    // A constant has no moment at which a mutant could be at work in it.
    [InlineData("const int Y = 3; static int X() { const int Z = Y + 1; return Z; }", "return default!;")]
    public void EachOperator_IsMistakenInItsOwnWays(string code, params string[] expected)
    {
        var (project, _) = Compile($"class C {{ {code} }}");
        Assert.All(expected, text => Assert.Contains(project.Mutants, mutant => mutant.Becomes.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(0, project.Refused);
    }

    [Fact]
    public void WhatDoesNotCompile_IsDroppedAndCounted_AndTheRestStays()
    {
        var (project, _) = Compile("class C { static string X(string a, int b) { int c; if (b > 0) { c = 1; } else { c = 2; } return a + c; } }");
        // a - c is no text, and c has no value where it is forgotten.
        Assert.Equal(3, project.Refused);
        Assert.Contains(project.Mutants, mutant => mutant.Becomes == "b >= 0");
    }

    [Fact]
    public void EveryFormOfMember_StaysWhatItWas_WithoutAMutantAtWork()
    {
        var (project, assembly) = Compile(Forms.Source);
        Assert.Equal(Forms.Expected, Run(assembly));
        Assert.True(project.Mutants.Count() > 40);
    }

    [Fact]
    public void InEveryFormOfMember_AMutantAtWorkMakesADifference()
    {
        var (project, assembly) = Compile(Forms.Source);
        var active = assembly.GetType("Postern.Mutants.Switch")!.GetField("Active", BindingFlags.Static | BindingFlags.NonPublic)!;
        HashSet<string> different = [];
        foreach (var mutant in project.Mutants)
        {
            active.SetValue(null, mutant.Id);
            if (Record.Exception(() => Assert.Equal(Forms.Expected, Run(assembly))) is not null) different.Add(mutant.Member);
            active.SetValue(null, 0);
        }
        Assert.Equal(project.Mutants.Select(mutant => mutant.Member).ToHashSet(), different);
        Assert.Equal(Forms.Expected, Run(assembly));
    }

    private static string Run(Assembly assembly) => (string)assembly.GetType("Forms")!.GetMethod("Run")!.Invoke(null, null)!;

    private static (MutatedProject Project, Assembly Assembly) Compile(string source)
    {
        var project = new MutatedProject("Sample", [("Sample.cs", source, true)]);
        using var output = new MemoryStream();
        project.Emit(ProjectSources.References(AppContext.BaseDirectory, "Sample"), output);
        output.Position = 0;
        return (project, new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(output));
    }
}
